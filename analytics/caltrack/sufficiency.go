package caltrack

import (
	"fmt"
	"math"
	"strconv"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
	"jouleline/analytics/weather"
)

const (
	baselineDays   = 365 // CalTRACK 2.2.1.1
	maxMissingDays = 37  // 10 % of them (2.2.1.2)

	// weakSignal is the adjusted R2 below which weather explains nothing worth
	// normalising by: a slope is chosen even at .0008, as any fit beats none.
	weakSignal = .1
	// Below this adjusted R2 and above this CV(RMSE) no normalised figure is shown.
	unusableAdjR2  = .3
	unusableCVRMSE = 1
	// strongRho leaves an effective P' of less than a sixth of P.
	strongRho = .7
)

func format(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// dailySufficiency judges a baseline as CalTRACK 2.2 and 2.3 do. temps and use
// cover all days, y the use of the days that were fitted.
func dailySufficiency(temps, use, y []float64, s Settings) analytics.Warnings {
	var ws analytics.Warnings
	if len(use) != baselineDays && len(use) != baselineDays+1 { // a leap year is a year
		ws = append(ws, analytics.Warning{
			Code: CodeNotAYear, Got: float64(len(use)), Want: baselineDays,
			Detail: fmt.Sprintf("the series covers %d days, not a year; seasons that it lacks are extrapolated", len(use)),
		})
	}
	missing := len(use) - len(y)
	if limit := maxMissingDays * len(use) / baselineDays; missing > limit {
		ws = append(ws, analytics.Warning{
			Code: CodeMissingDays, Got: float64(missing), Want: float64(limit),
			Detail: fmt.Sprintf("%d of %d days lack use or temperature, more than 10 %%", missing, len(use)),
		})
		unknown := 0
		for _, t := range temps {
			if math.IsNaN(t) {
				unknown++
			}
		}
		if unknown > limit {
			ws = append(ws, analytics.Warning{
				Code: CodeMissingTemperatures, Got: float64(unknown), Want: float64(limit),
				Detail: fmt.Sprintf("%d of %d days lack a temperature", unknown, len(use)),
			})
		}
	}
	return append(ws, seriesWarnings(temps, y, s)...)
}

// seriesWarnings flags values without removing any (CalTRACK 2.3.5, 2.3.6).
func seriesWarnings(temps, y []float64, s Settings) analytics.Warnings {
	var ws analytics.Warnings
	if w := weather.SuspectScale(temps, s.Scale); w != nil {
		ws = append(ws, *w)
	}
	negative := 0
	for _, v := range y {
		if v < 0 {
			negative++
		}
	}
	if negative > 0 {
		ws = append(ws, analytics.Warning{
			Code: CodeNegativeUse, Got: float64(negative),
			Detail: fmt.Sprintf("%d values are negative, as with solar net metering", negative),
		})
	}
	sorted := orderstat.Sorted(y)
	q := func(p float64) float64 { return orderstat.Quantile(sorted, p, orderstat.Type7) }
	limit := q(.5) + 3*(q(.75)-q(.25))
	extreme := 0
	for i := len(sorted) - 1; i >= 0 && sorted[i] > limit; i-- {
		extreme++
	}
	if extreme > 0 {
		ws = append(ws, analytics.Warning{
			Code: CodeExtremeValues, Got: float64(extreme), Want: limit,
			Detail: fmt.Sprintf("%d values exceed median + 3 interquartile ranges (%s); they were kept", extreme, format(limit)),
		})
	}
	return ws
}

// doubts lists what a reader must know about the fit itself.
func (m *Model) doubts() analytics.Warnings {
	var ws analytics.Warnings
	add := func(code analytics.Code, got, want float64, detail string) {
		ws = append(ws, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
	}
	if m.AdjR2 < weakSignal {
		add(CodeNoWeatherSignal, m.AdjR2, weakSignal, "weather explains next to nothing of this use; slopes and balance points are noise")
	}
	if m.Metrics.CVRMSE > unusableCVRMSE {
		add(CodeHighCVRMSE, m.Metrics.CVRMSE, unusableCVRMSE, "CV(RMSE) exceeds CalTRACK's portfolio gate of 100 %")
		if m.AdjR2 < unusableAdjR2 {
			add(CodeUnusable, m.AdjR2, unusableAdjR2, "neither the level nor its dependence on weather is known well enough for a normalised figure")
		}
	}
	edge := func(name string, balanceF float64) {
		if balanceF == gridLow || balanceF == gridHigh {
			add(CodeGridEdge, m.scale.FromFahrenheit(balanceF), 0, name+" balance point lies at the edge of the searched range")
		}
	}
	if m.Kind.Heating() {
		edge("heating", m.heatingF)
	}
	if m.Kind.Cooling() {
		edge("cooling", m.coolingF)
	}
	for _, a := range m.Alternatives {
		add(CodeCloseAlternative, a.AdjR2, m.AdjR2, fmt.Sprintf("the form %s fits as well", a.Kind))
	}
	if m.Metrics.Autocorrelation > strongRho {
		add(CodeAutocorrelation, m.Metrics.Autocorrelation, strongRho, "residuals follow one another; the bands rest on few independent observations")
	}
	return ws
}
