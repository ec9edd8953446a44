package main

import (
	"context"
	"fmt"
	"time"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// querier asks planners' questions about Shandong. Nothing of an answer is kept;
// the world remembers the denominators of the years that were asked for, as the
// server's does until the registry changes.
type querier struct {
	source indicator.Source
	world  *indicator.World
	query  progress.Query
}

func newQuerier(source indicator.Source, reg *registry.Registry) (*querier, error) {
	world, err := indicator.NewWorld(reg)
	if err != nil {
		return nil, fmt.Errorf("prepare the registry for queries: %w", err)
	}
	p, err := plan.Load(plan.Default)
	if err != nil {
		return nil, err
	}
	f, err := factor.Load(factor.Default)
	if err != nil {
		return nil, err
	}
	return &querier{source, world, progress.Query{
		Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, Plan: p, Factors: f,
		Now: schema.InstantOf(time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)), // all years have ended
	}}, nil
}

// progress asks how far the province has come.
func (q *querier) progress(ctx context.Context, year int) (progress.Answer, error) {
	query := q.query
	query.Year = year
	return progress.Progress(ctx, q.world, q.source, query)
}

// breakdown asks the same for each institution.
func (q *querier) breakdown(ctx context.Context, year int) (progress.Parts, error) {
	query := q.query
	query.Year = year
	return progress.Breakdown(ctx, q.world, q.source, query, indicator.ByInstitution)
}

// every asks at a distance until the context ends.
func (q *querier) every(ctx context.Context, pause time.Duration, w *waits) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for n := 0; ; n++ {
		began := time.Now()
		if err := q.ask(ctx, n); err != nil {
			return endedBy(ctx, err)
		}
		w.add(time.Since(began))
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// ask puts the progress of the province and the usage of a month, in turn.
func (q *querier) ask(ctx context.Context, n int) error {
	if n%2 == 0 {
		_, err := q.progress(ctx, loadYear)
		return err
	}
	_, err := q.source.Usage(ctx, indicator.UsageQuery{
		Registry: q.world.Registry(), From: schema.DayOf(loadYear, time.January, 1), To: schema.DayOf(loadYear, time.February, 1),
	})
	return err
}
