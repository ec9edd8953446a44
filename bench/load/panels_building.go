package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"jouleline/bench/sim"
	"jouleline/ingest/pipeline"
	"jouleline/schema"
)

const (
	// buildingMeters are the meters of a building.
	buildingMeters = 4
	// panelPoints are the points of a graph, as Grafana asks for a wide screen.
	panelPoints = 1000
	// panelQuestions is how often each graph is asked for.
	panelQuestions = 20
)

// buildingYear measures graphs over a year of one building, each question about
// another one.
func buildingYear(ctx context.Context, t *trial) error {
	const perDay = int(24 * schema.Hour / quarterHour)
	meters := max(2*buildingMeters, t.sizes.Readings/(366*perDay)/buildingMeters*buildingMeters)
	days := min(366, t.sizes.Readings/(meters*perDay))
	load, err := sim.NewLoad(sim.LoadConfig{Seed: seed, Meters: meters, Readings: meters*days*perDay + meters, Interval: quarterHour, PerInstitution: buildingMeters})
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) error {
		in, err := prepare(ctx, s, load, line100)
		if err != nil {
			return err
		}
		b := s.start(ctx, topic{s.client}, pipeline.Config{Log: s.log, Owned: []int{0, 1, 2, 3}, Watch: s.watch})
		world, err := b.world(ctx)
		if err == nil {
			err = b.await(ctx, in.ends)
		}
		if err := b.joinStop(err); err != nil {
			return err
		}
		if err := s.store.Maintain(ctx); err != nil {
			return err
		}
		from := load.Config().Start
		to := from + schema.Instant(int64(days)*24*schema.Hour)
		p, err := openPanels(s, world, to+schema.Instant(schema.Hour))
		if err != nil {
			return err
		}
		err = p.buildings(ctx, t, world, from, to)
		if closed := p.close(); err == nil {
			err = closed
		}
		return err
	})
}

// buildings asks for consumption by days, by hours, and for power from the
// counter, and compares what days and counters say.
func (p *panels) buildings(ctx context.Context, t *trial, world *pipeline.World, from, to schema.Instant) error {
	step := time.Duration(to-from) * time.Millisecond / panelPoints
	ask := func(w *waits, n int, expression string) ([]point, error) {
		building := world.Registry.Buildings[n%len(world.Registry.Buildings)].ID
		began := time.Now()
		series, err := p.over(ctx, fmt.Sprintf(expression, building), from+1000, to-1000, step)
		w.add(time.Since(began))
		if err != nil {
			return nil, err
		}
		if len(series) != 1 || len(series[0]) < panelPoints-2 {
			return nil, fmt.Errorf("%w: %s of %s: got %d series, want one with %d points or so", errWrong, expression, building, len(series), panelPoints)
		}
		return series[0], nil
	}
	var days, hours, power waits
	_, err := t.timed(func() error {
		for n := range panelQuestions {
			if _, err := ask(&days, n, "jouleline_building_consumption_day_kwh{building=%q}"); err != nil {
				return err
			}
			if _, err := ask(&hours, n, "jouleline_building_consumption_hour_kwh{building=%q}"); err != nil {
				return err
			}
			if _, err := ask(&power, n, fmt.Sprintf("rate(jouleline_building_consumption_kwh_total{building=%%q}[%ds])", max(3600, int(step.Seconds())))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.recordWaits("promql_building_year", days)
	t.recordWaits("promql_building_hours", hours)
	t.recordWaits("promql_building_power", power)
	for n := range world.Registry.Buildings {
		var w waits
		totals, err := ask(&w, n, "jouleline_building_consumption_kwh_total{building=%q}")
		if err != nil {
			return err
		}
		span := int64(to-from) / schema.Second
		sums, err := ask(&w, n, fmt.Sprintf("sum_over_time(jouleline_building_consumption_day_kwh{building=%%q}[%ds] @ %d)", span+1, int64(to)/schema.Second-1))
		if err != nil {
			return err
		}
		// The counter lacks what was used after its last quarter before the end.
		got, want := totals[len(totals)-1].value, sums[0].value
		if want <= 0 || math.Abs(got-want) > want*0.01 {
			return fmt.Errorf("%w: building %d: the counter says %g, the days %g kWh", errWrong, n, got, want)
		}
	}
	return nil
}
