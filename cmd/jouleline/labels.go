package main

import (
	"context"
	"time"
)

// labelsEvery is how soon the labels of series are made anew after an import, or a
// midnight on which something moved.
const labelsEvery = 5 * time.Second

// keepLabels makes the labels of series ready once the books are open, and again
// whenever they change. Otherwise the first question would do it and take that much
// longer; where it fails, that question does it all the same.
func (s *server) keepLabels(ctx context.Context) error {
	if _, err := s.books.waitForWorld(ctx); err != nil {
		return nil // it stops
	}
	if err := s.api.Prepare(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("labels of series are made by the first question that needs them", "error", err)
	}
	return s.every(ctx, labelsEvery, "labels of series", s.api.Prepare)
}
