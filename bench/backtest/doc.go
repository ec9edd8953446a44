// Package backtest asks how good the probabilities of meeting a target have been:
// it lets analytics/outlook look at worlds whose end is known, from each year
// before the end, and holds what was said against what came.
//
// It answers with the Brier score, the score of always stating the share that came
// true (climatology) and of the plain verdict "on the path or not", and a
// reliability table; docs/backtest.md shows them, and the test of this package
// fails where the page and the figures part. Its invariants:
//
//   - what was said and what came are judged by the product's own code: nothing
//     here knows a formula of progress or of forecasts;
//   - what was said in a year sees nothing that came after that year;
//   - all worlds follow from one seed.
//
// It refuses to add up worlds of different kinds: each has a table of its own,
// since a mean over kinds says only how many of each were made.
package backtest
