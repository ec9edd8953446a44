package changepoint

import (
	"jouleline/analytics"
	"jouleline/analytics/weather"
)

const op = "changepoint"

// Form is the shape of a model.
type Form int

// The forms, from the simplest.
const (
	OneP Form = iota
	TwoP
	ThreePHeating
	ThreePCooling
	FourP
	FiveP
)

// Forms lists all forms in the order in which [Best] tries them.
var forms = [...]Form{OneP, TwoP, ThreePHeating, ThreePCooling, FourP, FiveP}

// String returns the usual name: 1P, 2P, 3PH, 3PC, 4P or 5P.
func (f Form) String() string { return [...]string{"1P", "2P", "3PH", "3PC", "4P", "5P"}[f] }

// ParseForm reads a name as [Form.String] writes it.
func ParseForm(text string) (Form, error) {
	for _, f := range forms {
		if text == f.String() {
			return f, nil
		}
	}
	return 0, &analytics.InputError{Op: op, What: "form", Index: -1, Got: text, Want: "1P, 2P, 3PH, 3PC, 4P or 5P"}
}

// Heating tells whether the form has a slope below a change point.
func (f Form) Heating() bool { return f == ThreePHeating || f == FourP || f == FiveP }

// Cooling tells whether the form has a slope above a change point.
func (f Form) Cooling() bool { return f == ThreePCooling || f == FourP || f == FiveP }

// parameters counts coefficients and change points.
func (f Form) parameters() int { return [...]int{1, 2, 3, 3, 4, 5}[f] }

// Settings chooses scale and confidence. The zero value is Celsius at 90 %.
type Settings struct {
	Scale weather.Scale // of the temperatures; only for the check that it is plausible
	Level float64       // of the intervals; 0 means 0.9, as RP-1050 has it
}

func (s Settings) withDefaults() (Settings, error) {
	if s.Level == 0 {
		s.Level = .9
	}
	return s, analytics.CheckLevel(op, s.Level)
}

// Each sloped arm, and the flat part of a 3P model, holds at least a tenth of the
// points and at least three: a line through two points fits anything.
const (
	minShare  = .1
	minPoints = 3
)

func armPoints(n int) int { return max(minPoints, int(minShare*float64(n)+.999999)) }

// minRows is the least number of points of a form: all arms, and two residual
// degrees of freedom.
func (f Form) minRows() int { return [...]int{3, 4, 6, 6, 6, 7}[f] }

// Codes of warnings.
const (
	CodeNoWeatherSignal  analytics.Code = "no_weather_signal"
	CodeCloseAlternative analytics.Code = "other_form_fits_as_well"
	CodeUnbounded        analytics.Code = "change_point_not_bounded"
	CodeHighCVRMSE       analytics.Code = "cvrmse_above_limit"
	CodeNegativeUse      analytics.Code = "negative_use"
)
