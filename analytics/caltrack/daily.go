package caltrack

import (
	"math"

	"jouleline/analytics"
)

// FitDaily fits the daily method. temps[i] is the mean outdoor temperature of day
// i in Settings.Scale and use[i] the use of that day; both cover the whole
// baseline in order, NaN where unknown (such days are left out and counted). It
// needs [MinDays] days with both. The slices are not kept.
func FitDaily(temps, use []float64, s Settings) (*Model, error) {
	s, err := s.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkSeries(temps, use); err != nil {
		return nil, err
	}
	tempsF, y := pairs(temps, use, s)
	if len(y) < MinDays {
		return nil, &analytics.NotEnoughError{Op: op + " daily", What: "days with use and temperature", Got: len(y), Want: MinDays}
	}
	meanY := mean(y, nil)
	centred := make([]float64, len(y))
	for i, v := range y {
		centred[i] = v - meanY
	}
	score := searchDaily(tempsF, centred, meanY, s)
	best, ok := score.choose()
	if !ok {
		return nil, negativeMean(meanY)
	}
	m, err := newModel(score, best, y, nil, func(kind Kind, h, c int) [][]float64 {
		return dailyColumns(tempsF, kind, float64(gridLow+h), float64(gridLow+c))
	}, s)
	if err != nil {
		return nil, err
	}
	predicted := make([]float64, len(y))
	for i, t := range tempsF {
		predicted[i] = m.predictF(m.degrees(t))
	}
	m.Metrics = measure(y, predicted, m.Kind.terms())
	m.setTemperatures(tempsF)
	m.Warnings = append(dailySufficiency(temps, use, y, s), m.doubts()...)
	return m, nil
}

func negativeMean(meanY float64) error {
	return &analytics.InputError{
		Op: op, What: "use", Index: -1, Got: "a mean of " + format(meanY),
		Want: "a mean of at least 0 (net export must be split from import first)",
	}
}

func checkSeries(temps, use []float64) error {
	if err := analytics.CheckLength(op, "temperatures", len(temps), len(use)); err != nil {
		return err
	}
	if err := analytics.CheckNotInf(op, "temperatures", temps); err != nil {
		return err
	}
	return analytics.CheckNotInf(op, "use", use)
}

// pairs returns the days on which both are known, temperatures in F.
func pairs(temps, use []float64, s Settings) (tempsF, y []float64) {
	tempsF, y = make([]float64, 0, len(use)), make([]float64, 0, len(use))
	for i, v := range use {
		if math.IsNaN(v) || math.IsNaN(temps[i]) || s.ZeroIsMissing && v == 0 {
			continue
		}
		tempsF = append(tempsF, s.Scale.ToFahrenheit(temps[i]))
		y = append(y, v)
	}
	return tempsF, y
}

func dailyColumns(tempsF []float64, kind Kind, heating, cooling float64) [][]float64 {
	var columns [][]float64
	if kind.Cooling() {
		c := make([]float64, len(tempsF))
		for i, t := range tempsF {
			c[i] = max(t-cooling, 0)
		}
		columns = append(columns, c)
	}
	if kind.Heating() {
		h := make([]float64, len(tempsF))
		for i, t := range tempsF {
			h[i] = max(heating-t, 0)
		}
		columns = append(columns, h)
	}
	return columns
}

func (m *Model) setTemperatures(tempsF []float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, t := range tempsF {
		if !math.IsNaN(t) {
			low, high = min(low, t), max(high, t)
		}
	}
	m.Metrics.MinTemperature, m.Metrics.MaxTemperature = m.scale.FromFahrenheit(low), m.scale.FromFahrenheit(high)
}

// mean is the weighted mean; nil weights are 1.
func mean(x, weights []float64) float64 {
	var sum, total float64
	for i, v := range x {
		w := 1.
		if weights != nil {
			w = weights[i]
		}
		sum += w * v
		total += w
	}
	return sum / total
}
