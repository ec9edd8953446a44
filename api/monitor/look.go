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
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

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
