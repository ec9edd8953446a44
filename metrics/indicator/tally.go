package indicator

import "jouleline/metrics/exact"

// Side is one of the two stretches that are compared.
type Side uint8

// The sides.
const (
	Base Side = iota
	Current

	sideCount
)

// Tally is the sums of one group. Tallies of groups without common members add
// up to that of their union.
type Tally struct {
	sides [sideCount]sideTally
	// switched tells of each content that some institution that can be compared
	// has its figures from different sources on both sides.
	switched [contentCount]bool
}

type sideTally struct {
	institutions     int32 // that exist on the side
	area, people     exact.Sum
	noArea, noPeople int32 // institutions without that denominator
	due              slotSet
	lacking          [slotCount]int32 // institutions that have no figure for a slot
	noGrid           int32            // institutions whose region has no grid factor
	contents         [contentCount]contentTally
	measures         [measureCount]measureTally
}

// contentTally is how well a content is known.
type contentTally struct {
	counted int32 // institutions whose figure is full
	silent  int32 // institutions of which nothing is known or expected
	// known and expected are meter-milliseconds; a declared figure stands for
	// one meter that is fully known.
	known, expected int64
	sources         sources // of all figures
	compared        sources // of the institutions that can be compared
	hasMeters       bool    // some figure is, or should be, metered
}

// measureTally is the sums of a measure: over the institutions that can be
// compared, and over the rest of those with a figure.
type measureTally struct {
	counted          int32 // institutions that are full, denominator included
	figured          int32 // institutions with any figure
	compared         int32 // institutions in num and den
	num, den         exact.Sum
	restNum, restDen exact.Sum
	estimated        exact.Sum // the estimated part of num and restNum
}

// sources is a set of origins of figures.
type sources uint8

const (
	metered sources = 1 << iota
	declared
)

var sourceNames = [...]string{0: "", metered: "metered", declared: "declared", metered | declared: "mixed"}

// String gives metered, declared or mixed, "" where there is no figure.
func (s sources) String() string { return sourceNames[s] }

// Add adds the sums of another group that shares no institution with this one.
func (t *Tally) Add(u *Tally) {
	for s := range t.sides {
		t.sides[s].add(&u.sides[s])
	}
	for c := range t.switched {
		t.switched[c] = t.switched[c] || u.switched[c]
	}
}

func (t *sideTally) add(u *sideTally) {
	t.institutions += u.institutions
	t.area.AddSum(u.area)
	t.people.AddSum(u.people)
	t.noArea += u.noArea
	t.noPeople += u.noPeople
	t.due |= u.due
	t.noGrid += u.noGrid
	for s := range t.lacking {
		t.lacking[s] += u.lacking[s]
	}
	for c := range t.contents {
		a, b := &t.contents[c], &u.contents[c]
		a.counted += b.counted
		a.silent += b.silent
		a.known += b.known
		a.expected += b.expected
		a.sources |= b.sources
		a.compared |= b.compared
		a.hasMeters = a.hasMeters || b.hasMeters
	}
	for m := range t.measures {
		a, b := &t.measures[m], &u.measures[m]
		a.counted += b.counted
		a.figured += b.figured
		a.compared += b.compared
		a.num.AddSum(b.num)
		a.den.AddSum(b.den)
		a.restNum.AddSum(b.restNum)
		a.restDen.AddSum(b.restDen)
		a.estimated.AddSum(b.estimated)
	}
}
