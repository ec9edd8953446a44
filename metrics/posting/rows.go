package posting

import (
	"slices"
	"sort"

	"jouleline/metrics/books"
)

// numbered is a row that carries its meter's number.
type numbered interface{ number() int32 }

func (r Reading) number() int32  { return r.Meter }
func (e Entry) number() int32    { return e.Meter }
func (c Code) number() int32     { return c.Meter }
func (r Retired) number() int32  { return r.Meter }
func (r Rebooked) number() int32 { return r.Meter }

// RowsOf gives one meter's rows of rows that are sorted by meter. They share
// their memory.
func RowsOf[T numbered](rows []T, meter int32) []T {
	from := sort.Search(len(rows), func(i int) bool { return rows[i].number() >= meter })
	length := sort.Search(len(rows)-from, func(i int) bool { return rows[from+i].number() > meter })
	return rows[from : from+length]
}

// PointsOf gives one meter's points of readings that are sorted by meter.
func PointsOf(readings []Reading, meter int32) []books.Point {
	rows := RowsOf(readings, meter)
	return AppendPoints(nil, rows)
}

// AppendPoints appends the points of readings.
func AppendPoints(points []books.Point, readings []Reading) []books.Point {
	points = slices.Grow(points, len(readings))
	for i := range readings {
		points = append(points, readings[i].Point)
	}
	return points
}

// EachMeter visits readings that are sorted by meter, meter by meter. An error of
// the visit ends it.
func EachMeter(readings []Reading, visit func([]Reading) error) error {
	for len(readings) > 0 {
		of := RowsOf(readings, readings[0].Meter)
		if err := visit(of); err != nil {
			return err
		}
		readings = readings[len(of):]
	}
	return nil
}
