package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/anomaly"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// search looks for what is wrong with meters over one stretch.
type search struct {
	s        *Handlers
	w        *world.World
	from, to schema.Instant
	until    schema.Instant // nothing is known after it

	name     string
	zone     *calendar.Zone
	meters   []searched
	searched int
	found    []Anomaly
	chance   ChanceFindings
	skipped  []SkippedMeter
}

// searched is a meter that is looked at.
type searched struct {
	version *schema.Meter // the last
	member  consumption.Member
}

// gather finds the meters of a subject: sub-meters too, since they say where in a
// building something is wrong, but no formulas, whose faults are their parts'.
func (f *search) gather(about query.Target, carrier string) error {
	f.zone = f.w.Calendar()
	buildings, err := f.buildings(about)
	if err != nil {
		return err
	}
	days := schema.Validity{From: f.zone.DayOf(f.from), To: f.zone.DayOf(f.to-1) + 1}
	seen := map[string]bool{} // a meter has a row for each of its versions
	for _, building := range buildings {
		for _, m := range f.w.MetersIn(building) {
			isAsked := about.Kind != query.KindMeter || m.ID == about.ID
			if !isAsked || m.Formula != "" || carrier != "" && m.Carrier.String() != carrier || m.From >= days.To || m.To <= days.From {
				continue
			}
			if seen[m.ID] {
				continue
			}
			seen[m.ID] = true
			if err := f.take(m.ID); err != nil {
				return err
			}
		}
	}
	hours := int(int64(f.to-f.from) / schema.Hour)
	if most := f.s.Limits.Search; hours*len(f.meters) > most {
		return fmt.Errorf("%w: got %d hours of %d meters, want at most %d together: ask for a shorter stretch or a smaller part",
			problem.ErrQuestion, hours, len(f.meters), most)
	}
	return nil
}

// buildings gives the buildings in which the meters of a subject stand.
func (f *search) buildings(about query.Target) ([]string, error) {
	switch about.Kind {
	case query.KindMeter:
		versions := f.w.MeterVersions(about.ID)
		if versions == nil {
			return nil, fmt.Errorf("meter %q: %w", problem.Clip(about.ID), problem.ErrUnknown)
		}
		building := versions[len(versions)-1].Building
		b, _ := f.w.Building(building)
		f.zone = f.w.ZoneOf(b)
		return []string{building}, nil
	case query.KindBuilding:
		b, ok := f.w.Building(about.ID)
		if !ok {
			return nil, fmt.Errorf("building %q: %w", problem.Clip(about.ID), problem.ErrUnknown)
		}
		f.name, f.zone = b.Name, f.w.ZoneOf(b)
		return []string{about.ID}, nil
	}
	g, err := f.w.Group(about, f.zone.DayOf(f.to-1), f.s.Factors[0])
	if err != nil {
		return nil, err
	}
	f.name = g.Name
	var ids []string
	for index, place := range g.Place {
		if place < 0 {
			continue
		}
		for i, b := range f.w.BuildingsOf(f.w.InstitutionIDs[index]) {
			ids = append(ids, b.ID)
			if about.Kind == string(indicator.ByInstitution) && i == 0 {
				f.zone = f.w.ZoneOf(b)
			}
		}
	}
	return ids, nil
}

// take adds a meter, or says why it is not looked at.
func (f *search) take(id string) error {
	c, err := f.w.MeterCircle(id, "")
	if errors.Is(err, problem.ErrUnknown) {
		f.skip(id, "the books do not know it yet")
		return nil
	}
	if err != nil {
		return err
	}
	versions := f.w.MeterVersions(id)
	m := &versions[len(versions)-1]
	if m.Interval > schema.Hour {
		f.skip(id, fmt.Sprintf("read every %s, want at least every hour", time.Duration(m.Interval)*time.Millisecond))
		return nil
	}
	if len(c.Members) == 0 {
		f.skip(id, "a formula: its meters are looked at")
		return nil
	}
	f.meters = append(f.meters, searched{m, c.Members[0]})
	return nil
}

