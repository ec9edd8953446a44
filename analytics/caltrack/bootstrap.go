package caltrack

import (
	"math"
	"math/rand/v2"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// Spread is what resampling says about savings: how far they move when the
// baseline's noise falls otherwise and the balance points are chosen anew. The
// bands of one model do not know of that choice.
type Spread struct {
	Low, Median, High float64 // 5 %, 50 % and 95 % of the resampled savings
	Kinds             [4]int  // how often each Kind was chosen
	Runs              int
}

// blockDays is the length of the blocks of residuals that are drawn together:
// two weeks keep weekends and spells of weather whole.
const blockDays = 14

// Bootstrap repeats the daily baseline fit runs times on the model's prediction
// plus residuals drawn in blocks of two weeks, and returns the spread of the
// savings of the reporting period. temps and use are the baseline as given to
// [FitDaily]. The same random source state gives the same answer. It needs 20
// runs for its 5 % points; 200 take about 20 ms for a meter-year.
func (m *Model) Bootstrap(temps, use, reportTemps, reportUse []float64, runs int, source rand.Source) (*Spread, error) {
	if runs < 20 {
		return nil, &analytics.NotEnoughError{Op: op + " bootstrap", What: "runs", Got: runs, Want: 20}
	}
	if err := checkSeries(temps, use); err != nil {
		return nil, err
	}
	if err := checkSeries(reportTemps, reportUse); err != nil {
		return nil, err
	}
	tempsF, y := pairs(temps, use, m.settings)
	if len(y) < MinDays {
		return nil, &analytics.NotEnoughError{Op: op + " bootstrap", What: "days with use and temperature", Got: len(y), Want: MinDays}
	}
	predicted := make([]float64, len(y))
	for i, t := range tempsF {
		predicted[i] = m.predictF(m.degrees(t))
	}
	reportF, reportY := pairs(reportTemps, reportUse, m.settings)
	r := rand.New(source)
	out := &Spread{Runs: runs}
	savings := make([]float64, 0, runs)
	sample := make([]float64, len(y))
	for range runs {
		resample(sample, y, predicted, r)
		value, kind, ok := refit(tempsF, sample, reportF, reportY, m.settings)
		if !ok {
			continue
		}
		out.Kinds[kind]++
		savings = append(savings, value)
	}
	if len(savings) < 20 {
		return nil, &analytics.NotEnoughError{Op: op + " bootstrap", What: "runs with a usable model", Got: len(savings), Want: 20}
	}
	sorted := orderstat.Sorted(savings)
	out.Low = orderstat.Quantile(sorted, .05, orderstat.Type7)
	out.Median = orderstat.Quantile(sorted, .5, orderstat.Type7)
	out.High = orderstat.Quantile(sorted, .95, orderstat.Type7)
	return out, nil
}

func resample(dst, y, predicted []float64, r *rand.Rand) {
	n := len(y)
	for i := 0; i < n; {
		start := r.IntN(n)
		for b := 0; b < blockDays && i < n; b++ {
			k := (start + b) % n
			dst[i] = predicted[i] + y[k] - predicted[k]
			i++
		}
	}
}

func refit(tempsF, y, reportF, reportY []float64, s Settings) (savings float64, kind Kind, ok bool) {
	meanY := mean(y, nil)
	centred := make([]float64, len(y))
	for i, v := range y {
		centred[i] = v - meanY
	}
	score := searchDaily(tempsF, centred, meanY, s)
	best, ok := score.choose()
	if !ok {
		return 0, 0, false
	}
	m, err := newModel(score, best, y, nil, func(kind Kind, h, c int) [][]float64 {
		return dailyColumns(tempsF, kind, float64(gridLow+h), float64(gridLow+c))
	}, s)
	if err != nil {
		return 0, 0, false
	}
	for i, t := range reportF {
		savings += m.predictF(m.degrees(t)) - reportY[i]
	}
	return savings, m.Kind, !math.IsNaN(savings)
}
