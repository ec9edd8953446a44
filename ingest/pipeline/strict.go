package pipeline

import (
	"context"

	"jouleline/metrics/posting"
)

// strictSink remembers that a batch could not be stored. What the pipeline holds
// in memory may then be ahead of the books (numbers of new meters, heads), so
// nothing may be booked on top of it: a new pipeline begins with what is stored.
type strictSink struct {
	Sink
	err error // of the first batch that could not be stored
}

func (s *strictSink) Post(ctx context.Context, b *posting.Batch) error {
	err := s.Sink.Post(ctx, b)
	if err != nil && s.err == nil {
		s.err = err
	}
	return err
}
