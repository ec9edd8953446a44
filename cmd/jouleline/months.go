package main

import (
	"context"
	"time"
)

// keepMonths makes the sums of months ready that questions about all institutions
// over years are answered from: once the books are open, and whenever the sums were
// dropped. Otherwise the first such question would do it and take that much longer.
// What fails is logged, and that question does it all the same.
func (s *server) keepMonths(ctx context.Context) error {
	if _, err := s.books.waitForWorld(ctx); err != nil {
		return nil // it stops
	}
	for {
		s.prepareMonths(ctx)
		select {
		case <-s.store.MonthsForgotten():
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *server) prepareMonths(ctx context.Context) {
	if s.books.known().Registry.Computes() {
		s.log.Debug("sums of months are of no use here: meters are divided among institutions, or computed of others")
		return
	}
	began := time.Now()
	switch err := s.store.PrepareMonths(ctx); {
	case ctx.Err() != nil: // given up: it stops
	case err != nil:
		s.log.Warn("sums of months are prepared later, by the first question that needs them", "error", err)
	default:
		s.log.Debug("sums of months are prepared", "took", time.Since(began))
	}
}
