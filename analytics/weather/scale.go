package weather

import (
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// Scale is a temperature scale. The zero value is Celsius.
type Scale int

const (
	Celsius Scale = iota
	Fahrenheit
)

// String returns "C" or "F".
func (s Scale) String() string {
	if s == Fahrenheit {
		return "F"
	}
	return "C"
}

// ParseScale reads "C" or "F".
func ParseScale(text string) (Scale, error) {
	switch text {
	case "C", "c":
		return Celsius, nil
	case "F", "f":
		return Fahrenheit, nil
	}
	return 0, &analytics.InputError{Op: "weather", What: "temperature scale", Index: -1, Got: fmt.Sprintf("%q", text), Want: `"C" or "F"`}
}

// ToFahrenheit converts a temperature of scale s.
func (s Scale) ToFahrenheit(t float64) float64 {
	if s == Fahrenheit {
		return t
	}
	return t*9/5 + 32
}

// FromFahrenheit converts a temperature to scale s.
func (s Scale) FromFahrenheit(f float64) float64 {
	if s == Fahrenheit {
		return f
	}
	return (f - 32) * 5 / 9
}

// PerDegree converts a slope per degree Fahrenheit to one per degree of s.
func (s Scale) PerDegree(perFahrenheit float64) float64 {
	if s == Fahrenheit {
		return perFahrenheit
	}
	return perFahrenheit * 9 / 5
}

// CodeSuspectScale warns that temperatures look like the other scale.
const CodeSuspectScale analytics.Code = "suspect_temperature_scale"

// No inhabited place has a median of daily or hourly means above 38 C over a
// month or more (Dallol, the hottest on record, has an annual mean of 35 C),
// and no air temperature above 57 C has been measured (WMO). Read as
// Fahrenheit, a median below 23 F would be a place colder on average than
// Yakutsk's 17 F to Ulaanbaatar's 31 F, while Celsius values lie there by nature;
// together with a maximum below 45 F (7 C) it is taken for Celsius.
const (
	celsiusMedianMax    = 38
	celsiusMax          = 57
	fahrenheitMedianMin = 23
	fahrenheitMaxMin    = 45
	monthDays           = 28
)

// SuspectScale returns a warning where temperatures said to be of scale s look
// like the other scale, nil where they do not. NaN is skipped. It needs a month
// of days to judge by the median; fewer values are judged by the maximum only.
//
// Celsius taken for Fahrenheit shows only where it is below 45 all the time,
// which holds for any air temperature in Celsius, and its median below 23,
// which holds outside the tropics.
func SuspectScale(temps []float64, s Scale) *analytics.Warning {
	largest, known := math.Inf(-1), 0
	for _, t := range temps {
		if !math.IsNaN(t) {
			largest = max(largest, t)
			known++
		}
	}
	switch {
	case known == 0:
		return nil
	case s == Celsius && largest > celsiusMax:
		return &analytics.Warning{
			Code: CodeSuspectScale, Got: largest, Want: celsiusMax,
			Detail: fmt.Sprintf("a maximum of %.1f C has never been measured; the values may be Fahrenheit", largest),
		}
	case known < monthDays, s == Celsius && largest <= celsiusMedianMax, s == Fahrenheit && largest >= fahrenheitMaxMin:
		return nil // the median is below the maximum; no need to look for it
	}
	median := orderstat.Median(orderstat.Finite(temps))
	switch {
	case s == Celsius && median > celsiusMedianMax:
		return &analytics.Warning{
			Code: CodeSuspectScale, Got: median, Want: celsiusMedianMax,
			Detail: fmt.Sprintf("a median of %.1f C is hotter than any inhabited place; the values may be Fahrenheit", median),
		}
	case s == Fahrenheit && median < fahrenheitMedianMin:
		return &analytics.Warning{
			Code: CodeSuspectScale, Got: median, Want: fahrenheitMedianMin,
			Detail: fmt.Sprintf("a median of %.1f F with a maximum of %.1f F would be polar; the values may be Celsius", median, largest),
		}
	}
	return nil
}
