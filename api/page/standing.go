package page

import (
	"fmt"

	"jouleline/analytics/standing"
)

// standingSection is where an institution stands among its peers and against the
// quotas of consumption standards.
type standingSection struct {
	Year    string
	Why     string
	Place   []Fact
	Quotas  []quotaRow
	Caveats []said
}

// quotaRow is one standard.
type quotaRow struct {
	Standard, Title         string
	Value                   Value
	Guide, Base, Constraint Value
	Verdict, Mark           string
	Source                  string
}

// whyNoStanding tells whether it is the institution that is not known, or too few
// of its peers.
func (w words) whyNoStanding(a *standing.Answer) string {
	switch {
	case w.Lang == english && a.Reason != "":
		return a.Reason
	case len(a.LeftOut) > 0: // of an institution's question, nobody but itself
		return w.T("standing.not_known")
	}
	return w.T("standing.few_peers")
}

func (l *place) standing() (*standingSection, error) {
	s := &standingSection{Year: fmt.Sprint(l.year)}
	if now, _, _ := l.today.Date(); l.year >= now {
		s.Why = l.T("standing.running")
		return s, nil
	}
	a, err := l.ask.Standing(l.context(), l.about, l.year)
	if err != nil {
		return nil, err
	}
	if a.State != standing.OK {
		s.Why = l.whyNoStanding(a)
	}
	if p := a.Place; p != nil && a.Peers != nil {
		s.Place = []Fact{
			{l.T("standing.value"), Value{Text: amount(p.Value), Unit: l.unit(a.Unit)}},
			{l.T("standing.percentile"), Value{Text: fixed(p.Percentile, 0), Unit: fmt.Sprintf("%% (%s–%s)", fixed(p.Interval[0], 0), fixed(p.Interval[1], 0))}},
			{l.T("standing.band"), Value{Text: l.word("band", p.Band)}},
			{l.T("standing.median"), Value{Text: amount(a.Peers.P50), Unit: l.unit(a.Unit)}},
			{l.T("standing.peers"), Value{Text: fmt.Sprint(a.Peers.N), Unit: l.className(a.Class)}},
		}
	}
	for i := range a.Quotas {
		q := &a.Quotas[i]
		none := l.T("standing.no_value")
		row := quotaRow{
			Standard: q.Standard, Title: q.Title, Value: l.value(q.Value, q.Unit, l.T("why.not_enough_data")), Source: q.Source,
			Guide: l.value(q.Guide, "", none), Base: l.value(q.Base, "", none), Constraint: l.value(q.Constraint, "", none),
			Verdict: l.word("verdict", string(q.Verdict)), Mark: "unknown",
		}
		switch string(q.Verdict) {
		case "guide":
			row.Mark = "met"
		case "base":
			row.Mark = "good"
		case "constraint":
			row.Mark = "behind"
		case "over":
			row.Mark = "worse"
		}
		s.Quotas = append(s.Quotas, row)
	}
	for _, w := range a.Warnings {
		s.Caveats = append(s.Caveats, l.caveat(w))
	}
	return s, nil
}
