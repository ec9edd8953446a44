package page

import "net/url"

// Download is one file of a report.
type Download struct {
	Link
	File string // name under which a browser keeps it
	Kind string // XLSX, CSV, JSON
}

// downloads lists what can be taken away from a page: the figures of a year as
// they stand, and what was frozen. A further kind of report is one more row here.
func (v *visit) downloads(about Subject, year string, parts ...string) []Download {
	name := about.ID + "-" + year
	var list []Download
	add := func(title, path, file string, q url.Values) {
		for _, kind := range []string{"xlsx", "csv", "json"} {
			q.Set("as", kind)
			list = append(list, Download{Link{Text: v.word("download", title), URL: path + "?" + q.Encode()}, file + "." + kind, kindNames[kind]})
		}
	}
	asked := func() url.Values { return url.Values{string(about.Kind): {about.ID}, "year": {year}} }
	add("progress", "/api/v1/progress", "progress-"+name, asked())
	for _, by := range parts {
		q := asked()
		q.Set("by", by)
		add("by_"+by, "/api/v1/progress/breakdown", "by-"+by+"-"+name, q)
	}
	if v.ask.Reach(v.context()) == (Subject{}) {
		add("frozen", "/api/v1/reports", "reports", url.Values{})
	}
	return list
}

var kindNames = map[string]string{"xlsx": "XLSX", "csv": "CSV", "json": "JSON"}
