// Package target answers where a path to a target stands on a day, how fast use
// must fall from now, and whether the sum over the years keeps within the area
// under the path.
//
// Figures here are floats, for forecasts, charts and required rates. The official
// progress percentages are exact rationals and live elsewhere; this package never
// rounds for print.
//
// It refuses a baseline that is not above zero, a target year that is not after
// the base year, and reductions outside 0 to 100 %. Target met, target year past
// and year not over are states, not NaN.
package target
