package storetest

import (
	"cmp"
	"context"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

var readingTypes = []duck.Type{
	duck.Int32, duck.Int64, duck.Int64, duck.Int64, duck.Int64, duck.Int64, duck.Int32, duck.Uint8, duck.Uint8, duck.Uint8, duck.Bool, duck.Text, duck.Uint8,
}

// writeReadings writes the readings of today: runs that are lined up, and what came
// since in the order in which it came.
func (f *filling) writeReadings(ctx context.Context) error {
	rowsOf, at := func(c *course) []posting.Reading { return c.open }, func(r *posting.Reading) schema.Instant { return r.Recorded }
	runs, _ := deal(grainsOf(f, moment, rowsOf, at), f.runSizes().recent)
	lined := schema.Instant(0)
	if n := len(runs); n > 0 {
		lined = runs[n-1].to
		f.linedUp["readings"] = lined
	}
	ordered := inOrder(f, runs, rowsOf, at)
	if err := f.appendReadings(ctx, ordered.len(), ordered.next); err != nil {
		return err
	}
	since := f.since(lined)
	return f.appendReadings(ctx, since.rows, since.next)
}

// arrivals are readings in the order in which they came: those of the meters that
// share a course in one batch.
type arrivals struct {
	filling *filling
	list    []arrival
	rows    int64

	at, place int // the next, and the place of the meter that gave it
}

// arrival is a reading that the meters of a course gave.
type arrival struct {
	course int
	*posting.Reading
}

// since gives the readings that were recorded from a moment on.
func (f *filling) since(from schema.Instant) *arrivals {
	a := &arrivals{filling: f, place: -1}
	for i := range f.courses {
		open := f.courses[i].open
		for n := range open {
			if open[n].Recorded >= from {
				a.list = append(a.list, arrival{i, &open[n]})
				a.rows += takers(len(f.Meters), i, len(f.courses))
			}
		}
	}
	slices.SortFunc(a.list, func(a, b arrival) int {
		return cmp.Or(cmp.Compare(a.Recorded, b.Recorded), cmp.Compare(a.course, b.course))
	})
	return a
}

// next gives the next reading and its meter; there must be one.
func (a *arrivals) next() (meter int32, r *posting.Reading) {
	now := a.list[a.at]
	if a.place < 0 {
		a.place = now.course
	}
	meter = a.filling.Meters[a.place]
	if a.place += len(a.filling.courses); a.place >= len(a.filling.Meters) {
		a.at, a.place = a.at+1, -1
	}
	return meter, now.Reading
}

// decimals gives how many decimals the values of today's readings need.
func (f *filling) decimals() (digits uint8, size int64) {
	size = int64(schema.Micro)
	for i := range f.courses {
		for n := range f.courses[i].open {
			for ; int64(f.courses[i].open[n].Value)%size != 0; digits++ {
				size /= 10
			}
		}
	}
	return digits, size
}

// appendReadings appends so many readings, which next gives.
func (f *filling) appendReadings(ctx context.Context, rows int64, next func() (int32, *posting.Reading)) error {
	f.filled.Readings += rows
	digits, size := f.decimals()
	return f.write(ctx, "readings", readingTypes, rows, func(b duck.Block) func(int) {
		meter, time, value := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		start, received, recorded := duck.Column[int64](b, 3), duck.Column[int64](b, 4), duck.Column[int64](b, 5)
		revision, unit, kind := duck.Column[int32](b, 6), duck.Column[uint8](b, 7), duck.Column[uint8](b, 8)
		register, deleted, places := duck.Column[uint8](b, 9), duck.Column[bool](b, 10), duck.Column[uint8](b, 12)
		b.SetNulls(11)
		return func(i int) {
			number, r := next()
			meter[i], time[i], value[i], places[i] = number, int64(r.Time), int64(r.Value)/size, digits
			start[i], received[i], recorded[i] = int64(r.Start), int64(r.Received), int64(r.Recorded)
			revision[i], unit[i], kind[i] = r.Revision, uint8(r.Unit), uint8(r.Kind)
			register[i], deleted[i] = r.Register, r.Deleted
			if r.Original != "" {
				b.SetValid(11, i)
				b.SetText(11, i, r.Original)
			}
		}
	})
}
