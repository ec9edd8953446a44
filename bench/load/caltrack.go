package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"jouleline/analytics/caltrack"
)

// Fits of one run: enough that the median does not move.
const fits = 200

// caltrackDaily measures the fit of a year of days: all candidates, the model and
// its metrics.
func caltrackDaily(ctx context.Context, t *trial) error {
	temperatures, use := meterYear(rand.New(rand.NewPCG(seed, 1)))
	var w waits
	_, err := t.timed(func() error {
		for range fits {
			began := time.Now()
			m, err := caltrack.FitDaily(temperatures, use, caltrack.Settings{})
			if err != nil {
				return err
			}
			w.add(time.Since(began))
			if m.Kind != caltrack.CDDHDD || m.Metrics.N != len(use) {
				return fmt.Errorf("%w: got the form %s of %d days, want %s of %d", errWrong, m.Kind, m.Metrics.N, caltrack.CDDHDD, len(use))
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.record("caltrack_daily", median(w), details{"p99": quantile(w, 0.99), "n": fits})
	return nil
}

// meterYear is a building that is heated below 15 degrees and cooled above 23,
// through a year as Jinan has it.
func meterYear(random *rand.Rand) (temperatures, use []float64) {
	for day := range 365 {
		t := 14 - 15*math.Cos(2*math.Pi*float64(day-15)/365) + 3*random.NormFloat64()
		temperatures = append(temperatures, t)
		use = append(use, 400+25*max(0, 15-t)+40*max(0, t-23)+20*random.NormFloat64())
	}
	return temperatures, use
}
