package storetest

import (
	"context"
	"maps"
	"slices"

	"jouleline/metrics/books"
	"jouleline/schema"
	"jouleline/store/duck"
)

var entryTypes = []duck.Type{duck.Int32, duck.Int32, duck.Int64, duck.Int32, duck.Int64, duck.Uint8, duck.Int64}

// writeLedger writes what was booked, folded by recording days: runs of days that are
// lined up, and the days since one by one.
func (f *filling) writeLedger(ctx context.Context) error {
	rowsOf, at := func(c *course) []booked { return c.booked }, func(b *booked) schema.Instant { return b.recorded }
	stretches, left := deal(grainsOf(f, aDay, rowsOf, at), f.runSizes().folded)
	if n := len(stretches); n > 0 {
		f.linedUp["folded"] = stretches[n-1].to
	}
	for _, day := range left {
		stretches = append(stretches, day.stretch)
	}
	rows := inOrder(f, stretches, rowsOf, at)
	f.filled.Entries = rows.len()
	return f.write(ctx, "ledger", entryTypes, f.filled.Entries, func(b duck.Block) func(int) {
		meter, day, quantity := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[int64](b, 2)
		known, estimated, cause := duck.Column[int32](b, 3), duck.Column[int64](b, 4), duck.Column[uint8](b, 5)
		recorded := duck.Column[int64](b, 6)
		return func(i int) {
			number, e := rows.next()
			meter[i], day[i], quantity[i] = number, int32(e.Day), int64(e.Quantity)
			known[i], estimated[i], cause[i], recorded[i] = int32(e.Known), int64(e.Estimated), uint8(e.Cause), int64(e.recorded)
		}
	})
}

// rollup is a row of the roll-ups.
type rollup struct {
	month   schema.Month
	account int32
}

// writeRollups sums what was booked by account and month.
func (f *filling) writeRollups(ctx context.Context) error {
	sums := map[rollup]*books.Entry{}
	err := f.eachAttribution(ctx, func(place int, account int32, days schema.Validity) {
		var sum *books.Entry
		month, first, next := schema.Month(0), schema.Day(0), schema.Day(0)
		for _, e := range f.courseOf(place).booked {
			if e.Day < days.From || e.Day >= days.To {
				continue
			}
			if e.Day < first || e.Day >= next {
				month = schema.MonthOf(e.Day)
				first, next = month.First(), (month + 1).First()
				if sum = sums[rollup{month, account}]; sum == nil {
					sum = &books.Entry{}
					sums[rollup{month, account}] = sum
				}
			}
			sum.Quantity += e.Quantity
			sum.Known += e.Known
			sum.Estimated += e.Estimated
		}
	})
	if err != nil {
		return err
	}
	keys := slices.SortedFunc(maps.Keys(sums), func(a, b rollup) int {
		if a.month != b.month {
			return int(a.month) - int(b.month)
		}
		return int(a.account) - int(b.account)
	})
	f.filled.Rollups = int64(len(keys))
	types := []duck.Type{duck.Int32, duck.Int32, duck.Int64, duck.Int64, duck.Int64}
	at := 0
	return f.write(ctx, "rollup", types, f.filled.Rollups, func(b duck.Block) func(int) {
		account, month := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
		quantity, known, estimated := duck.Column[int64](b, 2), duck.Column[int64](b, 3), duck.Column[int64](b, 4)
		return func(i int) {
			sum := sums[keys[at]]
			account[i], month[i] = keys[at].account, int32(keys[at].month)
			quantity[i], known[i], estimated[i] = int64(sum.Quantity), sum.Known, int64(sum.Estimated)
			at++
		}
	})
}

// eachAttribution visits the accounts that the meters count to.
func (f *filling) eachAttribution(ctx context.Context, visit func(place int, account int32, days schema.Validity)) error {
	rows, err := f.conn.Query(ctx, `SELECT meter, from_day, to_day, account FROM attribution WHERE account >= 0 ORDER BY meter, from_day`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for b, ok := rows.Next(); ok; b, ok = rows.Next() {
		from, to, account := duck.Column[int32](b, 1), duck.Column[int32](b, 2), duck.Column[int32](b, 3)
		for i, meter := range duck.Column[int32](b, 0) {
			if place, ok := slices.BinarySearch(f.Meters, meter); ok {
				visit(place, account[i], schema.Validity{From: schema.Day(from[i]), To: schema.Day(to[i])})
			}
		}
	}
	return nil
}
