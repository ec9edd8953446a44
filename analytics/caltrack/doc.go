// Package caltrack answers what a measure saved: it fits how a meter's use per
// day depends on outdoor temperature before the measure, and says what the meter
// would have used after it.
//
//	use per day = mu + bH HDD(heating balance) + bC CDD(cooling balance)
//
// [FitDaily] and [FitBilling] follow CalTRACK 2.0 (methods 2.2 to 3.5, CC0) with
// the choices of eemeter 3.2.0 where the text leaves one: every balance point of
// 30 to 90 F by 1 F, 2014 candidates, the best adjusted R2 among those without a
// negative coefficient. [Model.Savings] and [Model.BillingSavings] give avoided
// use with two bands: the exact one of least squares, and the fractional savings
// uncertainty that the method prescribes. [Normalised] savings compare two
// models under one typical year, and [Model.Bootstrap] shows how far the choice
// of the balance points moves the answer.
//
// It refuses fewer than 30 days or 4 bills, and two slopes on fewer than 9 bills
// (a fit through 6 points always looks excellent). Everything else that would
// make a reader doubt the number comes as a warning with a closed code: missing
// days, negative or extreme values, no weather signal, a balance point at the
// edge of the grid, Fahrenheit taken for Celsius, reporting temperatures that
// the baseline never saw. Partial years are never annualised (4.1.2).
package caltrack
