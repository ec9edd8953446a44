package pipeline

import (
	"context"

	"jouleline/schema"
)

// Retire lets readings go that are older than a moment. What is booked stays, and
// can only be changed by readings that are later than those that are kept: older
// ones are rejected from then on. It gives the number of readings that went.
func (p *Pipeline) Retire(ctx context.Context, before schema.Instant) (readings int64, err error) {
	err = p.ask(ctx, func(ctx context.Context) error {
		list, gone, err := p.sink.Retire(ctx, before)
		if err != nil {
			return err
		}
		p.heads.retire(list)
		readings = gone
		return nil
	})
	return readings, err
}
