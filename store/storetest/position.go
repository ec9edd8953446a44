package storetest

import (
	"context"
	"fmt"
	"time"

	"jouleline/schema"
	"jouleline/store/duck"
)

// check refuses a file in which the crowd would not be what a store makes of it: one
// that holds something of its meters, or that has settled until another day.
func (f *filling) check(ctx context.Context) error {
	const chosen = ` WHERE meter IN (SELECT meter FROM crowd)`
	if _, err := f.conn.Exec(ctx, `CREATE TEMPORARY TABLE crowd (meter INTEGER)`); err != nil {
		return err
	}
	if err := f.conn.Append("crowd", []duck.Type{duck.Int32}, len(f.Meters), func(b duck.Block, from int) {
		copy(duck.Column[int32](b, 0), f.Meters[from:])
	}); err != nil {
		return err
	}
	known, err := f.scalar(ctx, `SELECT count(*) FROM crowd WHERE meter IN (SELECT id FROM meters)`)
	if err == nil && known != int64(len(f.Meters)) {
		err = fmt.Errorf("got %d that the file knows, want all", known)
	}
	if err != nil {
		return err
	}
	for _, table := range []string{"readings", "settled", "ledger", "heads"} {
		n, err := f.scalar(ctx, `SELECT count(*) FROM `+table+chosen)
		if err == nil && n != 0 {
			err = fmt.Errorf("got %d rows of them in %s, want none", n, table)
		}
		if err != nil {
			return err
		}
	}
	day, err := f.scalar(ctx, `SELECT coalesce(max(day), 0)::BIGINT FROM settled_until`)
	if err == nil && day != 0 && schema.Day(day) != f.today() {
		err = fmt.Errorf("got a file that has settled until %s, want %s or nothing", schema.Day(day), f.today())
	}
	return err
}

func (f *filling) scalar(ctx context.Context, sql string) (value int64, err error) {
	rows, err := f.conn.Query(ctx, sql)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for b, ok := rows.Next(); ok; b, ok = rows.Next() {
		value = duck.Column[int64](b, 0)[0]
	}
	return value, nil
}

// writePosition writes what the store keeps of how far it has come. What stands
// there of other meters that are further stays: their rows were recorded later.
func (f *filling) writePosition(ctx context.Context) error {
	if err := f.writeHeads(ctx); err != nil {
		return err
	}
	settled, last := schema.Instant(0), schema.Instant(0)
	for i := range f.courses {
		c := &f.courses[i]
		for _, p := range c.packs {
			settled = max(settled, p.recorded)
		}
		for _, b := range c.booked {
			last = max(last, b.recorded)
		}
		for _, r := range c.open {
			last = max(last, r.Recorded)
		}
	}
	last = max(last, settled)
	folded := (utcDay(last) + 1).Start(time.UTC)
	for what, until := range f.linedUp {
		if _, err := f.conn.Exec(ctx, `INSERT INTO lined_up SELECT $1, $2 WHERE NOT EXISTS (FROM lined_up WHERE what = $1)`, what, int64(until)); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO settled_until SELECT $1, $2, $3 WHERE NOT EXISTS (FROM settled_until)`, []any{int32(f.today()), int64(settled), int32(schema.MonthOf(f.today()).First())}},
		{`INSERT INTO heads_as_of SELECT $1 WHERE NOT EXISTS (FROM heads_as_of)`, []any{int64(last)}},
		{`INSERT INTO folded SELECT $1 WHERE NOT EXISTS (FROM folded)`, []any{int64(folded)}},
		{`CHECKPOINT`, nil},
	} {
		if _, err := f.conn.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// writeHeads writes the first and the latest reading of each meter.
func (f *filling) writeHeads(ctx context.Context) error {
	place := 0
	return f.write(ctx, "heads", []duck.Type{duck.Int32, duck.Int64, duck.Int64}, int64(len(f.Meters)), func(b duck.Block) func(int) {
		meter, first, seen := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		return func(i int) {
			c := f.courseOf(place)
			meter[i], first[i], seen[i] = f.Meters[place], int64(c.first), int64(c.seen)
			place++
		}
	})
}