func (f *search) skip(meter, reason string) {
	f.skipped = append(f.skipped, SkippedMeter{meter, reason})
}

// run looks at the meters, as many at once as a question for consumption may
// have, those of one calendar together.
func (f *search) run(ctx context.Context) error {
	slices.SortStableFunc(f.meters, func(a, b searched) int {
		return cmp.Compare(a.member.Facts.Zone.Location().String(), b.member.Facts.Zone.Location().String())
	})
	hours := max(1, int(int64(f.to-f.from)/schema.Hour))
	most := max(1, f.s.Limits.Fine/hours)
	for begin := 0; begin < len(f.meters); {
		zone := f.meters[begin].member.Facts.Zone
		end := begin + 1
		for end < len(f.meters) && end-begin < most && f.meters[end].member.Facts.Zone == zone {
			end++
		}
		if err := f.together(ctx, f.meters[begin:end], zone); err != nil {
			return err
		}
		begin = end
	}
	return nil
}

// together reads some meters of one calendar and looks at each.
func (f *search) together(ctx context.Context, meters []searched, zone *calendar.Zone) error {
	buckets, err := zone.Buckets(f.from, f.to, calendar.HourStep, f.s.Limits.Points)
	if err != nil {
		return fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	q := consumption.Query{Places: len(meters), Buckets: buckets, Zone: zone, Step: calendar.HourStep, Now: f.s.Now()}
	for i := range meters {
		member := meters[i].member
		member.Place = i
		q.Members = append(q.Members, member)
	}
	series, err := consumption.Read(ctx, f.s.Books, q)
	if err != nil {
		return err
	}
	for i := range meters {
		if err := f.look(&meters[i], series, i); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// look runs the rules over the hours of one meter.
func (f *search) look(m *searched, series *consumption.Series, place int) error {
	hours, expectedTo, err := hoursOf(series, place)
	if err != nil {
		return err
	}
	zone := m.member.Facts.Zone.Location()
	report, err := anomaly.Detect(hours, zone, anomaly.Settings{Carrier: ruleset(m.version.Carrier), Until: min(expectedTo, int64(f.until)/schema.Second)})
	var few *analytics.NotEnoughError
	if errors.As(err, &few) {
		f.skip(m.version.ID, few.Error())
		return nil
	}
	if err != nil {
		return fmt.Errorf("meter %s: %w", m.version.ID, err)
	}
	f.searched++
	owner, _ := f.w.Owner(m.version.Building)
	for i := range report.Findings {
		one := anomalyOf(&report.Findings[i], zone)
		one.Meter, one.Building, one.Institution = m.version.ID, m.version.Building, f.w.InstitutionIDs[owner]
		one.Carrier, one.Unit = m.version.Carrier, m.version.Carrier.Unit()
		f.price(&one, zone)
		one.Readings = "/api/v1/readings?" + url.Values{"meter": {one.Meter}, "from": {one.From.Format(time.RFC3339)}, "to": {one.To.Format(time.RFC3339)}}.Encode()
		f.found = append(f.found, one)
	}
	return nil
}

// hoursOf gives the hours in which a meter should have reported, and the end of
// the last of them. An hour that is not fully known, or estimated, is a gap.
func hoursOf(series *consumption.Series, place int) (hours anomaly.Series, expectedTo int64, err error) {
	hours.Step = schema.Hour / schema.Second
	for i, b := range series.Buckets() {
		p, err := series.Place(i, place)
		if err != nil {
			return hours, 0, err
		}
		if p.Coverage == nil || int64(b.To-b.From) != schema.Hour {
			continue
		}
		value := math.NaN()
		if full, _ := p.Coverage.Float64(); p.Quantity != nil && full >= .99 && (p.EstimatedShare == nil || p.EstimatedShare.Sign() == 0) {
			value = p.Quantity.Float64()
		}
		hours.Times = append(hours.Times, int64(b.From)/schema.Second)
		hours.Values = append(hours.Values, value)
		expectedTo = int64(b.To) / schema.Second
	}
	return hours, expectedTo, nil
}

// ruleset gives the rules that make sense for a carrier.
func ruleset(c schema.Carrier) anomaly.Carrier {
	switch c {
	case schema.Electricity:
		return anomaly.Electricity
	case schema.Water:
		return anomaly.Water
	}
	return anomaly.Heat
}

func anomalyOf(found *anomaly.Finding, zone *time.Location) Anomaly {
	a := Anomaly{
		Cause: found.Cause, Severity: found.Severity.String(), Message: found.Detail,
		From: time.Unix(found.From, 0).In(zone), To: time.Unix(found.To, 0).In(zone), Evidence: []AnomalyAmount{},
	}
	if found.P > 0 {
		a.P = &found.P
	}
	if found.Cause != anomaly.Silent {
		a.PerHour, a.Total = &found.PerHour, &found.Total
	}
	for _, p := range found.Evidence {
		a.Evidence = append(a.Evidence, AnomalyAmount{time.Unix(p.Time, 0).In(zone), p.Value, p.Expected})
	}
	return a
}

// discover drops unusual hours that chance may explain, by all meters together.
func (f *search) discover() error {
	meters := map[string]int{}
	var tests []anomaly.Test
	for i := range f.found {
		if a := &f.found[i]; a.P != nil {
			if _, ok := meters[a.Meter]; !ok {
				meters[a.Meter] = len(meters)
			}
			tests = append(tests, anomaly.Test{Meter: meters[a.Meter], Day: int(schema.DayOf(a.From.Date())), P: *a.P})
		}
	}
	kept, err := anomaly.Discover(tests, f.searched, anomaly.FalseDiscoveryRate)
	if err != nil {
		return fmt.Errorf("findings over %d meters: %w", f.searched, err)
	}
	f.chance = ChanceFindings{Rate: anomaly.FalseDiscoveryRate, Tested: len(tests)}
	left, next := f.found[:0], 0
	for _, a := range f.found {
		if a.P != nil {
			next++
			if !kept[next-1] {
				continue
			}
			f.chance.Kept++
		}
		left = append(left, a)
	}
	f.found = left
	return nil
}

// mute puts the mutes that are in force beside their findings.
func (f *search) mute(ctx context.Context) error {
	if f.s.Mutes == nil || len(f.found) == 0 {
		return nil
	}
	mutes, err := f.s.Mutes.Mutes(ctx)
	if err != nil {
		return err
	}
	for i := range mutes {
		if !mutes[i].InForce(f.s.Now()) {
			continue
		}
		for k := range f.found {
			if a := &f.found[k]; a.Muted == nil && a.Meter == mutes[i].Meter && string(a.Cause) == mutes[i].Cause {
				m := muteAnswer(&mutes[i], f.zone.Location())
				a.Muted = &m
			}
		}
	}
	return nil
}

func isMuted(a *Anomaly) int {
	if a.Muted != nil {
		return 1
	}
	return 0
}

// Severities are in order, the least first.
var Severities = []string{anomaly.Info.String(), anomaly.Warning.String(), anomaly.Alarm.String()}

// worst gives the findings of a severity and above, the most severe first, of
// these the latest.
func (f *search) worst(least string, most int) (worst []Anomaly, more bool) {
	rank := func(a *Anomaly) int { return slices.Index(Severities, a.Severity) }
	worst = []Anomaly{}
	for i := range f.found {
		if rank(&f.found[i]) >= slices.Index(Severities, least) {
			worst = append(worst, f.found[i])
		}
	}
	slices.SortStableFunc(worst, func(a, b Anomaly) int {
		return cmp.Or(cmp.Compare(isMuted(&a), isMuted(&b)), cmp.Compare(rank(&b), rank(&a)), b.To.Compare(a.To), b.From.Compare(a.From), cmp.Compare(a.Meter, b.Meter))
	})
	if more = len(worst) > most; more {
		worst = worst[:most]
	}
	return worst, more
}
