package caltrack

import (
	"jouleline/analytics"
	"jouleline/analytics/weather"
)

const op = "caltrack"

// Settings chooses what to fit. The zero value fits Celsius temperatures with
// heating and cooling and reports bands of 90 %, CalTRACK's level.
type Settings struct {
	Scale         weather.Scale // of all temperatures, here and in later predictions
	NoCooling     bool          // gas and heat: no cooling candidates (CalTRACK 3.3.1.1)
	NoHeating     bool
	ZeroIsMissing bool    // electricity: a day of exactly zero is a gap (2.2.1.4)
	Level         float64 // of the bands; 0 means 0.9
}

func (s Settings) withDefaults() (Settings, error) {
	if s.Level == 0 {
		s.Level = .9
	}
	return s, analytics.CheckLevel(op, s.Level)
}

// Kind is the form of a model.
type Kind int

// The kinds, in the order in which ties are decided.
const (
	InterceptOnly Kind = iota
	HDDOnly
	CDDOnly
	CDDHDD
)

// String returns the name that eemeter uses.
func (k Kind) String() string {
	return [...]string{"intercept_only", "hdd_only", "cdd_only", "cdd_hdd"}[k]
}

// Heating tells whether the kind has a heating slope.
func (k Kind) Heating() bool { return k == HDDOnly || k == CDDHDD }

// Cooling tells whether the kind has a cooling slope.
func (k Kind) Cooling() bool { return k == CDDOnly || k == CDDHDD }

// terms counts the explanatory columns, without the intercept: CalTRACK's c.
func (k Kind) terms() int { return [...]int{0, 1, 1, 2}[k] }

const (
	gridLow  = 30 // F
	gridHigh = 90
	gridSize = gridHigh - gridLow + 1

	minNonZeroDays = 10 // of degree days, daily method only (3.2.2.2.1)
	minDegreeDays  = 20 // F days in total (3.2.2.2.2)

	// MinDays and MinBills are the least that is fitted at all. A month of days
	// is ours: CalTRACK asks for 365 and leaves shorter series to warnings. Four
	// bills leave one slope two degrees of freedom.
	MinDays  = 30
	MinBills = 4
	// minBillsTwoSlopes is the least for heating and cooling together: 5 points
	// through 3 coefficients and 2 balance points give an adjusted R2 of .99 and
	// savings of the wrong size.
	minBillsTwoSlopes = 9
)

// Codes of warnings. Limits stand in Warning.Want.
const (
	CodeNotAYear            analytics.Code = "not_365_days"
	CodeMissingDays         analytics.Code = "too_many_missing_days"
	CodeMissingTemperatures analytics.Code = "too_many_missing_temperatures"
	CodeNegativeUse         analytics.Code = "negative_use"
	CodeExtremeValues       analytics.Code = "extreme_values"
	CodeDroppedBills        analytics.Code = "bills_of_unusable_length"
	CodeFewBills            analytics.Code = "few_bills"
	CodeNoWeatherSignal     analytics.Code = "no_weather_signal"
	CodeUnusable            analytics.Code = "fit_unusable"
	CodeHighCVRMSE          analytics.Code = "cvrmse_above_100_percent"
	CodeGridEdge            analytics.Code = "balance_point_at_grid_edge"
	CodeCloseAlternative    analytics.Code = "other_form_fits_as_well"
	CodeAutocorrelation     analytics.Code = "strong_autocorrelation"
	CodeExtrapolation       analytics.Code = "extrapolation"
	CodeMaskedPeriods       analytics.Code = "reporting_periods_left_out"
	CodeNoSavings           analytics.Code = "savings_of_zero"
	CodeNegativeSavings     analytics.Code = "negative_savings"
	CodeNotSignificant      analytics.Code = "savings_within_band"
)
