package page

import (
	"strconv"
	"time"

	"jouleline/schema"
)

// missingSection is what is not known of the year that is shown.
type missingSection struct {
	Stretch string
	Totals  []qualityRow
	Worst   []qualityRow
	More    string // page of all of it
}

// qualityRow is how well a part is known.
type qualityRow struct {
	Name, URL, Carrier            string
	Expected, Silent              string
	IsSilent                      bool
	Quantity, Coverage, Estimated Value
	Readings                      string
}

// worstShown is how many parts the page of a place shows.
const worstShown = 8

func (l *place) missing() (*missingSection, error) {
	s := Stretch{schema.DayOf(l.year, 1, 1).Start(l.zone), schema.DayOf(l.year+1, 1, 1).Start(l.zone)}
	q, err := l.ask.Quality(l.context(), l.about, s)
	if err != nil {
		return nil, err
	}
	m := &missingSection{Stretch: strconv.Itoa(l.year), More: l.restsOn(s)}
	for i := range q.Totals {
		m.Totals = append(m.Totals, l.qualityRow(&q.Totals[i], s, l.zone))
	}
	for i := range q.Worst {
		row := &q.Worst[i]
		if incomplete := row.Coverage != nil && *row.Coverage < 1 || row.EstimatedShare != nil && *row.EstimatedShare > 0; incomplete && len(m.Worst) < worstShown {
			m.Worst = append(m.Worst, l.qualityRow(row, s, l.zone))
		}
	}
	return m, nil
}

func (v *visit) qualityRow(r *QualityRow, s Stretch, zone *time.Location) qualityRow {
	row := qualityRow{
		Name: r.ID, Carrier: v.word("carrier", r.Carrier.String()), Expected: strconv.Itoa(r.Expected), Silent: strconv.Itoa(r.Silent),
		IsSilent: r.Silent > 0 || r.Coverage != nil && *r.Coverage == 0,
		Quantity: v.value(r.Quantity, r.Carrier.Unit().String(), v.T("why.no_readings")),
		Coverage: share(r.Coverage, v.T("why.no_meters")), Estimated: share(r.EstimatedShare, v.T("why.no_readings")),
	}
	if r.Subject == (Subject{}) {
		return row
	}
	row.URL = address(r.Subject)
	from, to := s.From.Time().In(zone).Format(dayFormat), s.To.Time().In(zone).Format(dayFormat)
	if r.Kind == Meter {
		row.Readings = address(r.Subject, "/readings?from=", from, "&to=", to)
	} else {
		row.Readings = address(r.Subject, "/quality?from=", from, "&to=", to)
		if index, ok := v.world.InstitutionIndex(r.ID); ok {
			row.Name = nameOr(v.institution(index).Name, r.ID)
		}
	}
	return row
}

// qualityPage is what the figures of a stretch rest on.
type qualityPage struct {
	*frame
	From, To, Zone string
	Years          []Link
	Totals         []qualityRow
	Parts          []qualityRow
	AreMeters      bool
	Fresh          *freshSection
	Verdicts       []verdictRow
	Waiting        *Waiting
	Codes          []Fact
	Links          []Link
}

// verdictRow counts the readings of one verdict.
type verdictRow struct{ Verdict, Readings, Meters string }

func (v *visit) quality(kind Kind) (string, any, error) {
	about, err := v.subject(kind)
	if err != nil {
		return "", nil, err
	}
	p := &qualityPage{frame: v.frame, AreMeters: kind != Region}
	v.crumbs(about)
	if len(v.Crumbs) == 0 {
		return "", nil, &missingError{about}
	}
	zone := v.world.TimeZone
	if kind != Region {
		zone = v.zoneOf(about)
	}
	var year int
	p.Years, year = v.years()
	for i := range p.Years { // a year takes the place of days
		p.Years[i].URL = address(about, "/quality?year=", p.Years[i].Text)
	}
	days := v.asked(schema.Validity{From: schema.DayOf(year, 1, 1), To: schema.DayOf(year+1, 1, 1)})
	if from, _, _ := days.From.Date(); days.From != schema.DayOf(from, 1, 1) || days.To != schema.DayOf(from+1, 1, 1) {
		for i := range p.Years {
			p.Years[i].Current = false
		}
	}
	s := Stretch{days.From.Start(zone), days.To.Start(zone)}
	q, err := v.ask.Quality(v.context(), about, s)
	if err != nil {
		return "", nil, err
	}
	p.From, p.To, p.Zone = days.From.String(), (days.To - 1).String(), v.T("local_time", zoneText(zone, s.From.Time()))
	p.Title = v.T("quality.title", v.Crumbs[len(v.Crumbs)-1].Text)
	for i := range q.Totals {
		p.Totals = append(p.Totals, v.qualityRow(&q.Totals[i], s, zone))
	}
	for i := range q.Worst {
		p.Parts = append(p.Parts, v.qualityRow(&q.Worst[i], s, zone))
	}
	p.Fresh = v.fresh(q.Fresh, zone)
	for _, c := range q.Verdicts {
		p.Verdicts = append(p.Verdicts, verdictRow{v.word("code", string(c.Code)), fixed(float64(c.Readings), 0), fixed(float64(c.Meters), 0)})
	}
	if p.Waiting = q.Waiting; p.Waiting != nil {
		for _, c := range q.Waiting.Rejected {
			p.Codes = append(p.Codes, Fact{v.word("code", string(c.Code)), Value{Text: fixed(float64(c.Readings), 0)}})
		}
	}
	return "quality", p, nil
}

// zoneOf gives the calendar of a building, of a meter's building, or of an
// institution's first one.
func (v *visit) zoneOf(about Subject) *time.Location {
	name := ""
	switch about.Kind {
	case Building:
		b, _ := v.world.Building(about.ID)
		name = b.TimeZone
	case Meter:
		if versions := v.world.MeterVersions(about.ID); len(versions) > 0 {
			b, _ := v.world.Building(versions[len(versions)-1].Building)
			name = b.TimeZone
		}
	default:
		if list := v.world.BuildingsOf(about.ID); len(list) > 0 {
			name = list[0].TimeZone
		}
	}
	if zone, err := time.LoadLocation(name); name != "" && err == nil {
		return zone
	}
	return v.world.TimeZone
}

// asked reads days from= and to= (to is not in it), else gives those that are
// usual.
func (v *visit) asked(usual schema.Validity) schema.Validity {
	q := v.req.URL.Query()
	from, err := schema.ParseDay(q.Get("from"))
	if err != nil {
		return usual
	}
	to, err := schema.ParseDay(q.Get("to"))
	if err != nil || to <= from {
		to = from + 1
	}
	return schema.Validity{From: from, To: to}
}
