package changepoint

import (
	"fmt"

	"jouleline/analytics"
	"jouleline/analytics/weather"
)

const (
	weakSignal = .1 // adjusted R2 below which weather explains next to nothing
	// maxCVRMSE is Guideline 14's limit for up to 12 months of reporting.
	maxCVRMSE = .2
)

// doubt lists what a reader must know about data and fit.
func (m *Model) doubt(temps, use []float64, s Settings) {
	if w := weather.SuspectScale(temps, s.Scale); w != nil {
		m.Warnings = append(m.Warnings, *w)
	}
	negative := 0
	for _, v := range use {
		if v < 0 {
			negative++
		}
	}
	if negative > 0 {
		m.Warnings = append(m.Warnings, analytics.Warning{
			Code: CodeNegativeUse, Got: float64(negative),
			Detail: fmt.Sprintf("%d values are negative, as with solar net metering", negative),
		})
	}
	if m.AdjR2 < weakSignal {
		m.Warnings = append(m.Warnings, analytics.Warning{
			Code: CodeNoWeatherSignal, Got: m.AdjR2, Want: weakSignal,
			Detail: "weather explains next to nothing of this use",
		})
	}
	if m.CVRMSE > maxCVRMSE {
		m.Warnings = append(m.Warnings, analytics.Warning{
			Code: CodeHighCVRMSE, Got: m.CVRMSE, Want: maxCVRMSE,
			Detail: "CV(RMSE) exceeds the limit of ASHRAE Guideline 14 for a year of reporting",
		})
	}
}
