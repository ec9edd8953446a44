package stl

import (
	"math"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// Parts is a decomposed series. Seasonal + Trend + Remainder is the series.
type Parts struct {
	Seasonal, Trend, Remainder []float64
	// Weights are the robustness weights, 1 for an ordinary point and 0 for an
	// outlier; all 1 without Robust.
	Weights []float64
	// SeasonalStrength and TrendStrength are 1 - Var(remainder)/Var(part +
	// remainder), at least 0 (Wang, Smith and Hyndman 2006): above .6 a season is
	// plain to see. 0 where nothing varies.
	SeasonalStrength, TrendStrength float64
}

// Decompose splits y, equally spaced values without gaps. It needs two cycles.
func Decompose(y []float64, set Settings) (*Parts, error) {
	set, err := set.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := analytics.CheckFinite(op, "values", y); err != nil {
		return nil, err
	}
	n := len(y)
	if n < 2*set.Period {
		return nil, &analytics.NotEnoughError{Op: op, What: "values (two cycles)", Got: n, Want: 2 * set.Period}
	}
	p := &Parts{Seasonal: make([]float64, n), Trend: make([]float64, n), Remainder: make([]float64, n), Weights: make([]float64, n)}
	for i := range p.Weights {
		p.Weights[i] = 1
	}
	w := newWork(n, set)
	var robust []float64
	for pass := 0; ; pass++ {
		for range set.Inner {
			w.once(y, p, robust)
		}
		if pass >= set.Outer {
			break
		}
		for i, v := range y {
			w.residual[i] = math.Abs(v - p.Seasonal[i] - p.Trend[i])
		}
		bisquareTo(p.Weights, w.residual)
		robust = p.Weights
	}
	for i, v := range y {
		p.Remainder[i] = v - p.Seasonal[i] - p.Trend[i]
	}
	p.SeasonalStrength = strength(p.Seasonal, p.Remainder)
	p.TrendStrength = strength(p.Trend, p.Remainder)
	return p, nil
}

// work holds the buffers of the inner loop.
type work struct {
	set      Settings
	smooth   smoother
	detrend  []float64
	residual []float64
	cycles   []float64 // smoothed phases, one cycle longer at both ends
	low, mid []float64
	phase    []float64
	phaseFit []float64
	phaseRob []float64
}

func newWork(n int, set Settings) *work {
	long := n + 2*set.Period
	phase := n/set.Period + 3
	return &work{
		set: set, smooth: smoother{make([]float64, n)},
		detrend: make([]float64, n), residual: make([]float64, n),
		cycles: make([]float64, long), low: make([]float64, long), mid: make([]float64, long),
		phase: make([]float64, phase), phaseFit: make([]float64, phase), phaseRob: make([]float64, phase),
	}
}

// once is one pass of the inner loop: steps 1 to 6 of the paper's section 2.
func (w *work) once(y []float64, p *Parts, robust []float64) {
	n := len(y)
	for i, v := range y {
		w.detrend[i] = v - p.Trend[i]
	}
	w.smoothPhases(robust)
	period := w.set.Period
	a := movingAverageTo(w.low, w.cycles, period)
	b := movingAverageTo(w.mid, a, period)
	c := movingAverageTo(w.low, b, 3)
	w.smooth.smoothTo(w.mid[:n], c, w.set.LowPass, w.set.LowPassJump, nil)
	for i, v := range y {
		p.Seasonal[i] = w.cycles[period+i] - w.mid[i]
		w.detrend[i] = v - p.Seasonal[i]
	}
	w.smooth.smoothTo(p.Trend, w.detrend, w.set.Trend, w.set.TrendJump, robust)
}

// smoothPhases smooths each phase of the cycle and extends it by one cycle to both
// sides.
func (w *work) smoothPhases(robust []float64) {
	n, period, span := len(w.detrend), w.set.Period, w.set.Seasonal
	for j := range period {
		k := (n-1-j)/period + 1
		phase, rob := w.phase[:k], []float64(nil)
		for i := range k {
			phase[i] = w.detrend[i*period+j]
		}
		if robust != nil {
			rob = w.phaseRob[:k]
			for i := range k {
				rob[i] = robust[i*period+j]
			}
		}
		fit := w.phaseFit[:k+2]
		w.smooth.smoothTo(fit[1:k+1], phase, span, w.set.SeasonalJump, rob)
		var ok bool
		if fit[0], ok = w.smooth.at(phase, span, 0, 1, min(span, k), rob); !ok {
			fit[0] = fit[1]
		}
		if fit[k+1], ok = w.smooth.at(phase, span, float64(k+1), max(1, k-span+1), k, rob); !ok {
			fit[k+1] = fit[k]
		}
		for m, v := range fit {
			w.cycles[m*period+j] = v
		}
	}
}

// bisquareTo writes Tukey's bisquare weights of absolute residuals r, with zero
// beyond six median absolute residuals.
func bisquareTo(dst, r []float64) {
	limit := 6 * orderstat.Median(r)
	for i, v := range r {
		switch {
		case v <= .001*limit:
			dst[i] = 1
		case v <= .999*limit:
			q := v / limit
			q = 1 - q*q
			dst[i] = q * q
		default:
			dst[i] = 0
		}
	}
}

func strength(part, remainder []float64) float64 {
	both := make([]float64, len(part))
	for i, v := range part {
		both[i] = v + remainder[i]
	}
	total := variance(both)
	if total == 0 {
		return 0
	}
	return max(0, 1-variance(remainder)/total)
}

func variance(x []float64) float64 {
	var mean, sum float64
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x))
}
