package midterm

import "time"

// against names the report that is compared with.
func (d *Document) against(w words) string {
	r := d.Changes.Report
	if r == nil {
		return ""
	}
	created := r.Created.Format(time.RFC3339)
	if w == Chinese {
		return w.T("changes.report", created, r.ID, r.Name)
	}
	return w.T("changes.report", r.ID, r.Name, created)
}

// Against is the same for the page.
func (s *sheet) Against() string { return s.against(s.words) }

// Words gives messages and members of closed sets in a language, for who fills an
// [Input] with words: set "cause", "carrier", "state" or "indicator"; and the
// message "changes.none" and its like by [Say].
func Words(language, set, name string) string { return words(language).word(set, name) }

// Say gives a message of the table.
func Say(language, key string, values ...any) string { return words(language).T(key, values...) }

// Percent writes an official percentage, or why there is none.
func Percent(text *string, why string) string {
	if text == nil {
		return none + " " + why
	}
	return official(text)
}
