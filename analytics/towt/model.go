package towt

import (
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/weather"
)

// Model is a fitted baseline.
type Model struct {
	Variant        Variant
	OccupiedTimes  int // of the week, in the (first) model
	TimesOfWeek    int // seen in the baseline
	Metrics        Metrics
	Warnings       analytics.Warnings
	MinTemperature float64 // of the baseline, in its scale
	MaxTemperature float64

	settings Settings
	loc      *time.Location
	parts    []part
}

// part is one model and the weight that it has at an instant.
type part struct {
	model  *twoModes
	centre int64 // Weighted: Unix seconds
	month  int   // Monthly: 0 to 11
}

// Fit fits the baseline. Times of week are local in loc. It needs two weeks of
// observations with both load and temperature.
func Fit(s Series, loc *time.Location, set Settings) (*Model, error) {
	set, err := set.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	c := newClock(loc, set.Step)
	r := s.rows(c, set)
	if want := minHours * 60 / set.Step; len(r.load) < want {
		return nil, &analytics.NotEnoughError{Op: op, What: "observations with load and temperature", Got: len(r.load), Want: want}
	}
	m := &Model{Variant: set.Variant, settings: set, loc: loc}
	switch set.Variant {
	case Weighted:
		err = m.fitWeighted(r)
	case Monthly:
		err = m.fitMonthly(r, c)
	default:
		err = m.fitWhole(r)
	}
	if err != nil {
		return nil, err
	}
	m.describe(s, r)
	return m, nil
}

func (m *Model) times() int { return 7 * 1440 / m.settings.Step }

func (m *Model) fitWhole(r rows) error {
	occupied, err := occupancy(r, nil, m.times())
	if err != nil {
		return err
	}
	model, err := fitTwoModes(r, nil, occupied, m.Variant.knotsF())
	m.parts = []part{{model: model}}
	return err
}

func (m *Model) fitWeighted(r rows) error {
	occupied, err := occupancy(r, nil, m.times())
	if err != nil {
		return err
	}
	n := len(r.at)
	days := float64(r.at[n-1]-r.at[0]) / 86400
	segments := max(1, int(math.Ceil(days/m.settings.Timescale)))
	weights := make([]float64, n)
	for k := range segments + 1 { // centres from the first to the last observation
		centre := r.at[(n-1)*k/segments]
		for i, at := range r.at {
			weights[i] = m.closeness(at, centre)
		}
		model, err := fitTwoModes(r, weights, occupied, m.Variant.knotsF())
		if err != nil {
			return err
		}
		m.parts = append(m.parts, part{model: model, centre: centre})
	}
	return nil
}

// closeness is d0^2/(d0^2+d^2) at d days, the shape of a Cauchy density.
func (m *Model) closeness(at, centre int64) float64 {
	d, d0 := float64(at-centre)/86400, m.settings.Timescale
	return d0 * d0 / (d0*d0 + d*d)
}

func (m *Model) fitMonthly(r rows, c *clock) error {
	months := make([]int, len(r.at))
	for i, at := range r.at {
		months[i] = c.month(at)
	}
	for month := range 12 {
		near := func(i int) bool {
			d := (months[i] - month + 12) % 12
			return d == 0 || d == 1 || d == 11
		}
		season, _ := r.where(nil, near)
		weights := make([]float64, 0, len(season.at))
		own := 0
		for i, k := range months {
			switch {
			case k == month:
				weights = append(weights, 1)
				own++
			case near(i):
				weights = append(weights, monthNeighbourShare)
			}
		}
		if own == 0 {
			continue // predicted as NaN, never from its neighbours alone
		}
		occupied, err := occupancy(season, weights, m.times())
		if err != nil {
			return err
		}
		model, err := fitTwoModes(season, weights, occupied, m.Variant.knotsF())
		if err != nil {
			return err
		}
		m.parts = append(m.parts, part{model: model, month: month})
	}
	return nil
}

// Occupied returns for each time of week, from Monday 00:00, whether the (first)
// model takes the building as in use. The slice belongs to the caller.
func (m *Model) Occupied() []bool {
	return append([]bool{}, m.parts[0].model.occupied...)
}

// PredictTo writes the expected load at each time and temperature into dst and
// returns it; a nil dst is made. NaN where the temperature is NaN or the baseline
// never saw that time of week. It panics if lengths differ.
func (m *Model) PredictTo(dst []float64, times []int64, temps []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(times))
	}
	if len(dst) != len(times) || len(temps) != len(times) {
		panic("towt: lengths of dst, times and temps differ")
	}
	c := newClock(m.loc, m.settings.Step)
	for i, at := range times {
		dst[i] = m.predict(c, at, m.settings.Scale.ToFahrenheit(temps[i]))
	}
	return dst
}

func (m *Model) predict(c *clock, at int64, tempF float64) float64 {
	if math.IsNaN(tempF) {
		return tempF
	}
	tow := c.timeOfWeek(at)
	switch m.Variant {
	case Weighted:
		var sum, total float64
		for _, p := range m.parts {
			w := m.closeness(at, p.centre)
			sum += w * p.model.predict(tow, tempF)
			total += w
		}
		return sum / total
	case Monthly:
		month := c.month(at)
		for _, p := range m.parts {
			if p.month == month {
				return p.model.predict(tow, tempF)
			}
		}
		return math.NaN()
	}
	return m.parts[0].model.predict(tow, tempF)
}

func (m *Model) describe(s Series, r rows) {
	seen := make([]bool, m.times())
	for _, w := range r.tow {
		if !seen[w] {
			seen[w] = true
			m.TimesOfWeek++
		}
	}
	for _, o := range m.parts[0].model.occupied {
		if o {
			m.OccupiedTimes++
		}
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, t := range r.tempF {
		low, high = min(low, t), max(high, t)
	}
	m.MinTemperature, m.MaxTemperature = m.settings.Scale.FromFahrenheit(low), m.settings.Scale.FromFahrenheit(high)
	predicted := make([]float64, len(r.load))
	c := newClock(m.loc, m.settings.Step)
	for i, at := range r.at {
		predicted[i] = m.predict(c, at, r.tempF[i])
	}
	m.Metrics = measure(r.load, predicted, m.parameters())
	m.Warnings = m.doubts(s, r)
	if w := weather.SuspectScale(s.Temps, m.settings.Scale); w != nil {
		m.Warnings = append(m.Warnings, *w)
	}
}

// parameters counts levels and slopes of one model.
func (m *Model) parameters() int {
	p := m.TimesOfWeek
	for _, mode := range m.parts[0].model.modes {
		if mode != nil {
			p += len(mode.slopes)
		}
	}
	return p
}
