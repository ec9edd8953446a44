package store

import (
	"context"
	"fmt"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Booked gives what the ledger holds of meters over the local days [from, to),
// summed by day and cause, sorted by meter and day, as known at a moment (0:
// now). Account is not set.
func (s *Store) Booked(ctx context.Context, meters []int32, days schema.Validity, knownAt schema.Instant) (entries []posting.Entry, err error) {
	if knownAt == 0 {
		knownAt = schema.MaxInstant
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		entries, err = bookedOn(ctx, c, meters, days, knownAt)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the ledger of %d meters: %w", len(meters), err)
	}
	return entries, nil
}

// bookedOn sums the ledger on a connection; knownAt is not 0.
func bookedOn(ctx context.Context, c *duck.Conn, meters []int32, days schema.Validity, knownAt schema.Instant) (entries []posting.Entry, err error) {
	err = eachOf(ctx, c, meters, func(b duck.Block) {
		meter, day, cause := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[uint8](b, 2)
		quantity, known, estimated := duck.Column[int64](b, 3), duck.Column[int64](b, 4), duck.Column[int64](b, 5)
		for i := range meter {
			entries = append(entries, posting.Entry{Meter: meter[i], Account: posting.NoAccount, Entry: books.Entry{
				Day: schema.Day(day[i]), Cause: books.Cause(cause[i]), Quantity: schema.Quantity(quantity[i]),
				Known: known[i], Estimated: schema.Quantity(estimated[i]),
			}})
		}
	}, `SELECT meter, day, cause, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT FROM ledger
		WHERE meter IN `+chosen+` AND day >= $1 AND day < $2 AND recorded <= $3
		GROUP BY meter, day, cause ORDER BY meter, day, cause`,
		int32(days.From), int32(days.To), int64(knownAt))
	return entries, err
}

// Codes gives the verdicts that hold on readings of meters in [from, to), plain
// ones left out.
func (s *Store) Codes(ctx context.Context, meters []int32, from, to schema.Instant) (codes []posting.Code, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		codes, err = codesOn(ctx, c, meters, from, to)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the verdicts of %d meters: %w", len(meters), err)
	}
	return codes, nil
}

// codesOn reads the verdicts on a connection.
func codesOn(ctx context.Context, c *duck.Conn, meters []int32, from, to schema.Instant) (codes []posting.Code, err error) {
	err = eachOf(ctx, c, meters, func(b duck.Block) { codes = appendCodeBlock(codes, b) },
		codesSQL+` WHERE code <> '' AND time >= $1 AND time < $2 AND meter IN `+chosen+` ORDER BY meter, time`,
		int64(from), int64(to))
	return codes, err
}

// Fold makes one row of all the roll-up's rows of an account and month.
func (s *Store) Fold(ctx context.Context) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		for _, sql := range []string{
			`CREATE OR REPLACE TEMPORARY TABLE folded AS
				SELECT account, month, sum(quantity)::BIGINT AS quantity, sum(known)::BIGINT AS known, sum(estimated)::BIGINT AS estimated
				FROM rollup GROUP BY account, month ORDER BY month, account`,
			`DELETE FROM rollup`,
			`INSERT INTO rollup SELECT * FROM folded ORDER BY month, account`,
			`DROP TABLE folded`,
		} {
			if _, err := s.writer.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}
