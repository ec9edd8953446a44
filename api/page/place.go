package page

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"jouleline/analytics/progress"
	"jouleline/schema"
)

// placePage is an institution, a building or a meter.
type placePage struct {
	*frame
	About    Subject
	Kind     string
	Facts    []Fact
	Zone     string
	Years    []Link
	Year     string
	Carriers []Link
	Carrier  string
	Cards    []Card // of an institution
	Summary  string
	Load     *loadSection
	Compared *comparedSection
	Mix      *mixSection
	Standing *standingSection // of an institution
	Findings *findingsSection
	Missing  *missingSection
	Meters   []meterRow
	Links    []Link
}

// Fact is one thing that the registry says.
type Fact struct {
	Name string
	Value
}

// meterRow is a meter of the place.
type meterRow struct {
	ID, URL, Building, BuildingURL, Carrier, Interval, Valid string
	Readings                                                 string // page of them
	Sub                                                      bool   // counts in another meter
}

// place is what the parts of the page are made from.
type place struct {
	*visit
	about  Subject
	meters []*schema.Meter // the last version of each
	zone   *time.Location
	months map[schema.Carrier]*Course
	last   map[schema.Carrier]schema.Day // of which something is known
	shown  schema.Carrier
	year   int
}

// place is the page of an institution, a building or a meter.
func (v *visit) place(kind Kind) (string, any, error) {
	about, err := v.subject(kind)
	if err != nil {
		return "", nil, err
	}
	l := &place{visit: v, about: about, months: map[schema.Carrier]*Course{}, last: map[schema.Carrier]schema.Day{}}
	p := &placePage{frame: v.frame, About: about, Kind: v.word("kind", string(kind))}
	if err := l.look(p); err != nil {
		return "", nil, err
	}
	v.crumbs(about)
	p.HasChart = true
	if err := l.measure(); err != nil {
		return "", nil, err
	}
	l.chooseYear(p)
	group, ctx := errgroup.WithContext(v.ctx)
	within := *v
	within.ctx = ctx
	l.visit = &within
	group.Go(func() (err error) { p.Load, err = l.load(); return err })
	group.Go(func() (err error) { p.Findings, err = l.findings(); return err })
	group.Go(func() (err error) { p.Missing, err = l.missing(); return err })
	if kind == Institution {
		group.Go(func() (err error) { p.Standing, err = l.standing(); return err })
		group.Go(func() error {
			course, err := l.yearly(about)
			if err != nil {
				return err
			}
			if p.Cards, err = l.cards(about, course, l.year); err != nil {
				return err
			}
			p.Summary = l.summary(&progress.Answer{
				Year: l.year, BaseYear: course[0].BaseYear, Indicators: course[l.year-course[0].BaseYear].Indicators,
				Counted: course[l.year-course[0].BaseYear].Counted, Expected: course[l.year-course[0].BaseYear].Expected,
			})
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return "", nil, err
	}
	l.visit = v
	p.Compared, p.Mix = l.compared(), l.mix()
	for _, c := range l.carriers() {
		p.Carriers = append(p.Carriers, Link{Text: v.word("carrier", c.String()), URL: v.With("carrier", c.String()) + "#load", Current: c == l.shown})
	}
	p.Carrier = v.word("carrier", l.shown.String())
	return "place", p, nil
}

// look finds the place and its meters in the registry.
func (l *place) look(p *placePage) error {
	l.zone = l.world.TimeZone
	buildings := map[string]string{} // names by id
	add := func(b schema.Building) {
		buildings[b.ID] = nameOr(b.Name, b.ID)
		if zone, err := time.LoadLocation(b.TimeZone); b.TimeZone != "" && err == nil && len(buildings) == 1 {
			l.zone = zone
		}
	}
	switch l.about.Kind {
	case Institution:
		index, ok := l.world.InstitutionIndex(l.about.ID)
		if !ok {
			return &missingError{l.about}
		}
		inst := l.institution(index)
		p.Title = nameOr(inst.Name, inst.ID)
		p.Facts = append(p.Facts, l.fact("fact.class", l.className(string(inst.Class))), l.fact("fact.region", l.regionName(inst.Region)))
		area := 0.0
		hasArea := false
		for _, b := range l.world.BuildingsOf(inst.ID) {
			add(b)
			if q, ok := schema.At(l.world.FloorArea[b.ID], l.today); ok {
				area, hasArea = area+q.Float64(), true
			}
		}
		if hasArea {
			p.Facts = append(p.Facts, Fact{l.T("fact.area"), Value{Text: amount(area), Unit: "m²"}})
		}
		if q, ok := schema.At(l.world.Headcount[inst.ID], l.today); ok {
			p.Facts = append(p.Facts, Fact{l.T("fact.people"), Value{Text: amount(q.Float64()), Unit: l.unit("person")}})
		}
	case Building:
		b, ok := l.world.Building(l.about.ID)
		if !ok {
			return &missingError{l.about}
		}
		add(b)
		p.Title = nameOr(b.Name, b.ID)
		if q, ok := schema.At(l.world.FloorArea[b.ID], l.today); ok {
			p.Facts = append(p.Facts, Fact{l.T("fact.area"), Value{Text: amount(q.Float64()), Unit: "m²"}})
		}
	case Meter:
		versions := l.world.MeterVersions(l.about.ID)
		if versions == nil {
			return &missingError{l.about}
		}
		m := &versions[len(versions)-1]
		b, _ := l.world.Building(m.Building)
		add(b)
		p.Title = m.ID
		p.Facts = append(p.Facts, l.meterFacts(m)...)
	}
	l.zone = locationOr(l.zone, l.world.TimeZone)
	p.Zone = l.T("local_time", zoneText(l.zone, l.site.config.Now()))
	l.gather(p, buildings)
	return nil
}

func locationOr(zone, or *time.Location) *time.Location {
	if zone == nil {
		return or
	}
	return zone
}

func (l *place) fact(key, text string) Fact {
	return Fact{l.T(key), Value{Text: text, Why: l.T("why.not_given")}}
}

func (l *place) meterFacts(m *schema.Meter) []Fact {
	facts := []Fact{
		l.fact("fact.carrier", l.word("carrier", m.Carrier.String())), l.fact("fact.kind", l.word("reading", m.Kind.String())),
		l.fact("fact.unit", l.unit(m.Unit.String())), l.fact("fact.interval", l.duration(m.Interval)),
		l.fact("fact.gap_limit", l.duration(m.GapLimit)), l.fact("fact.gateway", m.Gateway),
	}
	if m.Multiplier != schema.One {
		facts = append(facts, l.fact("fact.multiplier", fmt.Sprintf("%d/%d", m.Multiplier.Num, m.Multiplier.Den)))
	}
	for _, e := range l.world.EventsOf(m.ID) {
		zone := l.world.Zone(m.ID)
		facts = append(facts, Fact{l.word("event", e.Kind.String()), Value{Text: strings.TrimSpace(e.Time.Time().In(zone).Format("2006-01-02 15:04") + " " + e.Note)}})
	}
	return facts
}

// gather lists the meters that stand in the buildings.
func (l *place) gather(p *placePage, buildings map[string]string) {
	for i := range l.world.Meters {
		m := &l.world.Meters[i]
		name, ok := buildings[m.Building]
		if !ok || l.about.Kind == Meter && m.ID != l.about.ID {
			continue
		}
		if n := len(l.meters); n > 0 && l.meters[n-1].ID == m.ID {
			l.meters[n-1] = m
			p.Meters = p.Meters[:n-1]
		} else {
			l.meters = append(l.meters, m)
		}
		about := Subject{Meter, m.ID}
		p.Meters = append(p.Meters, meterRow{
			ID: m.ID, URL: address(about), Building: name, BuildingURL: address(Subject{Building, m.Building}),
			Carrier: l.word("carrier", m.Carrier.String()), Interval: l.duration(m.Interval),
			Valid: l.valid(m.Validity), Readings: address(about, "/readings"), Sub: !m.Counts(),
		})
	}
}

// valid writes on which days something holds.
func (w words) valid(v schema.Validity) string {
	switch {
	case v.From == schema.Always && v.To == schema.Never:
		return w.T("valid.always")
	case v.From == schema.Always:
		return w.T("valid.until", v.To-1)
	case v.To == schema.Never:
		return w.T("valid.since", v.From)
	}
	return w.T("from_to", v.From, v.To-1)
}

// carriers lists what the place meters, in the order of the forms.
func (l *place) carriers() []schema.Carrier {
	var list []schema.Carrier
	for _, c := range schema.Carriers {
		if slices.ContainsFunc(l.meters, func(m *schema.Meter) bool { return m.Carrier == c }) {
			list = append(list, c)
		}
	}
	return list
}

// measure reads the months of each carrier since the base year, and the last day
// of which something is known.
func (l *place) measure() error {
	plan := l.site.config.Plan
	year, month, _ := l.today.Date()
	from := schema.DayOf(plan.BaseYear, 1, 1).Start(l.zone)
	to := schema.DayOf(year, month+1, 1).Start(l.zone)
	carriers := l.carriers()
	courses, days := make([]*Course, len(carriers)), make([]schema.Day, len(carriers))
	group, ctx := errgroup.WithContext(l.ctx)
	for i, c := range carriers {
		group.Go(func() error {
			day, ok, err := l.ask.LastDay(ctx, l.about, c)
			if err != nil || !ok {
				return err
			}
			days[i] = day
			courses[i], err = l.ask.Course(ctx, l.about, CourseQuery{c, Stretch{from, to}, monthStep})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, c := range carriers {
		if courses[i] != nil {
			l.months[c], l.last[c] = courses[i], days[i]
		}
	}
	l.shown = l.chooseCarrier(carriers)
	return nil
}

// chooseCarrier shows the carrier that is asked for, else the first that is known
// by the hour, else the first that is known.
func (l *place) chooseCarrier(carriers []schema.Carrier) (shown schema.Carrier) {
	const asked, hourly, known, listed = 4, 3, 2, 1
	best := 0
	for _, c := range carriers {
		rank := listed
		if _, ok := l.last[c]; ok {
			rank = known
			if slices.ContainsFunc(l.meters, func(m *schema.Meter) bool { return m.Carrier == c && m.Interval <= schema.Hour }) {
				rank = hourly
			}
		}
		if c.String() == l.req.URL.Query().Get("carrier") {
			rank = asked
		}
		if rank > best {
			best, shown = rank, c
		}
	}
	return shown
}

// chooseYear shows the year that is asked for, else the last one that is known.
func (l *place) chooseYear(p *placePage) {
	plan := l.site.config.Plan
	p.Years, l.year = l.years()
	if l.req.URL.Query().Get("year") == "" {
		var last schema.Day
		for _, day := range l.last {
			last = max(last, day)
		}
		if y, _, _ := last.Date(); last != 0 && y >= plan.BaseYear && y < l.year {
			l.year = y
		}
	}
	p.Year = strconv.Itoa(l.year)
	choose(p.Years, p.Year)
}

// duration writes a distance of readings.
func (w words) duration(ms int64) string {
	switch {
	case ms <= 0:
		return ""
	case ms%(24*schema.Hour) == 0:
		return w.T("days", ms/(24*schema.Hour))
	case ms%schema.Hour == 0:
		return w.T("hours", ms/schema.Hour)
	case ms%schema.Minute == 0:
		return w.T("minutes", ms/schema.Minute)
	}
	return w.T("seconds", ms/schema.Second)
}

// missingError tells that the registry does not hold what is asked for.
type missingError struct{ about Subject }

func (e *missingError) Error() string {
	return fmt.Sprintf("%s %q: not registered", e.about.Kind, e.about.ID)
}

// HTTPStatus is for whoever turns errors into statuses.
func (e *missingError) HTTPStatus() int { return http.StatusNotFound }
