package store

import (
	"context"

	"jouleline/schema"
	"jouleline/store/duck"
)

// foldAfter is the least number of roll-up rows that are worth folding: below it
// a query reads them all in milliseconds.
const foldAfter = 500_000

// Maintain folds the roll-ups where they have grown by half since the last time, and
// the ledger's days that have ended, lines up what has come, and saves the heads. It
// is called now and then, while batches are posted.
func (s *Store) Maintain(ctx context.Context) error {
	s.write.Lock()
	rows, err := scalar(ctx, s.writer, `SELECT count(*) FROM rollup`)
	folded := s.folded
	s.write.Unlock()
	if err != nil {
		return err
	}
	if rows > folded+max(folded/2, foldAfter) {
		if err := s.Fold(ctx); err != nil {
			return err
		}
		s.write.Lock()
		s.folded, err = scalar(ctx, s.writer, `SELECT count(*) FROM rollup`)
		s.write.Unlock()
		if err != nil {
			return err
		}
	}
	if err := s.FoldLedger(ctx, schema.InstantOf(s.config.Now())-schema.Instant(24*schema.Hour)); err != nil {
		return err
	}
	if _, err := s.lineUp(ctx, defaultRuns); err != nil {
		return err
	}
	return s.SaveHeads(ctx)
}

// FoldLedger makes one row of all rows of a meter, day, cause and recording day
// (UTC) that were recorded before a moment, on recording days that have ended by
// then; what was booked out stays apart from what was booked in, for
// [Store.Rebooked]. What was known on a day can still be asked, and at the moments of frozen
// reports; what was known otherwise within a day that is folded cannot. A row of
// nothing stays: it tells whoever reads the ledger in the order of its recording
// that the day was touched (see [Store.Touched]).
func (s *Store) FoldLedger(ctx context.Context, before schema.Instant) error {
	const day = schema.Instant(24 * schema.Hour)
	before -= before % day
	s.write.Lock()
	defer s.write.Unlock()
	from, err := scalar(ctx, s.writer, `SELECT coalesce(max(until), 0) FROM folded`)
	if err != nil || schema.Instant(from) >= before {
		return err
	}
	ends, err := reportMoments(ctx, s.writer, schema.Instant(from), before)
	if err != nil {
		return err
	}
	return s.writer.Transaction(ctx, func() error {
		begin := schema.Instant(from)
		for _, end := range append(ends, before) {
			if err := foldBetween(ctx, s.writer, begin, end); err != nil {
				return err
			}
			begin = end
		}
		if _, err := s.writer.Exec(ctx, `DELETE FROM folded`); err != nil {
			return err
		}
		_, err := s.writer.Exec(ctx, `INSERT INTO folded VALUES ($1)`, int64(before))
		return err
	})
}

// reportMoments gives the moments within a stretch from which on a frozen report
// knows nothing any more, in order: no row may be folded across one.
func reportMoments(ctx context.Context, c *duck.Conn, from, before schema.Instant) (ends []schema.Instant, err error) {
	err = each(ctx, c, func(b duck.Block) {
		for _, at := range duck.Column[int64](b, 0) {
			ends = append(ends, schema.Instant(at))
		}
	}, `SELECT DISTINCT known_at + 1 FROM reports WHERE known_at >= $1 AND known_at < $2 ORDER BY 1`, int64(from), int64(before)-1)
	return ends, err
}

// foldBetween folds the rows recorded in [from, before) inside a transaction.
func foldBetween(ctx context.Context, c *duck.Conn, from, before schema.Instant) error {
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`CREATE OR REPLACE TEMPORARY TABLE folding AS
			SELECT meter, day, sum(quantity)::BIGINT AS quantity, sum(known)::INTEGER AS known, sum(estimated)::BIGINT AS estimated, cause, max(recorded) AS recorded
			FROM ledger WHERE recorded >= $1 AND recorded < $2
			GROUP BY meter, day, cause, recorded // 86400000, known <= 0`, []any{int64(from), int64(before)}},
		{`DELETE FROM ledger WHERE recorded >= $1 AND recorded < $2`, []any{int64(from), int64(before)}},
		{`INSERT INTO ledger SELECT * FROM folding ORDER BY recorded // 86400000, meter, day`, nil},
		{`DROP TABLE folding`, nil},
	} {
		if _, err := c.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	return nil
}
