package page

import (
	"slices"
	"strconv"
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
	// Downloads are those of an institution.
	Downloads []Download
}

// FindingOf gives a finding to its template.
func (p *placePage) FindingOf(row findingRow) any {
	return struct {
		Page *placePage
		Row  findingRow
	}{p, row}
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
	group, ctx := errgroup.WithContext(v.context())
	within := *v
	within.req = v.req.WithContext(ctx)
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
	if kind == Institution {
		p.Downloads = v.downloads(about, p.Year)
	}
	for _, c := range l.carriers() {
		p.Carriers = append(p.Carriers, Link{Text: v.word("carrier", c.String()), URL: v.With("carrier", c.String()) + "#load", Current: c == l.shown})
	}
	p.Carrier = v.word("carrier", l.shown.String())
	return "place", p, nil
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
	group, ctx := errgroup.WithContext(l.context())
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
