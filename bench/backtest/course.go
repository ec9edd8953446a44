package backtest

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// truth draws the indices of a world's six years, the base year first.
type truth func(r *rand.Rand) [targetYear - baseYear + 1]float64

// noise is the random part of a year, as a share: what weather and occupancy do to
// a middling institution in a year.
const noise = .008

// noisy puts the random part of a year on each value of a smooth course.
func noisy(r *rand.Rand, course func(year float64) float64) (y [targetYear - baseYear + 1]float64) {
	for i := range y {
		y[i] = course(float64(i)) * (1 + noise*r.NormFloat64())
	}
	return y
}

// steady falls by the same amount each year, by up to 2 % of the base year.
func steady(r *rand.Rand) [targetYear - baseYear + 1]float64 {
	fall := 2 * r.Float64()
	return noisy(r, func(year float64) float64 { return 100 - fall*year })
}

// fading falls at first, by 2 to 9 % in all, half of which is done in a year.
func fading(r *rand.Rand) [targetYear - baseYear + 1]float64 {
	fall := 2 + 7*r.Float64()
	return noisy(r, func(year float64) float64 { return 100 - fall*(1-math.Pow(.5, year)) })
}

// rebound has a base year that was 2 to 8 % too low, as 2020 was where buildings
// stood empty, and falls from there by up to 4 % a year.
func rebound(r *rand.Rand) [targetYear - baseYear + 1]float64 {
	back, fall := 2+6*r.Float64(), 4*r.Float64()
	return noisy(r, func(year float64) float64 {
		if year == 0 {
			return 100
		}
		return 100 + back - fall*year
	})
}

// retrofit stands still but for one fall of up to 10 % in one of the five years.
func retrofit(r *rand.Rand) [targetYear - baseYear + 1]float64 {
	when, fall := float64(1+r.IntN(targetYear-baseYear)), 10*r.Float64()
	return noisy(r, func(year float64) float64 {
		if year < when {
			return 100
		}
		return 100 - fall
	})
}

// walk steps by -1 +- 1.5 % a year and forgets where it was.
func walk(r *rand.Rand) (y [targetYear - baseYear + 1]float64) {
	y[0] = 100
	for i := 1; i < len(y); i++ {
		y[i] = y[i-1] * (1 - .01 + .015*r.NormFloat64())
	}
	return y
}

// course is the source of an institution of one electricity meter whose use a day
// is that of its year.
type course [targetYear - baseYear + 1]float64

// Usage sums days.
func (c *course) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	u := indicator.Usage{Carrier: schema.Electricity, Use: schema.ForBuilding}
	for i, perDay := range c {
		year := schema.Validity{From: schema.DayOf(baseYear+i, time.January, 1), To: schema.DayOf(baseYear+i+1, time.January, 1)}
		days := year.Days(q.From, q.To)
		// A year counts as its mean month does: a leap day is no use of its own.
		u.Quantity += schema.Quantity(math.Round(schema.Micro * perDay * 365 * float64(days) / float64(year.To-year.From)))
		u.Known += int64(days) * 24 * schema.Hour
	}
	if u.Known == 0 {
		return nil, nil
	}
	return []indicator.Usage{u}, nil
}

// office is the institution of a course.
func office() (*indicator.World, indicator.Scope, error) {
	w, err := build(registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,p,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nO,office,state_organ,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nB,O,B\n"),
		registry.FloorAreaFile:    []byte("building,valid_from,area_m2\nB,2020-01-01,1000\n"),
		registry.MetersFile:       []byte("id,building,carrier,kind,unit,interval,valid_from\nE,B,electricity,delta,kWh,P1D,2020-01-01\n"),
	})
	return w, indicator.Scope{Level: indicator.ByInstitution, ID: "O"}, err
}

// courses gives the cases of worlds drawn from a truth.
func (a *asker) courses(ctx context.Context, r *rand.Rand, count int, draw truth) ([]Case, error) {
	w, scope, err := office()
	if err != nil {
		return nil, err
	}
	var cases []Case
	for range count {
		c := course(draw(r))
		more, err := a.ask(ctx, w, &c, scope, []indicator.Measure{indicator.EnergyPerArea})
		if err != nil {
			return nil, err
		}
		cases = append(cases, more...)
	}
	return cases, nil
}

// windows takes every six years in a row of a long series for a world.
func (a *asker) windows(ctx context.Context, series []float64) ([]Case, error) {
	w, scope, err := office()
	if err != nil {
		return nil, err
	}
	var cases []Case
	for from := 0; from+len(course{}) <= len(series); from++ {
		c := course(series[from : from+len(course{})])
		more, err := a.ask(ctx, w, &c, scope, []indicator.Measure{indicator.EnergyPerArea})
		if err != nil {
			return nil, err
		}
		cases = append(cases, more...)
	}
	return cases, nil
}
