// Package cause answers because of what the energy or the carbon of a scope has
// changed between two years: more or less floor area or people (activity), other
// parts holding more of it (structure), using more or less of it each (intensity),
// and for carbon other fuels and other emission factors.
//
// The effects are those of package decompose (LMDI-I) and add up to the whole
// change. Both years are made of the institutions that are fully known wherever
// they exist, as in package indicator, so that a gap is neither activity nor
// saving. [Decompose] gives the direct comparison of both years and, on demand,
// the chain of the years between, where each step compares its own two years and
// what the changing set of institutions makes is a line of its own.
//
// It refuses an answer where too little is known of a year, and says that weather
// is part of intensity: no effect is invented for it.
package cause
