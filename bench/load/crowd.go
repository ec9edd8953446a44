package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"jouleline/bench/sim"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/schema"
	"jouleline/store/storetest"
)

// crowdCourses is how many registers are simulated for the crowd; see
// [storetest.Crowd].
const crowdCourses = 1000

// crowd are the meters behind those that are loaded, whose past is put straight into
// the store's file.
type crowd struct {
	days    int
	end     schema.Instant
	numbers []int32 // of the meters, in order
	at      []int   // their places in the load that goes on
	courses []*sim.Load
}

// newCrowd makes a crowd of the meters of a load from a place on.
func newCrowd(world *pipeline.World, load *sim.Load, from, days int) (*crowd, error) {
	c := &crowd{days: days, end: load.Config().Start}
	type meter struct {
		number int32
		at     int
	}
	var list []meter
	for m := from; m < load.Config().Meters; m++ {
		number, ok := world.Number(load.ID(m))
		if !ok {
			return nil, fmt.Errorf("%w: meter %s is not registered", errWrong, load.ID(m))
		}
		list = append(list, meter{number, m})
	}
	slices.SortFunc(list, func(a, b meter) int { return cmp.Compare(a.number, b.number) })
	for _, m := range list {
		c.numbers, c.at = append(c.numbers, m.number), append(c.at, m.at)
	}
	c.courses = make([]*sim.Load, min(crowdCourses, len(list)))
	return c, nil
}

// course simulates a register's past. What is left of it is what it shows.
func (c *crowd) course(n int) ([]books.Point, error) {
	readings := c.days * int(24*schema.Hour/quarterHour)
	load, err := sim.NewLoad(sim.LoadConfig{
		Seed: seed + 1 + uint64(n), Meters: 1, Interval: quarterHour, Readings: readings,
		Start: c.end - schema.Instant(int64(readings)*quarterHour),
	})
	if err != nil {
		return nil, err
	}
	points := make([]books.Point, 0, readings)
	for s := (sim.Sample{}); load.Next(&s); {
		points = append(points, books.Point{Time: s.Time, Value: s.Value, Unit: schema.KilowattHour, Kind: schema.Register})
	}
	c.courses[n] = load
	return points, nil
}

// fill closes the store, puts the crowd into its file and opens it again; the load
// goes on where the crowd ends.
func (c *crowd) fill(ctx context.Context, s *stand, world *pipeline.World, load *sim.Load) (details, error) {
	if len(c.numbers) == 0 {
		return details{}, nil
	}
	id := load.ID(c.at[0])
	var zones calendar.Zones
	into := storetest.Crowd{
		Meters: c.numbers, Courses: len(c.courses), Course: c.course, End: c.end, Seed: seed,
		Facts: books.FactsOf(world.Registry, id, zones.Of(world.Registry.Zone(id))),
	}
	var filled storetest.Filled
	began := time.Now()
	err := s.reopen(ctx, func(path string) (err error) {
		into.Path = path
		filled, err = into.Fill(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for place, m := range c.at {
		load.Follow(m, c.courses[place%len(c.courses)], 0)
	}
	return details{
		"crowd_meters": float64(len(c.numbers)), "crowd_readings": float64(filled.Readings), "crowd_packs": float64(filled.Packs),
		"crowd_entries": float64(filled.Entries), "crowd_s": time.Since(began).Seconds(),
	}, nil
}
