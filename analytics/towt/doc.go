// Package towt answers what a building would have used in an hour, by the
// time-of-week-and-temperature method of LBNL (Mathieu, Price, Kiliccote and
// Piette, Quantifying changes in building electricity use, IEEE Transactions on
// Smart Grid 2 (2011), 507-518) and its CalTRACK 2.0 form (3.7 to 3.12):
//
//	load = a(time of week) + sum_k b_k piece_k(T)
//
// with separate temperature slopes for times of the week at which the building is
// usually in use and those at which it is not. The 168 levels are taken out by
// subtracting each time of week's mean from load and temperature pieces (Frisch
// and Waugh 1933), so only a handful of columns is solved for, by QR, exactly as
// if all dummies had been written out.
//
// It refuses less than two weeks of hours. Hours of the week that the baseline
// never saw are predicted as NaN and counted, not guessed; temperatures beyond
// its range, little coverage of the year and a poor fit come as warnings.
package towt
