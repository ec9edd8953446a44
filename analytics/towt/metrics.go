package towt

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// Metrics describes the fit over the baseline's own hours.
type Metrics struct {
	N               int
	P               int     // parameters of one model: levels and slopes
	Mean            float64 // load
	R2              float64 // 1 - SSE/SST; 0 where the load does not vary
	RMSE            float64 // sqrt(SSE/(N-P)) (ASHRAE Guideline 14)
	CVRMSE          float64 // RMSE/Mean; 0 where the mean is 0
	NMBE            float64 // sum of residuals over sum of load, observed minus predicted
	Autocorrelation float64 // lag-1 of the residuals
	EffectiveN      float64 // N(1-rho)/(1+rho), at most N
}

func measure(load, predicted []float64, p int) Metrics {
	m := Metrics{N: len(load), P: p}
	var sse, sum, sumResiduals float64
	residuals := make([]float64, len(load))
	for i, v := range load {
		residuals[i] = v - predicted[i]
		sse += residuals[i] * residuals[i]
		sumResiduals += residuals[i]
		sum += v
	}
	m.Mean = sum / float64(m.N)
	var sst float64
	for _, v := range load {
		sst += (v - m.Mean) * (v - m.Mean)
	}
	if sst > 0 {
		m.R2 = 1 - sse/sst
	}
	m.RMSE = math.Sqrt(sse / float64(max(m.N-p, 1)))
	if m.Mean != 0 {
		m.CVRMSE = m.RMSE / math.Abs(m.Mean)
		m.NMBE = sumResiduals / sum
	}
	var cross float64
	for i := 1; i < len(residuals); i++ {
		cross += residuals[i] * residuals[i-1]
	}
	if sse > 0 {
		m.Autocorrelation = cross / sse
	}
	rho := min(max(m.Autocorrelation, 0), .999)
	m.EffectiveN = float64(m.N) * (1 - rho) / (1 + rho)
	return m
}

// AdjR2 is R2 adjusted for the parameters.
func (m *Metrics) AdjR2() float64 {
	return 1 - (1-m.R2)*float64(m.N-1)/float64(max(m.N-m.P, 1))
}

// Limits of ASHRAE Guideline 14 for hourly models, and of CalTRACK for coverage.
const (
	maxCVRMSE       = .3
	weakSignal      = .1 // R2, adjusted, below which the model is a mean
	maxMissingShare = .1
	yearDays        = 364 // 52 weeks
)

func (m *Model) doubts(s Series, r rows) analytics.Warnings {
	var ws analytics.Warnings
	add := func(code analytics.Code, got, want float64, detail string) {
		ws = append(ws, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
	}
	span := float64(s.Times[len(s.Times)-1]-s.Times[0])/86400 + float64(m.settings.Step)/1440
	if span < yearDays {
		add(CodeNotAYear, span, yearDays, fmt.Sprintf("the baseline covers %.0f days; seasons that it lacks are extrapolated", span))
	}
	expected := span * 1440 / float64(m.settings.Step)
	if missing := 1 - float64(len(r.load))/expected; missing > maxMissingShare {
		add(CodeMissingHours, missing, maxMissingShare, fmt.Sprintf("%.0f %% of the baseline's intervals lack load or temperature", 100*missing))
	}
	negative := 0
	for _, v := range r.load {
		if v < 0 {
			negative++
		}
	}
	if negative > 0 {
		add(CodeNegativeLoad, float64(negative), 0, fmt.Sprintf("%d loads are negative, as with solar export; predictions are clipped at zero", negative))
	}
	if m.OccupiedTimes == 0 {
		add(CodeOneMode, 0, minOccupiedTimes, "no hours of the week stand out as occupied; one set of temperature slopes is used")
	}
	if m.Metrics.CVRMSE > maxCVRMSE {
		add(CodeHighCVRMSE, m.Metrics.CVRMSE, maxCVRMSE, "CV(RMSE) exceeds the limit of ASHRAE Guideline 14 for hourly models")
	}
	if r2 := m.Metrics.AdjR2(); r2 < weakSignal {
		add(CodeNoSignal, r2, weakSignal, "neither the time of week nor weather explains this load; the model is its mean")
	}
	if m.TimesOfWeek < m.times() {
		add(CodeUnseenHours, float64(m.TimesOfWeek), float64(m.times()), "the baseline never saw some times of the week; they are not predicted")
	}
	return ws
}
