package store

import (
	"slices"
	"sort"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
)

// SortReadings sorts by meter, then as [books.Sort] sorts. Readings are dealt to
// their meters first and each meter's few are sorted on their own, which is several
// times faster than sorting all of them.
func SortReadings(readings []posting.Reading) {
	dealt, hands := deal([][]posting.Reading{readings})
	var s sorter
	for _, h := range hands {
		s.sort(dealt[h.from:h.to])
	}
	copy(readings, dealt)
}

// hand is where the readings of a meter stand.
type hand struct {
	meter    int32
	from, to int
}

// deal puts the readings of each meter together, in the order of meters.
func deal(lists [][]posting.Reading) (dealt []posting.Reading, hands []hand) {
	at := map[int32]int{} // in hands
	total := 0
	eachMeter(lists, func(some []posting.Reading) {
		i, ok := at[some[0].Meter]
		if !ok {
			i = len(hands)
			at[some[0].Meter], hands = i, append(hands, hand{meter: some[0].Meter})
		}
		hands[i].to += len(some) // their number, at first
		total += len(some)
	})
	slices.SortFunc(hands, func(a, b hand) int { return int(a.meter) - int(b.meter) })
	place := 0
	for i := range hands {
		at[hands[i].meter] = i
		place, hands[i].from, hands[i].to = place+hands[i].to, place, place
	}
	dealt = make([]posting.Reading, total)
	eachMeter(lists, func(some []posting.Reading) {
		h := &hands[at[some[0].Meter]]
		h.to += copy(dealt[h.to:], some)
	})
	return dealt, hands
}

// eachMeter visits the readings of one meter that stand together.
func eachMeter(lists [][]posting.Reading, visit func([]posting.Reading)) {
	for _, list := range lists {
		for at := 0; at < len(list); {
			end := at + 1
			for end < len(list) && list[end].Meter == list[at].Meter {
				end++
			}
			visit(list[at:end])
			at = end
		}
	}
}

// sorter sorts the readings of one meter. What it holds is room that is used again.
type sorter struct {
	room []posting.Reading
	runs []int
}

func (s *sorter) sort(list []posting.Reading) {
	s.runs = runsOf(list, s.runs[:0])
	if len(s.runs) < 2 {
		return
	}
	// What comes before the first reading of any other run is in its place: a
	// correction of last month does not move the year before it.
	first := &list[s.runs[0]]
	for _, end := range s.runs[:len(s.runs)-1] {
		if books.Compare(&list[end].Point, &first.Point) < 0 {
			first = &list[end]
		}
	}
	skip := sort.Search(s.runs[0], func(i int) bool { return books.Compare(&list[i].Point, &first.Point) > 0 })
	list = list[skip:]
	for i := range s.runs {
		s.runs[i] -= skip
	}
	s.room = append(s.room[:0], list...)
	sortRuns(list, s.room, s.runs)
}

// runsOf appends the ends of the stretches of one meter's readings that are in order
// already. Readings are stored as they arrive, and a scan by two threads hands out
// blocks of them: there are few.
func runsOf(list []posting.Reading, ends []int) []int {
	for i := 1; i <= len(list); i++ {
		if i == len(list) || books.Compare(&list[i-1].Point, &list[i].Point) > 0 {
			ends = append(ends, i)
		}
	}
	return ends
}

// sortRuns merges the runs of the readings of one meter into sorted. given is a copy
// of them, which it writes to, as it does to ends.
func sortRuns(sorted, given []posting.Reading, ends []int) {
	from, to := given, sorted
	for len(ends) > 1 {
		start, n := 0, 0
		for k := 0; k < len(ends); k += 2 {
			middle := ends[k]
			end := ends[min(k+1, len(ends)-1)]
			merge(to[start:end], from[start:middle], from[middle:end])
			start, ends[n] = end, end
			n++
		}
		ends = ends[:n]
		from, to = to, from
	}
	if &from[0] != &sorted[0] {
		copy(sorted, from)
	}
}

// merge writes two sorted lists to one that is as long as both.
func merge(to, a, b []posting.Reading) {
	for len(a) > 0 && len(b) > 0 {
		if books.Compare(&b[0].Point, &a[0].Point) < 0 {
			to[0], b = b[0], b[1:]
		} else {
			to[0], a = a[0], a[1:]
		}
		to = to[1:]
	}
	copy(to[copy(to, a):], b)
}
