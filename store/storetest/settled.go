package storetest

import (
	"context"
	"time"

	"jouleline/schema"
	"jouleline/store/duck"
)

var packTypes = []duck.Type{duck.Int32, duck.Int32, duck.Int32, duck.Int64, duck.Int64, duck.Int32, duck.Int32, duck.Int32, duck.Bytes}

// writePacks writes the readings of the days that have ended.
func (f *filling) writePacks(ctx context.Context) error {
	rows := inOrder(f, f.days(), func(c *course) []packed { return c.packs }, func(p *packed) schema.Instant { return p.day.Start(time.UTC) })
	f.filled.Packs = rows.len()
	for i := range f.Meters {
		for _, p := range f.courseOf(i).packs {
			f.filled.Readings += int64(p.readings)
		}
	}
	return f.write(ctx, "settled", packTypes, f.filled.Packs, func(b duck.Block) func(int) {
		meter, day, until := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[int32](b, 2)
		earliest, recorded := duck.Column[int64](b, 3), duck.Column[int64](b, 4)
		readings, revised, deleted := duck.Column[int32](b, 5), duck.Column[int32](b, 6), duck.Column[int32](b, 7)
		return func(i int) {
			number, p := rows.next()
			meter[i], day[i], until[i] = number, int32(p.day), int32(p.day)
			earliest[i], recorded[i] = int64(p.earliest), int64(p.recorded)
			readings[i], revised[i], deleted[i] = p.readings, 0, 0
			b.SetBytes(8, i, p.data)
		}
	})
}
