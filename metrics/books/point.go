package books

import (
	"cmp"
	"slices"

	"jouleline/schema"
)

// Point is a stored reading of one meter. Its Unit and Kind are always given:
// what the sender left out was filled with the meter's own when it came.
type Point struct {
	Time     schema.Instant
	Start    schema.Instant // deltas and bills only
	Received schema.Instant
	// Value is what was shown, in Unit, in micro-units; Original its text where
	// it has more than six decimals.
	Value    schema.Quantity
	Original string
	Revision int32
	Unit     schema.Unit
	Kind     schema.Kind
	Register uint8
	Deleted  bool
}

// identity orders points of one meter by time and then by what makes them
// different readings (rule 3).
func identity(a, b *Point) int {
	return cmp.Or(
		cmp.Compare(a.Time, b.Time),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Register, b.Register),
		cmp.Compare(a.Start, b.Start),
	)
}

// precedence orders points of one identity: the last one wins.
func precedence(a, b *Point) int {
	deleted := func(p *Point) int {
		if p.Deleted {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(a.Revision, b.Revision),
		cmp.Compare(a.Received, b.Received),
		cmp.Compare(deleted(a), deleted(b)),
		cmp.Compare(a.Value, b.Value),
		cmp.Compare(a.Unit, b.Unit),
		cmp.Compare(a.Original, b.Original),
	)
}

// Compare orders points by identity, then by precedence.
func Compare(a, b *Point) int {
	if a.Time != b.Time { // most do, and the rest need not be compared
		return cmp.Compare(a.Time, b.Time)
	}
	return cmp.Or(identity(a, b), precedence(a, b))
}

// SameIdentity tells whether two points of one meter are versions of the same
// reading.
func SameIdentity(a, b *Point) bool { return identity(a, b) == 0 }

// Sort orders points by identity and precedence, so that equal sets of points
// always stand in the same order.
func Sort(points []Point) {
	slices.SortFunc(points, func(a, b Point) int { return Compare(&a, &b) })
}

// Resolve gives the winner of each identity of sorted points, without those that
// a tombstone took back. The result is a new slice.
func Resolve(sorted []Point) []Point { return resolve(make([]Point, 0, len(sorted)), sorted) }

// ResolveIn does the same in the place of the points, which are lost.
func ResolveIn(sorted []Point) []Point { return resolve(sorted[:0], sorted) }

// resolve appends the winners to a list that may lie in the place of the points: it
// never is longer than what was looked at.
func resolve(winners, sorted []Point) []Point {
	for i := range sorted {
		last := i+1 == len(sorted) || identity(&sorted[i], &sorted[i+1]) != 0
		if last && !sorted[i].Deleted {
			winners = append(winners, sorted[i])
		}
	}
	return winners
}
