package page

import "jouleline/schema"

// findingsSection is what looks wrong.
type findingsSection struct {
	Stretch string
	Why     string // where nothing was looked at
	Counted string
	Rows    []findingRow
	More    bool
	API     string
}

type findingRow struct {
	Severity, SeverityWord, Cause, Meter, URL, Stretch, Message string
	PerHour, Total                                              Value
}

// Findings look back over a year where the meters are few, else a quarter, so that
// the page stays quick.
const (
	fewMeters     = 8
	longLook      = 365
	shortLook     = 91
	silentAfter   = 62 // days after the last reading in which silence is looked for
	findingsShown = 20
)

func (l *place) findings() (*findingsSection, error) {
	s := &findingsSection{}
	var last schema.Day
	for _, m := range l.meters {
		if m.Interval <= schema.Hour {
			last = max(last, l.last[m.Carrier])
		}
	}
	if last == 0 {
		s.Why = l.T("findings.coarse")
		return s, nil
	}
	look := schema.Day(longLook)
	if len(l.meters) > fewMeters {
		look = shortLook
	}
	until := min(last+silentAfter, l.today)
	stretch := Stretch{(last + 1 - look).Start(l.zone), max(last+1, until).Start(l.zone)}
	f, err := l.ask.Findings(l.context(), l.about, stretch)
	if err != nil {
		return nil, err
	}
	s.Stretch = l.T("from_to", (last + 1 - look).String(), (max(last+1, until) - 1).String())
	s.Counted = l.T("findings.counted", f.Searched, f.Skipped)
	if f.Searched == 0 {
		s.Why = l.T("findings.too_few")
	}
	s.More = f.More || len(f.List) > findingsShown
	for i := range f.List[:min(len(f.List), findingsShown)] {
		one := &f.List[i]
		row := findingRow{
			Severity: one.Severity, SeverityWord: l.word("severity", one.Severity), Cause: l.word("cause", one.Cause), Meter: one.Meter,
			Stretch: l.T("from_to", one.From.Format("2006-01-02 15:04"), one.To.Format("2006-01-02 15:04")),
			PerHour: l.value(one.PerHour, one.Unit.String(), l.T("why.no_readings")), Total: l.value(one.Total, one.Unit.String(), l.T("why.no_readings")),
			Message: one.Message,
			URL:     address(Subject{Meter, one.Meter}, "/readings?from=", one.From.Format(dayFormat), "&to=", one.To.AddDate(0, 0, 1).Format(dayFormat)),
		}
		if row.PerHour.Text != "" {
			row.PerHour.Unit += "/h"
		}
		if l.Lang == chinese {
			row.Message = l.word("finding", one.Cause)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}
