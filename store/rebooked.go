package store

import (
	"context"
	"fmt"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// earliestEnd is how long after its midnight in UTC the last hour of a local day
// begins to be over anywhere: a day ends first at UTC+14.
const earliestEnd = 24*schema.Hour - 14*schema.Hour

// Rebooked gives the days of meters of which something was booked out after they
// were over somewhere, in order of meters, moments and days; the caller, who knows
// the meters' calendars, leaves out those that were not over there. It asks the
// ledger alone: every day that anything is booked out of has a row whose known is
// not above zero (see [jouleline/metrics/books.Diff]), and row groups without one
// are passed over. Where the ledger is folded ([Store.FoldLedger]) the moment is
// the latest of the recording day.
func (s *Store) Rebooked(ctx context.Context, q posting.RebookedQuery) (list []posting.Rebooked, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return withMeters(ctx, c, q.Meters, func() error {
			return each(ctx, c, func(b duck.Block) {
				day, recorded := duck.Column[int32](b, 1), duck.Column[int64](b, 2)
				for i, meter := range duck.Column[int32](b, 0) {
					list = append(list, posting.Rebooked{Meter: meter, Day: schema.Day(day[i]), Recorded: schema.Instant(recorded[i])})
				}
			}, `SELECT DISTINCT meter, day, recorded FROM ledger
				WHERE known <= 0 AND recorded >= $1 AND recorded < $2 AND day >= $3 AND day < $4
				AND recorded >= day::BIGINT * 86400000 + $5 AND meter IN `+chosen+`
				ORDER BY meter, recorded, day LIMIT $6`,
				int64(q.From), int64(q.To), int32(q.Days.From), int32(q.Days.To), earliestEnd, q.Limit+1)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("find the days of %d meters that were booked anew: %w", len(q.Meters), err)
	}
	return list, nil
}
