package influx

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/store"
)

// due is the scopes whose figures of one bucket must be published, and whether
// something known may have been taken from them.
type due map[indicator.Scope]bool

func (d due) add(s indicator.Scope, lossy bool) { d[s] = d[s] || lossy }

// addUnder adds an institution and the regions that it stands in on a day.
func (d due) addUnder(a *atlas, institution string, day schema.Day, lossy bool) {
	d.add(indicator.Scope{Level: indicator.ByInstitution, ID: institution}, lossy)
	index, ok := a.InstitutionIndex(institution)
	if !ok {
		return
	}
	for _, v := range a.InstitutionVersions(index) {
		for _, code := range a.RegionPath(v.Region, day) {
			d.add(indicator.Scope{Level: indicator.ByRegion, ID: code}, lossy)
		}
	}
}

// publishIndicators sends the months and years of whatever touched days count to.
// keep, where not nil, chooses among the scopes.
func (p *Publisher) publishIndicators(ctx context.Context, a *atlas, q store.TouchQuery, keep func(indicator.Scope, bool) (lossy, ok bool)) error {
	month, year := schema.Month(0), 0
	months, years := due{}, due{}
	flushMonth := func() error {
		defer clear(months)
		return p.publishBucket(ctx, a, calendar.MonthStep, month.First(), months, keep)
	}
	flushYear := func() error {
		defer clear(years)
		return p.publishBucket(ctx, a, calendar.YearStep, schema.DayOf(year, time.January, 1), years, keep)
	}
	err := p.eachTouch(ctx, q, func(touches []store.Touch) error {
		now := schema.MonthOf(touches[0].Day)
		if now != month {
			if err := flushMonth(); err != nil {
				return err
			}
			month = now
		}
		if now.Year() != year {
			if err := flushYear(); err != nil {
				return err
			}
			year = now.Year()
		}
		for _, t := range touches {
			_, _, institutions := a.stand(t)
			for _, id := range institutions {
				months.addUnder(a, id, (month+1).First()-1, t.Lossy)
				years.addUnder(a, id, schema.DayOf(year+1, time.January, 1)-1, t.Lossy)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := flushMonth(); err != nil {
		return err
	}
	return flushYear()
}

// publishDeclared sends the years for which figures were declared; only years are.
func (p *Publisher) publishDeclared(ctx context.Context, a *atlas, days schema.Validity, keep func(indicator.Scope, bool) (lossy, ok bool)) error {
	perYear := map[int]due{}
	for i := range a.Declared {
		d := &a.Declared[i]
		first := schema.DayOf(d.Year, time.January, 1)
		last := schema.DayOf(d.Year+1, time.January, 1) - 1
		if last < days.From || first >= days.To {
			continue
		}
		if perYear[d.Year] == nil {
			perYear[d.Year] = due{}
		}
		if d.Scope == schema.ScopeInstitution {
			perYear[d.Year].addUnder(a, d.ID, last, false)
			continue
		}
		for _, code := range a.RegionPath(d.ID, last) {
			perYear[d.Year].add(indicator.Scope{Level: indicator.ByRegion, ID: code}, false)
		}
	}
	for _, year := range slices.Sorted(maps.Keys(perYear)) {
		if err := p.publishBucket(ctx, a, calendar.YearStep, schema.DayOf(year, time.January, 1), perYear[year], keep); err != nil {
			return err
		}
	}
	return nil
}

// publishBucket sends one month or year of scopes.
func (p *Publisher) publishBucket(ctx context.Context, a *atlas, step calendar.Step, from schema.Day, scopes due, keep func(indicator.Scope, bool) (lossy, ok bool)) error {
	if len(scopes) == 0 {
		return nil
	}
	world, err := a.prepared()
	if err != nil {
		return fmt.Errorf("prepare the registry: %w", err)
	}
	source := &wholeUsage{source: p.config.Store}
	q := indicator.SeriesQuery{
		From: from, To: (schema.MonthOf(from) + 1).First(), Step: step,
		Factors: p.config.Factors, Mode: p.config.Factors.Mode, Panel: indicator.All, Boundary: indicator.AsIs, MinCoverage: p.config.MinCoverage,
	}
	if step == calendar.YearStep {
		q.To = (schema.MonthOf(from) + 12).First()
	}
	at := from.Start(a.TimeZone).Time()
	var lines []string
	for scope, lossy := range scopes {
		if keep != nil {
			ok := false
			if lossy, ok = keep(scope, lossy); !ok {
				continue
			}
		}
		q.Scope = scope
		points, _, err := world.Series(ctx, source, q)
		if err != nil {
			return fmt.Errorf("%s from %s: %w", scope, from, err)
		}
		if lossy {
			measurement, _ := a.scopeTags(scope)
			e := erasure{measurement: measurement, tag: string(scope.Level), id: scope.ID, step: step.String(), from: at, to: at.Add(time.Second)}
			if err := p.delivery.erase(ctx, e); err != nil {
				return err
			}
		}
		lines = a.appendIndicators(lines, scope, step, at, points)
		if len(lines) >= p.config.BatchPoints {
			if err := p.delivery.send(ctx, lines); err != nil {
				return err
			}
			lines = lines[:0]
		}
	}
	return p.delivery.send(ctx, lines)
}

// appendIndicators writes the known figures of one bucket. A figure that was
// declared as an index stands in no unit that could be compared: it stays in the
// API (rule 14).
func (a *atlas) appendIndicators(lines []string, scope indicator.Scope, step calendar.Step, at time.Time, points []indicator.Point) []string {
	for i := range points {
		p := &points[i]
		measure, err := indicator.ParseMeasure(p.Indicator)
		if err != nil || p.Value == nil || p.Unit != measure.Unit() {
			continue
		}
		measurement, of := a.scopeTags(scope)
		of["indicator"], of["unit"], of["step"] = p.Indicator, p.Unit, step.String()
		fields := map[string]any{"value": *p.Value}
		if p.Coverage != nil {
			fields["coverage"] = *p.Coverage
		}
		if p.EstimatedShare != nil {
			fields["estimated_share"] = *p.EstimatedShare
		}
		lines = append(lines, line(measurement, of, fields, at))
	}
	return lines
}

// wholeUsage answers for each institution of a bucket from one question for all of
// them.
type wholeUsage struct {
	source   indicator.Source
	from, to schema.Day
	rows     []indicator.Usage
}

func (w *wholeUsage) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	if w.rows == nil || w.from != q.From || w.to != q.To {
		rows, err := w.source.Usage(ctx, indicator.UsageQuery{Registry: q.Registry, From: q.From, To: q.To, KnownAt: q.KnownAt})
		if err != nil {
			return nil, err
		}
		w.rows, w.from, w.to = rows, q.From, q.To
	}
	if q.Institutions == nil {
		return w.rows, nil
	}
	var some []indicator.Usage
	for _, index := range q.Institutions {
		at, _ := slices.BinarySearchFunc(w.rows, index, func(u indicator.Usage, index int32) int { return int(u.Institution) - int(index) })
		for ; at < len(w.rows) && w.rows[at].Institution == index; at++ {
			some = append(some, w.rows[at])
		}
	}
	return some, nil
}
