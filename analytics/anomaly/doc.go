// Package anomaly answers what looks wrong in a meter's readings: with a cause of
// a closed set, the time, the size in the meter's own unit, and the values that
// show it.
//
// [Detect] runs the rules that fit the carrier over hourly (or finer) amounts of
// some months up to a few years:
//
//	silent          no readings
//	stuck           the same amount again and again, while the meter usually varies
//	zero_run        nothing at all, while the meter usually counts at these hours
//	spike           an amount beyond three times the 99th percentile
//	leak            water that never stops flowing at night
//	base_load_step  the night load rises from one day on, by day as well
//	night_schedule  nights as if the building were in use, days as ever
//	swap            night and day change by a factor from one day on: another meter,
//	                another multiplier
//	weekend         weekends as if they were workdays
//	peak_growth     the peak grows from year to year
//	unusual         a run of hours far from the same hours of other weeks
//	drift           daily use leaves its level for good, by CUSUM
//
// Rules compare a meter with itself, by medians, so a fault of some weeks does not
// hide itself. The building blocks are exported: robust residuals ([RobustZ]),
// [TabularCUSUM], [OLSCUSUM], [BreakDate], false-discovery control over a portfolio
// ([BenjaminiHochberg]), register jumps ([Registers]), and the load figures of a
// building ([NewProfile]).
//
// It refuses less than two weeks. It does not know holidays: findings of level Info
// are for looking at, those of Warning and above are meant to be acted on, and only
// these are held to a rate of false alarms.
package anomaly
