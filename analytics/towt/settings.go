package towt

import (
	"fmt"

	"jouleline/analytics"
	"jouleline/analytics/weather"
)

const op = "towt"

// Variant is how observations are weighted in time.
type Variant int

const (
	// Unweighted is one model over the whole baseline: the default, and the one
	// that extrapolates best.
	Unweighted Variant = iota
	// Weighted is LBNL's: a model every Timescale days, with weights
	// d0^2/(d0^2+d^2) at d days from its centre, averaged with the same weights.
	// It follows slow change within the baseline and extrapolates worse.
	Weighted
	// Monthly is CalTRACK's: a model per calendar month, with weight 1 for its own
	// month and 0.5 for the neighbours.
	Monthly
)

// String returns unweighted, weighted or monthly.
func (v Variant) String() string { return [...]string{"unweighted", "weighted", "monthly"}[v] }

// Settings chooses the model. The zero value is unweighted, hourly, in Celsius.
type Settings struct {
	Variant   Variant
	Scale     weather.Scale
	Step      int     // minutes of an interval, a divisor of 1440; 0 means 60
	Timescale float64 // days, for Weighted; 0 means 14, LBNL's default
	Level     float64 // of the band of savings; 0 means 0.9
}

func (s Settings) withDefaults() (Settings, error) {
	if s.Step == 0 {
		s.Step = 60
	}
	if s.Timescale == 0 {
		s.Timescale = 14
	}
	if s.Level == 0 {
		s.Level = .9
	}
	if s.Step < 0 || 1440%s.Step != 0 {
		return s, &analytics.InputError{Op: op, What: "step", Index: -1, Got: fmt.Sprintf("%d minutes", s.Step), Want: "a divisor of 1440"}
	}
	if !(s.Timescale > 0) {
		return s, &analytics.InputError{Op: op, What: "timescale", Index: -1, Got: fmt.Sprint(s.Timescale), Want: "days above 0"}
	}
	return s, analytics.CheckLevel(op, s.Level)
}

// knotsF are the ends of the temperature pieces in F: LBNL's, and CalTRACK's 3.9.
func (v Variant) knotsF() []float64 {
	if v == Monthly {
		return []float64{30, 45, 55, 65, 75, 90}
	}
	return []float64{40, 55, 65, 80, 90}
}

const (
	minHours = 14 * 24 // every time of week twice

	// minPiece is the least number of observations in an outer temperature piece
	// (CalTRACK 3.9.1.2, LBNL); with fewer its knot is dropped.
	minPiece = 20

	// A time of week counts as occupied when the load exceeds a regression on
	// degree hours below 50 F and above 65 F in more than 65 % of its observations.
	occupiedShare       = .65
	heatingF, coolingF  = 50, 65
	minOccupiedTimes    = 3 // LBNL: with one or two the building has no such mode
	monthNeighbourShare = .5
)

// Codes of warnings.
const (
	CodeNotAYear       analytics.Code = "baseline_shorter_than_a_year"
	CodeMissingHours   analytics.Code = "too_many_missing_hours"
	CodeNegativeLoad   analytics.Code = "negative_load"
	CodeHighCVRMSE     analytics.Code = "cvrmse_above_limit"
	CodeOneMode        analytics.Code = "no_occupied_hours_found"
	CodeUnseenHours    analytics.Code = "hours_of_week_never_seen"
	CodeExtrapolation  analytics.Code = "extrapolation"
	CodeMaskedHours    analytics.Code = "reporting_hours_left_out"
	CodeNotSignificant analytics.Code = "savings_within_band"
	CodeNoSignal       analytics.Code = "no_weather_signal"
)
