package page

import (
	"net/url"

	"jouleline/schema"
)

// findingsSection is what looks wrong.
type findingsSection struct {
	Stretch string
	Why     string // where nothing was looked at
	Counted string
	Rows    []findingRow // to act on
	Muted   []findingRow // that somebody said need no act
	More    bool
	Until   string // day until which a mute is offered
	Last    string // the last one that can be given
	About   Subject
	CSV     string
}

type findingRow struct {
	Severity, SeverityWord, Cause, CauseID, Meter, MeterURL, URL, Stretch, Message string
	PerHour, Total, Cost                                                           Value
	Priced                                                                         string // where the price is from
	Mute                                                                           *mutedRow
}

type mutedRow struct {
	ID                    int64
	Reason, Author, Until string
}

// Findings look back over a year where the meters are few, else a quarter, so that
// the page stays quick.
const (
	fewMeters     = 8
	longLook      = 365
	shortLook     = 91
	silentAfter   = 62 // days after the last reading in which silence is looked for
	findingsShown = 20
	offeredMute   = 30  // days until a mute ends that nobody changes
	longestMute   = 731 // days, as the API allows
)

func (l *place) findings() (*findingsSection, error) {
	s := &findingsSection{About: l.about, Until: (l.today + offeredMute).String(), Last: (l.today + longestMute).String()}
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
	s.Counted = l.T("findings.counted", f.Searched)
	if f.Skipped > 0 {
		s.Counted += l.T("comma") + l.T("findings.skipped", f.Skipped)
	}
	s.CSV = "/api/v1/anomalies?" + url.Values{
		string(l.about.Kind): {l.about.ID}, "from": {stretch.From.Format(l.zone)}, "to": {stretch.To.Format(l.zone)}, "as": {"csv"},
	}.Encode()
	if f.Searched == 0 {
		s.Why = l.T("findings.too_few")
	}
	s.More = f.More || len(f.List) > findingsShown
	for i := range f.List[:min(len(f.List), findingsShown)] {
		if row := l.finding(&f.List[i]); row.Mute != nil {
			s.Muted = append(s.Muted, row)
		} else {
			s.Rows = append(s.Rows, row)
		}
	}
	return s, nil
}

// finding makes a row of one finding. Its numbers lead to the readings that they
// rest on.
func (l *place) finding(one *Finding) findingRow {
	readings := address(Subject{Meter, one.Meter}, "/readings?from=", one.From.Format(dayFormat), "&to=", one.To.AddDate(0, 0, 1).Format(dayFormat))
	row := findingRow{
		Severity: one.Severity, SeverityWord: l.word("severity", one.Severity), Cause: l.word("cause", one.Cause), CauseID: one.Cause,
		Meter: one.Meter, MeterURL: address(Subject{Meter, one.Meter}), URL: readings,
		Stretch: l.T("from_to", one.From.Format("2006-01-02 15:04"), one.To.Format("2006-01-02 15:04")),
		PerHour: l.value(one.PerHour, one.Unit.String(), l.T("why.no_readings")), Total: l.value(one.Total, one.Unit.String(), l.T("why.no_readings")),
		Cost: l.value(one.Cost, one.Currency, l.T("why.no_price")), Priced: one.PriceSource, Message: one.Message,
	}
	if one.InDoubt {
		row.Cost.Why = l.T("why.in_doubt")
	}
	for _, v := range []*Value{&row.PerHour, &row.Total} {
		if v.Text != "" {
			v.URL = readings
		}
	}
	if row.PerHour.Text != "" {
		row.PerHour.Unit += "/h"
	}
	if l.Lang == chinese {
		row.Message = l.word("finding", one.Cause)
	}
	if m := one.Muted; m != nil {
		row.Mute = &mutedRow{m.ID, m.Reason, m.Author, m.Until.Format(dayFormat)}
	}
	return row
}
