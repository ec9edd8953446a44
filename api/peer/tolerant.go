package peer

import "context"

// Tolerant lets a question be answered although the instance of some partitions
// cannot be asked: withhold takes every number out of the answer that is smaller
// for it, and names the partitions. Questions that are not tolerant fail then.
func Tolerant[I, B any](handle func(context.Context, *I) (*B, error), withhold func(*B, *Gap)) func(context.Context, *I) (*B, error) {
	return func(ctx context.Context, in *I) (*B, error) {
		ctx, gap := Tolerate(ctx)
		a, err := handle(ctx, in)
		if err == nil && len(gap.Partitions()) > 0 {
			withhold(a, gap)
		}
		return a, err
	}
}
