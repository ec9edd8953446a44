// Package standing answers where an institution stands among its peers, the
// institutions of its class: percentile and quarter with their intervals, the
// ranking of a class with the range of ranks that the data allow, and the
// distance from the quotas that consumption standards set.
//
// Peers are institutions that are fully known in the year, area or headcount
// included; the others are counted and named with the reason, never ranked. A
// group of fewer than ten says so, one of fewer than three is refused. Ranks carry
// an interval from how much the figures of such institutions move from one year to
// the next; without a year before there is none, and a warning says so.
package standing
