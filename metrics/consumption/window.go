package consumption

import (
	"slices"
	"sort"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// window finds the spans of one meter in [from, to) without reading all of its
// readings: it begins with an anchor before from and ends with a plainly
// accepted reading at or after to. Whatever comes after that one settles nothing
// before it any more.
type window struct {
	member   *Member
	from, to schema.Instant
	// reach is how many intervals the window goes beyond from and to; lo and hi
	// are its ends, both included.
	reach  int64
	lo, hi schema.Instant
	now    schema.Instant
	// known tells where the meter's readings begin and end, nil where that was not
	// asked.
	known *posting.Known
	// whole tells that the window holds all readings, and that no verdicts tell
	// which of them are plain.
	whole bool
}

// firstReach is how far a window first goes beyond what is asked for, in
// intervals of the meter, and growth by how much further it goes each time that
// was too short: few windows are read twice, and none more than six times.
const (
	firstReach = 4
	growth     = 16
)

// newWindow prepares the first reach, or a window over everything.
func newWindow(m *Member, from, to, now schema.Instant, known *posting.Known, whole bool) *window {
	w := &window{member: m, from: from, to: to, now: now, known: known, reach: firstReach, whole: whole}
	if whole {
		w.lo, w.hi = schema.MinInstant, schema.MaxInstant
		return w
	}
	w.stretch()
	return w
}

// widen reaches further on both sides.
func (w *window) widen() {
	w.reach *= growth
	w.stretch()
}

func (w *window) stretch() {
	interval := schema.Hour
	if era := w.member.Facts.EraAt(w.to - 1); era != nil && era.Interval > 0 {
		interval = era.Interval
	}
	beyond := schema.Instant(min(w.reach*interval, int64(schema.MaxInstant)))
	w.lo, w.hi = w.from-beyond, w.to+beyond
	if eras := w.member.Facts.Eras; len(eras) == 0 || w.lo <= eras[0].From || w.known != nil && w.lo <= w.known.First {
		w.lo = schema.MinInstant
	}
	// Readings are at most MaxAhead later than their reception: a day beyond now
	// there is nothing more to come.
	if w.hi >= w.now+schema.Instant(24*schema.Hour) || w.known != nil && w.hi >= w.known.Seen {
		w.hi = schema.MaxInstant
	}
}

// judge gives the winners in the window, in the place of the points, and writes what
// judging says of them to judged, whose room is used again. points are all stored
// versions in [lo, hi], sorted; apart are the times, sorted, of readings that are not
// plainly accepted. It is false where the window is too short.
func (w *window) judge(judged *books.Judgement, points []books.Point, apart []schema.Instant) (winners []books.Point, ok bool) {
	if w.whole {
		winners = books.ResolveIn(points)
		judged.Judge(w.member.Facts, winners, false, schema.MaxInstant)
		return winners, true
	}
	isPlain := func(group []books.Point) bool {
		if _, found := slices.BinarySearch(apart, group[0].Time); found {
			return false
		}
		return len(books.Resolve(group)) == 1
	}
	until := schema.MaxInstant
	if last, found := w.last(points, isPlain); found {
		points, until = points[:last], points[last-1].Time
	} else if w.hi < schema.MaxInstant {
		return nil, false
	}
	first, anchored := w.anchor(points, isPlain)
	if !anchored && w.lo > schema.MinInstant {
		return nil, false
	}
	winners = books.ResolveIn(points[first:])
	judged.Judge(w.member.Facts, winners, anchored, until)
	return winners, true
}

// last gives the end of the first group of readings of one time, at or after to,
// that is plainly accepted.
func (w *window) last(points []books.Point, isPlain func([]books.Point) bool) (end int, ok bool) {
	i := sort.Search(len(points), func(i int) bool { return points[i].Time >= w.to })
	for i < len(points) {
		end := endOfTime(points, i)
		if isPlain(points[i:end]) {
			return end, true
		}
		i = end
	}
	return 0, false
}

// anchor gives the reading that judging may begin with: plainly accepted, with
// as many plainly accepted ones up to from as an anchor wants.
func (w *window) anchor(points []books.Point, isPlain func([]books.Point) bool) (first int, ok bool) {
	end := sort.Search(len(points), func(i int) bool { return points[i].Time >= w.from })
	for found := 0; end > 0; {
		first := end - 1
		for first > 0 && points[first-1].Time == points[end-1].Time {
			first--
		}
		if isPlain(points[first:end]) {
			if found++; found == books.Anchors {
				return first, true
			}
		}
		end = first
	}
	return 0, false
}

// endOfTime gives the end of the readings that have the time of the i-th.
func endOfTime(points []books.Point, i int) int {
	end := i + 1
	for end < len(points) && points[end].Time == points[i].Time {
		end++
	}
	return end
}
