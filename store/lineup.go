package store

import (
	"context"
	"fmt"

	"jouleline/schema"
	"jouleline/store/duck"
)

// Rows come in the order of their recording. Whoever asks for one building would look
// through those of all others, so they are lined up: put in the order of meters, a run
// at a time. DuckDB keeps the least and the greatest meter of every 122,880 rows, and
// reads one or two such groups of a run instead of all.

// runSizes says how many rows make a run.
type runSizes struct {
	// recent is for rows that came a moment ago: the writer is held up for a quarter of
	// a second by a million, and as many are looked through at most.
	recent int64
	// folded is for the ledger's folded days. A day of them is in the order of meters
	// already, which is enough where it has many; four millions are some weeks of
	// 100,000 meters.
	folded int64
	// packs is for packs of the running month: five days of 100,000 meters.
	packs int64
}

// moment is what runs of recent rows are made of: what is recorded in it, some
// transactions at most, is not divided.
const moment = schema.Instant(schema.Second / 10)

var defaultRuns = runSizes{recent: 1_000_000, folded: 4_000_000, packs: 500_000}

// lining is a part of a table that is lined up.
type lining struct {
	what, table string
	// grain is what runs are made of; areOrdered tells that each is lined up in
	// itself.
	grain      schema.Instant
	areOrdered bool
	least      int64
	// from and to bound when the rows were recorded.
	from, to schema.Instant
	move     func(context.Context, run) error
}

// run is rows of [from, to) that are lined up together.
type run struct {
	from, to schema.Instant
	rows     int64
	grains   int
}

// lineUp lines up what has come, where that is enough for a run, and gives how many
// runs that were. Batches are posted and questions answered meanwhile.
func (s *Store) lineUp(ctx context.Context, sizes runSizes) (moved int, err error) {
	until, folded, err := s.linedUp(ctx)
	if err != nil {
		return 0, fmt.Errorf("look how far rows are lined up: %w", err)
	}
	now := s.Recorded() + 1
	for _, l := range []lining{
		{
			what: "readings", table: "readings", grain: moment, least: sizes.recent,
			from: until["readings"], to: now, move: s.lineReadings,
		},
		{
			what: "ledger", table: "ledger", grain: moment, least: sizes.recent,
			from: max(until["ledger"], folded), to: now, move: s.lineLedger,
		},
		{
			what: "folded", table: "ledger", grain: schema.Instant(24 * schema.Hour), areOrdered: true, least: sizes.folded,
			from: until["folded"], to: folded, move: s.lineLedger,
		},
	} {
		runs, err := s.line(ctx, &l)
		if err != nil {
			return moved, fmt.Errorf("line up %s recorded from %s to %s: %w", l.what, l.from, l.to, err)
		}
		moved += runs
	}
	if moved == 0 {
		return 0, nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	_, err = s.writer.Exec(ctx, "CHECKPOINT") // what was taken away is stepped over until then
	return moved, err
}

// linedUp gives how far each part is lined up, and the ledger folded.
func (s *Store) linedUp(ctx context.Context) (until map[string]schema.Instant, folded schema.Instant, err error) {
	until = map[string]schema.Instant{}
	err = s.read(ctx, func(c *duck.Conn) error {
		last, err := scalar(ctx, c, `SELECT coalesce(max(until), 0) FROM folded`)
		if err != nil {
			return err
		}
		folded = schema.Instant(last)
		return each(ctx, c, func(b duck.Block) {
			for i, at := range duck.Column[int64](b, 1) {
				until[b.Text(0, i)] = schema.Instant(at)
			}
		}, `SELECT what, until FROM lined_up`)
	})
	return until, folded, err
}

// line lines up all full runs of a part and gives how many had to be.
func (s *Store) line(ctx context.Context, l *lining) (moved int, err error) {
	var runs []run
	if err := s.read(ctx, func(c *duck.Conn) error {
		runs, err = l.runs(ctx, c)
		return err
	}); err != nil {
		return 0, err
	}
	for _, r := range runs {
		if r.grains > 1 || !l.areOrdered {
			if err := l.move(ctx, r); err != nil {
				return moved, err
			}
			moved++
		}
		if err := s.noteLined(ctx, l.what, r.to); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// runs deals the rows to runs; what is left of them waits for more. A grain that is a
// run by itself stays alone.
func (l *lining) runs(ctx context.Context, c *duck.Conn) (runs []run, err error) {
	open := run{from: l.from}
	end := func(to schema.Instant) {
		open.to = min(to, l.to)
		runs = append(runs, open)
		open = run{from: open.to}
	}
	err = each(ctx, c, func(b duck.Block) {
		rows := duck.Column[int64](b, 1)
		for i, grain := range duck.Column[int64](b, 0) {
			if from := schema.Instant(grain) * l.grain; open.rows > 0 && rows[i] >= l.least {
				end(from)
			}
			open.rows, open.grains = open.rows+rows[i], open.grains+1
			if open.rows >= l.least {
				end((schema.Instant(grain) + 1) * l.grain)
			}
		}
	}, `SELECT recorded // $3, count(*) FROM `+l.table+` WHERE recorded >= $1 AND recorded < $2 GROUP BY 1 ORDER BY 1`,
		int64(l.from), int64(l.to), int64(l.grain))
	return runs, err
}

// lineReadings sorts a run while batches are posted, and puts it in its place.
func (s *Store) lineReadings(ctx context.Context, r run) error {
	s.settling.Lock() // nobody else takes readings away between here and there
	defer s.settling.Unlock()
	const these = ` FROM readings WHERE recorded >= $1 AND recorded < $2`
	g := gathering{knownAt: schema.MaxInstant}
	if err := s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) { g.blocks = append(g.blocks, readBlock(b)) }, `SELECT `+readingColumns+these, int64(r.from), int64(r.to))
	}); err != nil {
		return err
	}
	sorted, err := g.sorted()
	if err != nil {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		gone, err := s.writer.Exec(ctx, `DELETE`+these, int64(r.from), int64(r.to))
		if err == nil && gone != int64(len(sorted)) {
			err = fmt.Errorf("got %d readings to take away, want the %d that were sorted", gone, len(sorted))
		}
		if err != nil {
			return err
		}
		return appendReadings(s.writer, "readings", sorted, 0)
	})
}

// lineLedger sorts a run of the ledger in its place.
func (s *Store) lineLedger(ctx context.Context, r run) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{`CREATE OR REPLACE TEMPORARY TABLE lining AS SELECT * FROM ledger WHERE recorded >= $1 AND recorded < $2`, []any{int64(r.from), int64(r.to)}},
			{`DELETE FROM ledger WHERE recorded >= $1 AND recorded < $2`, []any{int64(r.from), int64(r.to)}},
			{`INSERT INTO ledger SELECT * FROM lining ORDER BY meter, day, recorded`, nil},
			{`DROP TABLE lining`, nil},
		} {
			if _, err := s.writer.Exec(ctx, step.sql, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteLined remembers how far a part is lined up.
func (s *Store) noteLined(ctx context.Context, what string, until schema.Instant) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		if _, err := s.writer.Exec(ctx, `DELETE FROM lined_up WHERE what = $1`, what); err != nil {
			return err
		}
		_, err := s.writer.Exec(ctx, `INSERT INTO lined_up VALUES ($1, $2)`, what, int64(until))
		return err
	})
}
