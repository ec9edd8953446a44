package main

import (
	"context"
	"time"
)

// pace does something a number of times at a rate. Where doing takes too long,
// it goes on without a pause until it has caught up.
func pace(ctx context.Context, perSecond, times int, do func(i int) error) error {
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range times {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		timer.Reset(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := do(i); err != nil {
			return err
		}
	}
	return nil
}
