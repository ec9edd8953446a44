package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"jouleline/analytics/caltrack"
	"jouleline/analytics/towt"
	"jouleline/analytics/weather"
)

// portfolio is how many meters are fitted at once.
const portfolio = 10_000

// timeFits records the median of as many fits as are asked for.
func timeFits(ctx context.Context, t *trial, name string, n int, fit func() error) error {
	var w waits
	_, err := t.timed(func() error {
		for range n {
			began := time.Now()
			if err := fit(); err != nil {
				return err
			}
			w.add(time.Since(began))
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.record(name, median(w), details{"p99": quantile(w, 0.99), "n": float64(n)})
	return nil
}

// caltrackBilling measures the fit of twelve bills: all candidates, the model and
// its metrics.
func caltrackBilling(ctx context.Context, t *trial) error {
	temperatures, use := meterYear(rand.New(rand.NewPCG(seed, 2)))
	first := weather.DayOf(time.Date(2023, time.January, 1, 12, 0, 0, 0, time.UTC).Unix(), time.UTC)
	daily := weather.Daily{First: first, Values: temperatures}
	var reads []caltrack.Read
	for month, day := time.January, 0; month <= time.December; month++ {
		length := time.Date(2023, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
		read := caltrack.Read{Start: first.AddDate(0, 0, day)}
		for _, v := range use[day : day+length] {
			read.Use += v
		}
		reads, day = append(reads, read), day+length
	}
	bills, err := caltrack.Bills(reads, first.AddDate(0, 0, len(use)), daily)
	if err != nil {
		return err
	}
	return timeFits(ctx, t, "caltrack_billing", fits, func() error {
		m, err := caltrack.FitBilling(bills, caltrack.Settings{})
		if err == nil && m.Metrics.N != len(reads) {
			err = fmt.Errorf("%w: got a fit of %d bills, want %d", errWrong, m.Metrics.N, len(reads))
		}
		return err
	})
}

// towtHourly measures the fit of a year of hours: occupancy, bins, levels and slopes
// of 168 hours of the week, metrics.
func towtHourly(ctx context.Context, t *trial) error {
	random := rand.New(rand.NewPCG(seed, 3))
	const hours = 8760
	var s towt.Series
	start := time.Date(2023, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
	for h := range hours {
		degrees := 14 - 15*math.Cos(2*math.Pi*float64(h-15*24)/hours) - 4*math.Cos(2*math.Pi*float64(h%24-3)/24)
		load := 20 + 2*max(0, 12-degrees) + 3*max(0, degrees-24) + 2*random.NormFloat64()
		if hour, weekday := h%24, h/24%7; hour >= 8 && hour < 18 && weekday < 5 {
			load += 40
		}
		s.Times, s.Temps, s.Loads = append(s.Times, start+int64(h)*3600), append(s.Temps, degrees), append(s.Loads, load)
	}
	return timeFits(ctx, t, "towt_hourly", fits, func() error {
		m, err := towt.Fit(s, time.UTC, towt.Settings{})
		if err == nil && m.Metrics.N != hours {
			err = fmt.Errorf("%w: got a fit of %d hours, want %d", errWrong, m.Metrics.N, hours)
		}
		return err
	})
}

// caltrackPortfolio measures the daily fits of many meters on all processors, each
// of them with weather and use of its own.
func caltrackPortfolio(ctx context.Context, t *trial) error {
	type year struct{ temperatures, use []float64 }
	meters := make([]year, portfolio)
	for i := range meters {
		meters[i].temperatures, meters[i].use = meterYear(rand.New(rand.NewPCG(seed, uint64(1000+i))))
	}
	workers := runtime.GOMAXPROCS(0)
	failures := make([]error, workers)
	took, err := t.timed(func() error {
		var next atomic.Int64
		var all sync.WaitGroup
		for k := range workers {
			all.Go(func() {
				for i := next.Add(1) - 1; i < portfolio && failures[k] == nil && ctx.Err() == nil; i = next.Add(1) - 1 {
					m, err := caltrack.FitDaily(meters[i].temperatures, meters[i].use, caltrack.Settings{})
					if err == nil && m.Metrics.N != len(meters[i].use) {
						err = fmt.Errorf("%w: meter %d: got a fit of %d days", errWrong, i, m.Metrics.N)
					}
					failures[k] = err
				}
			})
		}
		all.Wait()
		return errors.Join(append(failures, ctx.Err())...)
	})
	if err != nil {
		return err
	}
	t.record("caltrack_portfolio", took.seconds, details{"cpu_s": took.cpu, "meters": portfolio, "workers": float64(workers)})
	return nil
}
