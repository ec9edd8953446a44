package storetest

import (
	"maps"
	"slices"
	"time"

	"jouleline/schema"
)

// stretch is a stretch of time whose rows are written together.
type stretch struct{ from, to schema.Instant }

const (
	moment = schema.Instant(schema.Second / 10)
	aDay   = schema.Instant(24 * schema.Hour)
)

// days gives the UTC days of a store in the order in which it has their packs: a month
// that has ended as a whole, since it was put in the order of meters, the days since in
// runs of so many packs or more, and what is left of them one by one.
func (f *filling) days() (list []stretch) {
	first := f.today()
	for i := range f.courses {
		first = min(first, utcDay(f.courses[i].first))
	}
	month := schema.MonthOf(f.today())
	for m := schema.MonthOf(first); m < month; m++ {
		list = append(list, stretch{m.First().Start(time.UTC), (m + 1).First().Start(time.UTC)})
	}
	var since []grain
	for day := month.First(); day < f.today(); day++ {
		since = append(since, grain{stretch{day.Start(time.UTC), (day + 1).Start(time.UTC)}, int64(len(f.Meters))})
	}
	runs, left := deal(since, f.runSizes().packs)
	for _, run := range runs {
		f.linedUp["packs"] = schema.Instant(utcDay(run.to))
	}
	list = append(list, runs...)
	for _, day := range left {
		list = append(list, day.stretch)
	}
	return list
}

// runSizes say how many rows a store lines up together: puts in the order of meters.
type runSizes struct {
	// recent is for readings that came a moment ago, folded for the ledger's folded
	// days, packs for those of the running month.
	recent, folded, packs int64
}

// storeRuns are those of a store.
var storeRuns = runSizes{recent: 1_000_000, folded: 4_000_000, packs: 500_000}

func (c *Crowd) runSizes() runSizes {
	if c.runs == (runSizes{}) {
		return storeRuns
	}
	return c.runs
}

// grain is a part of the time of recording that is not divided between runs.
type grain struct {
	stretch
	rows int64
}

// deal deals grains to runs of so many rows or more, as a store does. What is left is
// too little for one.
func deal(grains []grain, least int64) (runs []stretch, left []grain) {
	open, held := 0, int64(0)
	end := func(to int) {
		runs = append(runs, stretch{grains[open].from, grains[to-1].to})
		open, held = to, 0
	}
	for i := range grains {
		if held > 0 && grains[i].rows >= least {
			end(i)
		}
		if held += grains[i].rows; held >= least {
			end(i + 1)
		}
	}
	return runs, grains[open:]
}

// grainsOf counts rows by the grain in which they were recorded, in order.
func grainsOf[T any](f *filling, size schema.Instant, rowsOf func(*course) []T, at func(*T) schema.Instant) (list []grain) {
	counts := map[schema.Instant]int64{}
	for i := range f.courses {
		rows := rowsOf(&f.courses[i])
		for n := range rows {
			counts[at(&rows[n])/size] += takers(len(f.Meters), i, len(f.courses))
		}
	}
	for _, n := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, grain{stretch{n * size, (n + 1) * size}, counts[n]})
	}
	return list
}
