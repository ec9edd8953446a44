// Package cause answers because of what the energy or the carbon of a scope has
// changed between two years: more or less floor area or people (activity), other
// parts holding more of it (structure), colder or milder weather, using more or
// less of it each (intensity), and for carbon other fuels and other emission
// factors.
//
// The effects are those of package decompose (LMDI-I) and add up to the whole
// change. Both years are made of the institutions that are fully known wherever
// they exist, as in package indicator, so that a gap is neither activity nor
// saving. [Decompose] gives the direct comparison of both years and, on demand,
// the chain of the years between, where each step compares its own two years and
// what the changing set of institutions makes is a line of its own.
//
// Weather is a factor where the months of institutions are metered and their
// stations have the temperatures of both years: the use of each part under each
// station is fitted month by month, each year for itself (CalTRACK billing), and
// its weather factor is what that model expects of the year's own temperatures over
// what it expects of the mean of the years that are complete. It is taken out of
// intensity and changes no other effect. What no usable model covers has the factor
// 1, is counted by the reason, and a warning tells how much that is.
//
// It refuses an answer where too little is known of a year, and invents no effect
// of weather without a model.
package cause
