package main

import (
	"context"
	"fmt"
	"math"
	"time"

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

// buildings asks for consumption by days, by hours, and for power from the counter,
// of buildings of the whole registry, and compares what days and counters say.
func (p *panels) buildings(ctx context.Context, t *trial, world *pipeline.World, from, to schema.Instant) error {
	step := time.Duration(to-from) * time.Millisecond / panelPoints
	ask := func(w *waits, n int, expression string) ([]point, error) {
		building := world.Registry.Buildings[n*len(world.Registry.Buildings)/panelQuestions].ID
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
	for n := range panelQuestions {
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
