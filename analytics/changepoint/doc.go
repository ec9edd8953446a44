// Package changepoint answers at which outdoor temperature a building begins to
// heat and to cool, by the change-point models of ASHRAE RP-1050 and Guideline 14:
//
//	1P   E = b0
//	2P   E = b0 + b T
//	3PH  E = b0 + b1 (c1-T)+
//	3PC  E = b0 + b2 (T-c2)+
//	4P   E = b0 + b1 (c-T)+ + b2 (T-c)+
//	5P   E = b0 + b1 (c1-T)+ + b2 (T-c2)+,  c1 <= c2
//
// with b1, b2 >= 0. [Fit] finds the least sum of squares exactly, not by a grid:
// while no temperature passes from one side of a change point to the other, the
// sides are free lines and the optimum is where they meet (Hudson, Fitting
// segmented curves whose join points have to be estimated, JASA 61 (1966),
// 1097-1129); where they meet outside that cell, the optimum lies on an observed
// temperature. [Best] chooses the form by BIC. Each change point has an interval
// by profile likelihood.
//
// It refuses arms of less than a tenth of the points, or of less than three, and
// says so when a change point is not bounded by the data, when another form is as
// likely, and when weather explains next to nothing.
package changepoint
