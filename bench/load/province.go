package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jouleline/bench/sim"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// How often each question is asked. Of twenty answers the 99th percentile is the
// slowest.
const (
	progressQuestions  = 200
	breakdownQuestions = 50
	knownAtQuestions   = 20
)

// withProvince runs work on a stand that holds a whole province with six years of
// monthly ledger entries; imported is how many seconds its registry took.
func withProvince(ctx context.Context, t *trial, work func(s *stand, world *pipeline.World, p *sim.Province, imported float64) error) error {
	p, err := sim.NewProvince(seed, t.sizes.Institutions)
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) error {
		imported, err := s.importTables(ctx, p.Tables)
		if err != nil {
			return err
		}
		world, err := s.fill(ctx, p)
		if err != nil {
			return err
		}
		if err := s.compareProvince(ctx, world.Registry, p); err != nil {
			return err
		}
		return work(s, world, p, imported)
	})
}

// province measures planners' questions about a whole province.
func province(ctx context.Context, t *trial) error {
	return withProvince(ctx, t, func(s *stand, world *pipeline.World, _ *sim.Province, imported float64) error {
		began := time.Now()
		q, err := newQuerier(s.store, world.Registry)
		if err != nil {
			return err
		}
		prepared := time.Since(began)
		if err := q.measureNow(ctx, t); err != nil {
			return err
		}
		d := t.figures["progress_province"].Details
		d["import_s"], d["prepare_ms"] = imported, prepared.Seconds()*1000
		return s.measureThen(ctx, t)
	})
}

// provincePanels measures what Grafana asks of it.
func provincePanels(ctx context.Context, t *trial) error {
	return withProvince(ctx, t, func(s *stand, world *pipeline.World, p *sim.Province, _ float64) error {
		return s.measurePanels(ctx, t, world, p)
	})
}

// fill books the months of all meters straight into the store, a transaction a
// month: what matters here is what is asked, not how it came. A month stands in
// two entries, since an entry holds at most 24 days of known time; the pipeline
// would book one a day, which only questions about the past would notice.
func (s *stand) fill(ctx context.Context, p *sim.Province) (*pipeline.World, error) {
	b := s.start(ctx, nil, pipeline.Config{Log: s.log, Watch: s.watch})
	world, err := b.world(ctx)
	if err := b.joinStop(err); err != nil {
		return nil, err
	}
	entries := make([]posting.Entry, 0, 2*len(p.Meters))
	for n := range len(p.Meters[0].Monthly) {
		month := schema.Month(sim.FirstYear*12 + n)
		days := [3]schema.Day{month.First(), month.First() + 15, (month + 1).First()}
		entries = entries[:0]
		for i := range p.Meters {
			m := &p.Meters[i]
			id, ok := world.Number(m.ID)
			if !ok {
				return nil, fmt.Errorf("%w: meter %s is not registered", errWrong, m.ID)
			}
			half := m.Monthly[n] / 2
			for part, amount := range [2]schema.Quantity{half, m.Monthly[n] - half} {
				day, known := days[part], int64(days[part+1]-days[part])*24*schema.Hour
				entries = append(entries, posting.Entry{Meter: id, Account: world.Account(id, day), Entry: books.Entry{Day: day, Quantity: amount, Known: known}})
			}
		}
		if err := s.store.Post(ctx, &posting.Batch{Entries: entries}); err != nil {
			return nil, err
		}
	}
	return world, s.store.Maintain(ctx)
}

// compareProvince compares the usage of a year with what the simulator made, over
// all institutions, by carrier, and the ways of asking with each other.
func (s *stand) compareProvince(ctx context.Context, reg *registry.Registry, p *sim.Province) error {
	const year = sim.LastYear
	if err := compareSums(ctx, s, reg, year); err != nil {
		return err
	}
	days := indicator.YearStretch(year).Days
	usage, err := s.store.Usage(ctx, indicator.UsageQuery{Registry: reg, From: days.From, To: days.To})
	if err != nil {
		return err
	}
	got, want := map[schema.Carrier]schema.Quantity{}, map[schema.Carrier]schema.Quantity{}
	for i := range usage {
		got[usage[i].Carrier] += usage[i].Quantity
	}
	for i := range p.Meters {
		want[p.Meters[i].Carrier] += p.Meters[i].Year(year)
	}
	for carrier, total := range want {
		if got[carrier] != total {
			return fmt.Errorf("%w: %s of the province in %d: got %s, want %s", errWrong, carrier, year, got[carrier], total)
		}
	}
	return nil
}

// yearOf goes through the years that can be compared with the base year.
func yearOf(question int) int { return 2021 + question%(sim.LastYear-2020) }

// measureNow asks about the present.
func (q *querier) measureNow(ctx context.Context, t *trial) error {
	var whole, parts waits
	_, err := t.timed(func() error {
		for n := range progressQuestions {
			began := time.Now()
			answer, err := q.progress(ctx, yearOf(n))
			if err != nil {
				return err
			}
			whole.add(time.Since(began))
			if answer.Counted != answer.Expected || answer.Indicators[0].ReductionPct == nil {
				return fmt.Errorf("%w: progress of %d: got %d of %d institutions, state %s", errWrong, answer.Year, answer.Counted, answer.Expected, answer.Indicators[0].State)
			}
		}
		for n := range breakdownQuestions {
			began := time.Now()
			answer, err := q.breakdown(ctx, yearOf(n))
			if err != nil {
				return err
			}
			parts.add(time.Since(began))
			if len(answer.Rows) != t.sizes.Institutions {
				return fmt.Errorf("%w: breakdown of %d: got %d rows, want %d", errWrong, answer.Year, len(answer.Rows), t.sizes.Institutions)
			}
		}
		return nil
	})
	t.recordWaits("progress_province", whole)
	t.recordWaits("breakdown_institutions", parts)
	return err
}

// measureThen asks what was known at a moment: the registry of then is read and
// prepared anew for each question.
func (s *stand) measureThen(ctx context.Context, t *trial) error {
	var w, prepared waits
	at := s.store.Recorded()
	for n := range knownAtQuestions {
		began := time.Now()
		tables, _, err := s.store.RegistryTables(ctx, at)
		if err != nil {
			return err
		}
		reg, err := registry.Build(tables, registry.Options{})
		if err != nil {
			return err
		}
		q, err := newQuerier(s.store, reg)
		if err != nil {
			return err
		}
		prepared.add(time.Since(began))
		q.query.KnownAt = at
		answer, err := q.progress(ctx, yearOf(n))
		if err != nil {
			return err
		}
		w.add(time.Since(began))
		if answer.Counted != answer.Expected {
			return errors.Join(errWrong, fmt.Errorf("progress of %d as known at %s: got %d of %d institutions", answer.Year, at, answer.Counted, answer.Expected))
		}
	}
	t.recordWaits("progress_known_at", w)
	t.figures["progress_known_at"].Details["registry_p50"] = quantile(prepared, 0.5)
	return nil
}
