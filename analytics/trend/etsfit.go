package trend

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"jouleline/analytics/regress"
)

// smoothing is a point of the parameter space.
type smoothing struct{ alpha, beta, gamma, phi float64 }

// Bounds of the parameters: the usual region in which the weights of old values
// decay (Hyndman et al. 2008, chapter 10), and a damping that is neither gone nor
// immediate.
const (
	minPhi, maxPhi = .8, .98
	edge           = 1e-4
)

// at maps an unbounded point into the region: 0 < alpha < 1, 0 < beta < alpha,
// 0 < gamma < 1-alpha, minPhi < phi < maxPhi.
func at(x []float64) smoothing {
	unit := func(v float64) float64 { return edge + (1-2*edge)/(1+math.Exp(-v)) }
	s := smoothing{alpha: unit(x[0])}
	s.beta = s.alpha * unit(x[1])
	s.phi = minPhi + (maxPhi-minPhi)*unit(x[2])
	if len(x) > 3 {
		s.gamma = (1 - s.alpha) * unit(x[3])
	}
	return s
}

// filter runs the recursions from the given states and returns the one-step errors.
// With y nil the series counts as zero. season is changed.
func (s smoothing) filter(errors, y []float64, level, slope float64, season []float64) (float64, float64) {
	m := len(season)
	for i := range errors {
		next := level + s.phi*slope
		e := -next
		if y != nil {
			e += y[i]
		}
		if m > 0 {
			k := i % m
			e -= season[k]
			season[k] += s.gamma * e
		}
		errors[i] = e
		level, slope = next+s.alpha*e, s.phi*slope+s.beta*e
	}
	return level, slope
}

// linear is the least squares problem of the initial states. The errors are linear
// in them: running the filter on each unit state gives the columns, on the series
// from zero states the target. Seasonal states sum to zero, else the level could
// not be told from them.
type linear struct {
	columns [][]float64
	target  []float64
	season  []float64
}

func newLinear(n, period int) *linear {
	m := period
	if m == 1 {
		m = 0
	}
	l := &linear{columns: make([][]float64, 2+max(m-1, 0)), target: make([]float64, n), season: make([]float64, m)}
	for j := range l.columns {
		l.columns[j] = make([]float64, n)
	}
	return l
}

func (l *linear) fill(s smoothing, y []float64) {
	m := len(l.season)
	for j, c := range l.columns {
		clear(l.season)
		var level, slope float64
		switch j {
		case 0:
			level = -1 // an error of -x is a column of x
		case 1:
			slope = -1
		default:
			l.season[j-2], l.season[m-1] = -1, 1
		}
		s.filter(c, nil, level, slope, l.season)
	}
	clear(l.season)
	s.filter(l.target, y, 0, 0, l.season)
}

// profile returns the least sum of squares over all initial states. The search
// calls it hundreds of times and needs its order more than its digits: normal
// equations, five times as fast as the final [linear.states].
func (l *linear) profile() float64 {
	k := len(l.columns)
	a := mat.NewSymDense(k, nil)
	b := mat.NewVecDense(k, nil)
	for i, c := range l.columns {
		for j := i; j < k; j++ {
			a.SetSym(i, j, floats.Dot(c, l.columns[j]))
		}
		a.SetSym(i, i, a.At(i, i)*(1+1e-13)) // states that a long series has forgotten
		b.SetVec(i, floats.Dot(c, l.target))
	}
	var chol mat.Cholesky
	var x mat.VecDense
	if !chol.Factorize(a) || chol.SolveVecTo(&x, b) != nil {
		return math.Inf(1)
	}
	return max(floats.Dot(l.target, l.target)-mat.Dot(&x, b), 0)
}

// states solves for the initial states by QR.
func (l *linear) states() (states []float64, err error) {
	fit, err := regress.Fit(l.target, l.columns, regress.Settings{Origin: true, MinimumNorm: true})
	if err != nil {
		return nil, err
	}
	for _, b := range fit.Slopes {
		states = append(states, b.Value)
	}
	return states, nil
}

// starts are points of the region from which the search sets out: slow, middling
// and quick smoothing. The likelihood of short series has several humps.
var starts = [][]float64{{-3, -3, 1, -3}, {0, -1.5, 0, -1.5}, {1.5, 0, 2, -4}}

func fitETS(y []float64, period int) (*ETS, error) {
	dim := 3
	if period > 1 {
		dim = 4
	}
	// About their mean: a level of a million would swallow the digits of residuals
	// of one in the normal equations. The level state takes the mean back.
	mean := floats.Sum(y) / float64(len(y))
	centred := make([]float64, len(y))
	for i, v := range y {
		centred[i] = v - mean
	}
	l := newLinear(len(y), period)
	problem := optimize.Problem{Func: func(x []float64) float64 {
		l.fill(at(x), centred)
		return l.profile()
	}}
	search := func(start []float64, evaluations int) *optimize.Result {
		// A limit on evaluations is no failure: the point reached counts. Result
		// is nil only where the start itself cannot be evaluated.
		result, _ := optimize.Minimize(problem, start, &optimize.Settings{
			FuncEvaluations: evaluations,
			Converger:       &optimize.FunctionConverge{Relative: 1e-9, Iterations: 30},
		}, &optimize.NelderMead{})
		return result
	}
	best, sse := starts[0][:dim], math.Inf(1)
	for _, start := range starts {
		if r := search(start[:dim], 120); r != nil && r.F < sse {
			best, sse = r.X, r.F
		}
	}
	if r := search(best, 300); r != nil && r.F < sse {
		best = r.X
	}
	l.fill(at(best), centred)
	m, err := at(best).model(centred, period, l)
	if err != nil {
		return nil, err
	}
	m.level += mean
	return m, nil
}

// model runs the filter once more and keeps the final states.
func (s smoothing) model(y []float64, period int, l *linear) (*ETS, error) {
	states, err := l.states()
	if err != nil {
		return nil, err
	}
	n := len(y)
	m := &ETS{Alpha: s.alpha, Beta: s.beta, Gamma: s.gamma, Phi: s.phi, Period: period, residuals: make([]float64, n)}
	parameters := 3 + len(states) // alpha, beta, phi and states
	var season []float64
	if period > 1 {
		parameters++
		season = make([]float64, period)
		for j, v := range states[2:] {
			season[j] += v
			season[period-1] -= v
		}
	}
	m.level, m.slope = s.filter(m.residuals, y, states[0], states[1], season)
	m.df = max(n-parameters, 1)
	sse := floats.Dot(m.residuals, m.residuals)
	m.Sigma = math.Sqrt(sse / float64(m.df))
	for i := range season { // from the next phase on
		m.season = append(m.season, season[(n+i)%period])
	}
	k := float64(parameters + 1) // and sigma
	aic := float64(n)*math.Log(max(sse, 1e-300)/float64(n)) + 2*k
	if d := float64(n) - k - 1; d > 0 {
		m.AICc = aic + 2*k*(k+1)/d
	} else {
		m.AICc = math.Inf(1)
	}
	return m, nil
}
