package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"jouleline/bench/sim"
	"jouleline/ingest/pipeline"
	"jouleline/schema"
)

// measurePanels asks for monthly carbon of the province by city, all months in
// one graph, as the region dashboard does.
func (s *stand) measurePanels(ctx context.Context, t *trial, world *pipeline.World, p *sim.Province) error {
	zone := world.Registry.TimeZone
	start := func(m schema.Month) schema.Instant { return m.First().Start(zone) }
	first := schema.Month(sim.FirstYear * 12)
	last := first + schema.Month(len(p.Meters[0].Monthly)) - 1
	asked, err := openPanels(s, world, start(last+2))
	if err != nil {
		return err
	}
	var w waits
	began := time.Now()
	if err := errors.Join(s.store.PrepareMonths(ctx), asked.api.Prepare(ctx)); err != nil { // as the server does once it has started
		return err
	}
	prepared := time.Since(began)
	measure := func() error {
		for range panelQuestions {
			began := time.Now()
			series, err := asked.over(ctx, "sum by (city) (jouleline_institution_carbon_month_kg)", start(first)+1000, start(last)+1000, 7*24*time.Hour)
			w.add(time.Since(began))
			if err != nil {
				return err
			}
			if len(series) < 2 {
				return fmt.Errorf("%w: carbon by city: got %d series", errWrong, len(series))
			}
		}
		// The same way of asking gives what the simulator counted.
		series, err := asked.over(ctx, `sum (jouleline_institution_consumption_month_kwh{carrier="electricity"})`, start(last)+1000, start(last)+1000, time.Hour)
		if err != nil {
			return err
		}
		want := 0.0
		for i := range p.Meters {
			if m := &p.Meters[i]; m.Carrier == schema.Electricity {
				want += float64(m.Monthly[len(m.Monthly)-1]) / schema.Micro
			}
		}
		if len(series) != 1 || len(series[0]) != 1 || math.Abs(series[0][0].value-want) > 1e-9*want {
			return fmt.Errorf("%w: electricity of the last month: got %v, want %g kWh", errWrong, series, want)
		}
		return nil
	}
	_, err = t.timed(measure)
	if closed := asked.close(); err == nil {
		err = closed
	}
	if err == nil {
		t.recordWaits("promql_city_carbon", w)
		t.figures["promql_city_carbon"].Details["prepare_ms"] = float64(prepared.Milliseconds())
	}
	return err
}
