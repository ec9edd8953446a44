package store

import (
	"context"

	"jouleline/schema"
)

// foldAfter is the least number of roll-up rows that are worth folding: below it
// a query reads them all in milliseconds.
const foldAfter = 500_000

// Maintain folds the roll-ups where they have grown by half since the last time,
// and saves the heads. It is called now and then, while batches are posted.
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
	return s.SaveHeads(ctx)
}

// FoldLedger makes one row of all rows of a meter, day, cause and recording day
// (UTC) that were recorded before a moment, on recording days that have ended by
// then. What was known on a day can still be asked; what was known within a day
// that is folded cannot.
func (s *Store) FoldLedger(ctx context.Context, before schema.Instant) error {
	const day = schema.Instant(24 * schema.Hour)
	before -= before % day
	s.write.Lock()
	defer s.write.Unlock()
	from, err := scalar(ctx, s.writer, `SELECT coalesce(max(until), 0) FROM folded`)
	if err != nil || schema.Instant(from) >= before {
		return err
	}
	return s.writer.Transaction(ctx, func() error {
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{`CREATE OR REPLACE TEMPORARY TABLE folding AS
				SELECT meter, day, sum(quantity)::BIGINT AS quantity, sum(known)::INTEGER AS known, sum(estimated)::BIGINT AS estimated, cause, max(recorded) AS recorded
				FROM ledger WHERE recorded >= $1 AND recorded < $2
				GROUP BY meter, day, cause, recorded // 86400000`, []any{from, int64(before)}},
			{`DELETE FROM ledger WHERE recorded >= $1 AND recorded < $2`, []any{from, int64(before)}},
			{`INSERT INTO ledger SELECT * FROM folding WHERE quantity <> 0 OR known <> 0 OR estimated <> 0 ORDER BY recorded // 86400000, meter, day`, nil},
			{`DROP TABLE folding`, nil},
			{`DELETE FROM folded`, nil},
			{`INSERT INTO folded VALUES ($1)`, []any{int64(before)}},
		} {
			if _, err := s.writer.Exec(ctx, step.sql, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
}
