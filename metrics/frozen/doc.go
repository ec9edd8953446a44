// Package frozen holds reports: figures as they were said on a day, with all that
// they rested on, and what was recorded since.
//
// It answers what a report is, and which rows of the registry changed between two
// versions. It refuses to change a report: whatever is asked later is put beside
// it. Its invariant: a report names the moment up to which it knows the books,
// and the same question as of that moment gives the same figures, whatever is
// recorded later.
package frozen
