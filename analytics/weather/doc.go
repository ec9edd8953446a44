// Package weather answers how warm a local day was and how many degree days a
// building saw, in an explicit scale.
//
// It refuses a day with half of its hours or more missing, and says when numbers
// given as Celsius look like Fahrenheit or the other way round ([SuspectScale]).
// Degree days are taken from daily means, not from hours (CalTRACK 2.0, 3.3.4).
package weather
