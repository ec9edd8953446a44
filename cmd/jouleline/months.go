package main

import (
	"context"
	"time"

	"jouleline/schema/registry"
)

// monthsPause is how long an import waits for its sums, where it moved nothing: the
// registry holds a moment after it was stored.
const monthsPause = 2 * time.Second

// keepMonths makes the sums of months ready that questions about all institutions
// over years are answered from: once the books are open, whenever the sums were
// dropped, and whenever another registry divides meters or computes them. Otherwise
// the first such question would do it and take that much longer. What fails is
// logged, and that question does it all the same.
func (s *server) keepMonths(ctx context.Context) error {
	world, err := s.books.waitForWorld(ctx)
	if err != nil {
		return nil // it stops
	}
	s.prepareMonths(ctx)
	s.prepareParts(ctx, world.Registry)
	look := time.NewTicker(monthsPause)
	defer look.Stop()
	for prepared := world.Registry; ; {
		select {
		case <-s.store.MonthsForgotten():
			s.prepareMonths(ctx)
		case <-look.C:
			if s.books.known().Registry == prepared {
				continue
			}
		case <-ctx.Done():
			return nil
		}
		prepared = s.books.known().Registry
		s.prepareParts(ctx, prepared)
	}
}

func (s *server) prepareMonths(ctx context.Context) {
	began := time.Now()
	switch err := s.store.PrepareMonths(ctx); {
	case ctx.Err() != nil: // given up: it stops
	case err != nil:
		s.log.Warn("sums of months are prepared later, by the first question that needs them", "error", err)
	default:
		s.log.Debug("sums of months are prepared", "took", time.Since(began))
	}
}

// prepareParts does it for what a registry divides or computes.
func (s *server) prepareParts(ctx context.Context, r *registry.Registry) {
	if !r.Computes() {
		return
	}
	began := time.Now()
	switch months, err := s.store.PrepareParts(ctx, r); {
	case ctx.Err() != nil: // given up: it stops
	case err != nil:
		s.log.Warn("sums of months of what is divided or computed are made later, by the questions that need them", "error", err)
	default:
		s.log.Debug("sums of months of what is divided or computed are prepared", "months", months, "took", time.Since(began))
	}
}
