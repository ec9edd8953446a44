// Package analytics holds the words that the analyses below it share: how they
// refuse ([NotEnoughError], [InputError]) and how they qualify an answer
// ([Warning]).
//
// It answers nothing itself. Each sub-package answers one question by pure
// functions on slices, without input, output or a clock:
//
//	regress      which straight combination fits, how exactly, and what a sum of predictions is worth
//	weather      which degree days a building saw
//	caltrack     what a measure saved, by the CalTRACK daily and billing methods
//	changepoint  at which temperature heating and cooling begin (2P to 5P)
//	towt         what an hour would have used, by time of week and temperature
//	decompose    because of what a total changed (LMDI-I)
//	trend        where a series goes, how sure, and whether a target will be met
//	target       where a path to a target stands on a day and what is still required
//	stl          what of a series is trend, season and rest
//	benchmark    where a building stands among its peers
//	anomaly      what looks wrong in a meter's readings, with cause, size and evidence
//	orderstat    medians and quantiles, by named definitions
//	variant      the same books, weighed by several factor sets
//
// On top of them stand the planners' answers: progress, outlook, cause, standing,
// savings and allocate.
//
// # Conventions
//
// A missing value is NaN where a function says that it takes gaps; everywhere
// else NaN and infinity (and what is beyond [Largest]) are an [InputError] with the
// index of the first one. Not
// enough data is a [NotEnoughError], never a zero. An answer that stands but
// must not be read without a caveat carries [Warning] values with closed codes.
// Slices are read, never kept or changed, unless the name ends in To. All
// functions may be called from many goroutines at once.
package analytics
