// Package savings answers what a measure saved at one meter (IPMVP option C):
// it lays use and outdoor temperature beside each other on local days or hours,
// fits the baseline by the method asked for, and holds the reporting period
// against what the baseline would have used.
//
// It is the one way from two series to an answer, for files and for meters that
// are stored: [Estimate] chooses the windows, resolves the steps of both series
// and gives one [Result] whose fields are the same for all methods. The fits
// themselves are those of packages caltrack, changepoint and towt.
//
// Where the temperatures of a normal year are given, [Normalised] also holds the
// baseline against a model of the reporting period in such a year (CalTRACK methods).
//
// It refuses series out of order, a step that the method cannot use, and periods
// that overlap. Everything else that would make a reader doubt the number comes
// as a warning beside it; a figure that a method does not give is nil, never 0.
package savings
