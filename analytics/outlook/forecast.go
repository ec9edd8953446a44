package outlook

import (
	"jouleline/analytics/trend"
)

// forecast fits every model that the years allow, and looks to the target year
// with the one that would have forecast best so far.
func (in *Indicator) forecast(c *course, run []*Year, targetYear int, level float64) {
	y := make([]float64, len(run))
	for i, year := range run {
		y[i] = *year.Index
	}
	last := run[len(run)-1].Year
	horizon := targetYear - last
	best, scores := trend.MethodDrift, []trend.Score{{Method: trend.MethodDrift}, {Method: trend.MethodLine}}
	if len(y) > minYears {
		sel, err := trend.Select(y, 1, horizon)
		if err != nil { // the years were checked, so this is a series that no model takes
			in.State, in.Reason = NotEnoughData, err.Error()
			return
		}
		best, scores = sel.Best, sel.Scores
		in.Warnings = append(in.Warnings, sel.Warnings...)
	}
	var chances []trend.Chance
	var densities [][]float64
	var weighed []int
	for _, score := range scores {
		m := Model{Method: string(score.Method), Origins: score.Origins, Skipped: score.Skipped}
		if score.Origins > 0 && score.Skipped == "" {
			mase := score.MASE
			m.MASE = &mase
		}
		if score.Skipped == "" {
			f, chance, err := look(score.Method, y, horizon, level, c.target)
			if err != nil {
				m.Skipped = err.Error()
			} else {
				index := f.Mean[horizon-1]
				m.Index, m.Probability = &index, probability(chance)
				if chance != nil {
					chances, densities = append(chances, *chance), append(densities, score.LogDensity)
					weighed = append(weighed, len(in.Models))
				}
				if score.Method == best {
					in.take(c, f, last)
					in.Method, in.Probability = m.Method, m.Probability
				}
			}
		}
		in.Models = append(in.Models, m)
	}
	in.mix(chances, densities, weighed)
}

// look fits one method and gives its forecast, and its chance where there is a
// target.
func look(method trend.Method, y []float64, horizon int, level float64, targetPct *float64) (*trend.Forecast, *trend.Chance, error) {
	m, err := trend.Fit(method, y, 1)
	if err != nil {
		return nil, nil, err
	}
	f, err := m.Forecast(horizon, level)
	if err != nil {
		return nil, nil, err
	}
	if targetPct == nil {
		return f, nil, nil
	}
	chance, err := trend.ChanceBelow(f, horizon, 100-*targetPct)
	if err != nil {
		return nil, nil, err
	}
	if chance.DF == 0 {
		chance.DF = m.DF() // where the bounds are normal, the years behind them still are so few
	}
	return f, &chance, nil
}

func probability(c *trend.Chance) *Probability {
	if c == nil {
		return nil
	}
	return &Probability{c.P, c.DF, c.Clipped}
}

// take writes the forecast of the chosen model.
func (in *Indicator) take(c *course, f *trend.Forecast, last int) {
	for h := range f.Mean {
		p := Point{Year: last + 1 + h, Index: f.Mean[h], Low: f.Low[h], High: f.High[h], Reduction: 100 - f.Mean[h]}
		if c.baseline != nil {
			value := func(index float64) *float64 { v := index / 100 * *c.baseline; return &v }
			p.Value, p.ValueLow, p.ValueHigh = value(p.Index), value(p.Low), value(p.High)
		}
		in.Forecast = append(in.Forecast, p)
	}
	df := f.DF // 0 where the bounds are normal
	in.DF = &df
}

// minOrigins is the least number of rolling origins by which models are weighed:
// one year would give all the weight to whichever came closest by chance.
const minOrigins = 3

// mix weighs the models' chances by how well they would have forecast, or equally
// where they had to forecast too rarely to tell.
func (in *Indicator) mix(chances []trend.Chance, densities [][]float64, models []int) {
	if len(chances) < 2 {
		return
	}
	weights := make([]float64, len(chances))
	for k := range weights {
		weights[k] = 1 / float64(len(weights))
	}
	if len(densities[0]) >= minOrigins {
		stacked, err := trend.StackWeights(densities)
		if err != nil {
			return // the models had to forecast from different years
		}
		weights = stacked
	}
	mixed, err := trend.Mix(chances, weights)
	if err != nil {
		return
	}
	in.Mixed = probability(&mixed)
	for k, at := range models {
		in.Models[at].Weight = &weights[k]
	}
}
