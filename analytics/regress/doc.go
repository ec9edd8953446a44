// Package regress answers which straight combination of columns fits a series
// best, how exactly each coefficient is known, and how exactly a sum of
// predictions is known.
//
//	y = b0 + b1 x1 + ... + bk xk + e,  minimising sum w (y - fit)^2
//
// The columns are centred at their weighted means and scaled to unit length,
// then solved by Householder QR with one step of refinement against residuals
// summed in twice the working precision. That keeps 11 digits on the NIST
// problems Norris and Pontius, 10 on Longley and 7 on Filip; normal equations
// keep none of Filip's.
//
// It refuses columns that repeat one another ([RankError]) unless told to take
// the shortest of the many solutions ([Settings.MinimumNorm]), no residual
// degrees of freedom, negative weights, NaN and infinity. It selects nothing and
// extrapolates silently: callers know the range of their columns.
package regress
