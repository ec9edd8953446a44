package page

import (
	"cmp"
	"strconv"

	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// readingsPage is the readings of a meter with what became of each.
type readingsPage struct {
	*frame
	From, To, Zone string
	Chart          *Chart
	Rows           []readingRow
	Next           string
	Consumption    Value
	Links          []Link
}

type readingRow struct {
	Time, Start, Value, Unit, Kind, Revision, Received string
	Code, Verdict                                      string
}

// readingsAtOnce is how many readings a page shows: a week of quarters of an hour.
const readingsAtOnce = 700

func (v *visit) readings() (string, any, error) {
	about, err := v.subject(Meter)
	if err != nil {
		return "", nil, err
	}
	versions := v.world.MeterVersions(about.ID)
	if versions == nil {
		return "", nil, &missingError{about}
	}
	carrier, zone := versions[len(versions)-1].Carrier, v.world.Zone(about.ID)
	v.crumbs(about)
	last, ok, err := v.ask.LastDay(v.context(), about, carrier)
	if err != nil {
		return "", nil, err
	}
	if !ok {
		last = v.today
	}
	days := v.asked(schema.Validity{From: last - 6, To: last + 1})
	s := Stretch{days.From.Start(zone), days.To.Start(zone)}
	page := s
	if after, err := schema.ParseInstant(v.req.URL.Query().Get("after")); err == nil && after > s.From && after < s.To {
		page.From = after
	}
	// a reading at the very end closes the last stretch
	found, err := v.ask.Readings(v.context(), about.ID, Stretch{page.From, page.To + 1}, readingsAtOnce)
	if err != nil {
		return "", nil, err
	}
	p := &readingsPage{frame: v.frame, From: days.From.String(), To: (days.To - 1).String(), Zone: v.T("local_time", zoneText(zone, s.From.Time()))}
	p.Title = v.T("readings.title", about.ID)
	course, err := v.ask.Course(v.context(), about, CourseQuery{carrier, s, calendar.DayStep})
	if err != nil {
		return "", nil, err
	}
	p.Consumption = v.sumOf(course)
	for i := range found.List {
		p.Rows = append(p.Rows, v.readingRow(&found.List[i]))
	}
	if found.Next != nil {
		p.Next = v.With("after", schema.InstantOf(*found.Next).String())
	}
	return "readings", p, nil
}

// sumOf adds up a course; nothing where nothing is known.
func (v *visit) sumOf(course *Course) Value {
	sum, known := 0.0, false
	for i := range course.Points {
		if q := course.Points[i].Quantity; q != nil {
			sum, known = sum+*q, true
		}
	}
	if !known {
		return Value{Why: v.T("why.no_readings")}
	}
	return v.value(&sum, course.Unit.String(), "")
}

func (v *visit) readingRow(r *Reading) readingRow {
	const second = "2006-01-02 15:04:05"
	row := readingRow{
		Time: r.Time.Format(second), Value: r.Value, Unit: v.unit(r.Unit.String()), Kind: v.word("reading", r.Kind.String()),
		Revision: strconv.Itoa(r.Revision), Received: r.Received.Format(second), Code: string(r.Code),
		Verdict: v.word("code", cmp.Or(string(r.Code), "accepted")),
	}
	if r.Start != nil {
		row.Start = r.Start.Format(second)
	}
	return row
}
