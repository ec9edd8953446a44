package backtest

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// Case is what was said of one target, and what came.
type Case struct {
	Known   int     // years known after the base year
	P       float64 // stated by the model that would have forecast best
	Mixed   float64 // stated by all models together
	OnTrack bool    // the indicator was on the plan's path, or had met the target
	Came    bool
}

// asker looks at worlds under one plan.
type asker struct {
	plan    *plan.Plan
	factors *factor.Set
	months  bool // state what the months say, in place of the years
}

// newAsker asks under the 14th Five-Year Plan, with its targets taken at so many
// percent of what they are.
func newAsker(percent int64) (*asker, error) {
	p, err := plan.Load("14fyp")
	if err != nil {
		return nil, err
	}
	own := *p
	own.Targets = make([]plan.Target, len(p.Targets))
	for i, t := range p.Targets {
		own.Targets[i] = t
		own.Targets[i].Percent = new(big.Rat).Mul(t.Percent, big.NewRat(percent, 100))
	}
	set, err := factor.Load(factor.Default)
	if err != nil {
		return nil, err
	}
	return &asker{plan: &own, factors: set}, nil
}

// The years of every world: five years of a plan.
const (
	baseYear   = 2020
	targetYear = 2025
	// firstKnown is the least number of years after the base year from which
	// outlook forecasts.
	firstKnown = 2
)

// ask gives the cases of a scope: a statement from each year before the target
// year, for each indicator whose end is known.
func (a *asker) ask(ctx context.Context, w *indicator.World, source indicator.Source, scope indicator.Scope, of []indicator.Measure) ([]Case, error) {
	after := time.Date(targetYear+1, time.March, 1, 0, 0, 0, 0, time.UTC) // the target year is over
	q := outlook.Query{
		Query:      progress.Query{Scope: scope, Plan: a.plan, Factors: a.factors, Mode: a.factors.Mode, Now: schema.InstantOf(after)},
		Indicators: of, Seed: 1,
	}
	end, err := outlook.Look(ctx, w, source, q)
	if err != nil {
		return nil, fmt.Errorf("the end of %s: %w", scope, err)
	}
	first := baseYear + firstKnown
	if a.months {
		q.Months, first = true, targetYear-1
	}
	var cases []Case
	for year := first; year < targetYear; year++ {
		q.LastYear = year
		then, err := outlook.Look(ctx, w, source, q)
		if err != nil {
			return nil, fmt.Errorf("%s after %d: %w", scope, year, err)
		}
		for i := range then.Indicators {
			c, ok := a.judge(&then.Indicators[i], &end.Indicators[i])
			if ok {
				c.Known = year - baseYear
				cases = append(cases, c)
			}
		}
	}
	return cases, nil
}

// judge holds what was said against what came; ok is false where either is not
// known.
func (a *asker) judge(then, end *outlook.Indicator) (c Case, ok bool) {
	if end.State != outlook.Reached && end.State != outlook.Missed || then.Required == nil {
		return c, false
	}
	said, mixed := then.Probability, then.Mixed
	if a.months {
		said = then.Monthly.Probability
	}
	if said == nil || mixed == nil {
		return c, false
	}
	state := then.Required.State
	return Case{P: said.P, Mixed: mixed.P, OnTrack: state == "on_track" || state == "met", Came: end.State == outlook.Reached}, true
}

// build makes a world of registry files.
func build(tables registry.Tables) (*indicator.World, error) {
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		return nil, err
	}
	return indicator.NewWorld(reg)
}
