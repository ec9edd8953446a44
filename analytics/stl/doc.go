// Package stl answers what of a series is season, what is trend and what is left,
// by STL (Cleveland, Cleveland, McRae and Terpenning, STL: a seasonal-trend
// decomposition procedure based on loess, Journal of Official Statistics 6 (1990),
// 3-73): loess over each phase of the cycle in turn, loess over the deseasonalised
// series, repeated, with robustness weights that take outliers out of both.
//
//	y = seasonal + trend + remainder, exactly
//
// Every step is that of the authors' program, so results agree with it and with R
// and statsmodels to rounding. It refuses series of less than two cycles and gaps:
// a missing value must be filled, or the series cut, by someone who knows why.
package stl
