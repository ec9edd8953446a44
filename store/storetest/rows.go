package storetest

import (
	"context"
	"sort"

	"jouleline/schema"
	"jouleline/store/duck"
)

// rowsAtOnce are the rows of a transaction: four row groups of DuckDB, which are
// written straight into the file and lie there whole.
const rowsAtOnce = 4 * 122_880

// ordered are rows of all meters, stretch by stretch, in each by meter.
type ordered[T any] struct {
	meters []int32
	of     [][][]T // by stretch and course

	stretch, place, row int
}

// inOrder puts those rows of courses that lie in stretches in order; at gives the
// moment by which the rows of a course are sorted.
func inOrder[T any](f *filling, stretches []stretch, rowsOf func(*course) []T, at func(*T) schema.Instant) *ordered[T] {
	o := &ordered[T]{meters: f.Meters}
	for _, s := range stretches {
		of := make([][]T, len(f.courses))
		for i := range f.courses {
			rows := rowsOf(&f.courses[i])
			place := func(moment schema.Instant) int {
				return sort.Search(len(rows), func(n int) bool { return at(&rows[n]) >= moment })
			}
			of[i] = rows[place(s.from):place(s.to)]
		}
		o.of = append(o.of, of)
	}
	return o
}

// len counts the rows.
func (o *ordered[T]) len() (rows int64) {
	for _, of := range o.of {
		for i, list := range of {
			rows += int64(len(list)) * takers(len(o.meters), i, len(of))
		}
	}
	return rows
}

// takers counts the meters that take a course.
func takers(meters, course, courses int) int64 {
	return int64(meters-course+courses-1) / int64(courses)
}

// next gives the next row and its meter; there must be one.
func (o *ordered[T]) next() (meter int32, row *T) {
	for {
		of := o.of[o.stretch]
		if list := of[o.place%len(of)]; o.row < len(list) {
			o.row++
			return o.meters[o.place], &list[o.row-1]
		}
		o.row = 0
		if o.place++; o.place == len(o.meters) {
			o.place = 0
			o.stretch++
		}
	}
}

// write appends so many rows to a table, in transactions of bounded size. set
// prepares a block and gives what writes one of its rows.
func (f *filling) write(ctx context.Context, table string, types []duck.Type, rows int64, set func(duck.Block) func(row int)) error {
	for rows > 0 {
		n := min(rows, rowsAtOnce)
		rows -= n
		err := f.conn.Transaction(ctx, func() error {
			return f.conn.Append(table, types, int(n), func(b duck.Block, _ int) {
				write := set(b)
				for i := range b.Rows() {
					write(i)
				}
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
