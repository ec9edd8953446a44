package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jouleline/bench/sim"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// ledgerCheck compares what the books say of meters with what the simulator
// counted. A meter whose very first or last reading was corrected has another
// total than it counted; it is left out.
type ledgerCheck struct {
	load   *sim.Load
	meters map[string]int
	// edges are the values with which the first and the last reading of each
	// meter came first, -1 until then.
	edges     [2][]schema.Quantity
	corrected []bool
	leastLast schema.Instant // before it, no meter has its last reading
}

func newLedgerCheck(load *sim.Load) *ledgerCheck {
	config := load.Config()
	c := &ledgerCheck{load: load, corrected: make([]bool, config.Meters)}
	if config.Disorder.Corrections == 0 {
		return c // there is nothing to observe
	}
	c.meters = make(map[string]int, config.Meters)
	for e := range c.edges {
		c.edges[e] = slices.Repeat([]schema.Quantity{-1}, config.Meters)
	}
	for m := range config.Meters {
		c.meters[load.ID(m)] = m
	}
	c.leastLast = c.timeOf(config.Readings/config.Meters - 1)
	return c
}

// timeOf is the time of a meter's reading, counted from 0.
func (c *ledgerCheck) timeOf(step int) schema.Instant {
	config := c.load.Config()
	return config.Start + schema.Instant(int64(step)*config.Interval)
}

// observe sees a reading on its way.
func (c *ledgerCheck) observe(s *sim.Sample) {
	first := c.timeOf(0)
	if c.meters == nil || s.Time != first && s.Time < c.leastLast {
		return
	}
	config, m := c.load.Config(), c.meters[s.Meter]
	last := c.timeOf((config.Readings - m - 1) / config.Meters)
	for e, at := range [2]schema.Instant{first, last} {
		if s.Time != at {
			continue
		}
		if value := &c.edges[e][m]; *value < 0 {
			*value = s.Value
		} else if *value != s.Value {
			c.corrected[m] = true
		}
	}
}

// sampled bounds the meters whose ledger is looked at.
const sampled = 2000

// compare reads the ledger of a sample of meters, evenly spread. Everything must
// have been sent.
func (c *ledgerCheck) compare(ctx context.Context, s *stand, world *pipeline.World) error {
	n := c.load.Config().Meters
	var ids []int32
	want := map[int32]schema.Quantity{}
	for m := 0; m < n; m += max(1, n/sampled) {
		if c.corrected[m] {
			continue
		}
		id, ok := world.Number(c.load.ID(m))
		if !ok {
			return fmt.Errorf("%w: meter %s is not registered", errWrong, c.load.ID(m))
		}
		ids = append(ids, id)
		want[id] = c.load.Total(m)
	}
	if len(ids) == 0 {
		return fmt.Errorf("no meter is left to compare: all edges of %d meters were corrected", n)
	}
	entries, err := s.store.Booked(ctx, ids, schema.Open, 0)
	if err != nil {
		return err
	}
	got := map[int32]schema.Quantity{}
	for i := range entries {
		got[entries[i].Meter] += entries[i].Quantity
	}
	for id, total := range want {
		if got[id] != total {
			return fmt.Errorf("%w: meter %s has %s kWh in the books, it counted %s", errWrong, world.Name(id), got[id], total)
		}
	}
	return nil
}

// compareSums compares what institutions used in a year by the three ways in
// which the store knows it: whole years, months, and the ledger as of now.
func compareSums(ctx context.Context, s *stand, reg *registry.Registry, year int) error {
	days := indicator.YearStretch(year).Days
	half := schema.DayOf(year, time.July, 1)
	ways := [3]map[indicator.Usage]indicator.Usage{}
	for i, queries := range [3][]indicator.UsageQuery{
		{{From: days.From, To: days.To}},
		{{From: days.From, To: half}, {From: half, To: days.To}},
		{{From: days.From, To: days.To, KnownAt: s.store.Recorded()}},
	} {
		ways[i] = map[indicator.Usage]indicator.Usage{}
		for _, q := range queries {
			q.Registry = reg
			usage, err := s.store.Usage(ctx, q)
			if err != nil {
				return err
			}
			for _, u := range usage {
				key := indicator.Usage{Institution: u.Institution, Carrier: u.Carrier, Use: u.Use}
				sum := ways[i][key]
				sum.Quantity, sum.Estimated, sum.Known = sum.Quantity+u.Quantity, sum.Estimated+u.Estimated, sum.Known+u.Known
				ways[i][key] = sum
			}
		}
	}
	if !maps.Equal(ways[0], ways[1]) || !maps.Equal(ways[0], ways[2]) {
		return fmt.Errorf("%w: the usage of %d differs between whole years, months and the ledger", errWrong, year)
	}
	return nil
}
