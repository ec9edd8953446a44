package trend

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
)

// Test is the outcome of a Mann-Kendall test.
type Test struct {
	S        float64 // pairs that rise minus pairs that fall
	Variance float64 // of S, corrected for ties (and for autocorrelation by HamedRao)
	Z        float64 // with continuity correction; 0 where S is 0
	P        float64 // two-sided
	Tau      float64 // S over the number of pairs, Kendall's tau-a
	N        int     // known values
	// Correction is what HamedRao multiplied the variance by, 1 otherwise. Where
	// the series speaks for a correction of zero or less, which is no variance, it
	// stays 1 and Uncorrected is set.
	Correction  float64
	Uncorrected bool
}

// MannKendall tests for a monotonic trend (Mann 1945, Kendall 1975). NaN is a gap
// and is skipped. It needs four known values; values are assumed independent, for
// others see [HamedRao].
func MannKendall(y []float64) (*Test, error) {
	v, err := known(y, 4)
	if err != nil {
		return nil, err
	}
	t := &Test{S: score(v), Variance: varianceS(v), N: len(v), Correction: 1}
	t.finish(float64(t.N) * float64(t.N-1) / 2)
	return t, nil
}

// SeasonalMannKendall tests each phase of the cycle by itself and sums scores and
// variances (Hirsch, Slack and Smith, Water Resources Research 18 (1982), 107-121),
// so that a season is no trend. It needs two known values in some phase, and ten in
// all.
func SeasonalMannKendall(y []float64, period int) (*Test, error) {
	if period < 2 {
		return nil, &analytics.InputError{Op: op, What: "period", Index: -1, Got: "fewer than 2", Want: "2 or more values in a cycle"}
	}
	if _, err := known(y, 10); err != nil {
		return nil, err
	}
	t := &Test{Correction: 1}
	var pairs float64
	for p := range min(period, len(y)) {
		var phase []float64
		for i := p; i < len(y); i += period {
			if !math.IsNaN(y[i]) {
				phase = append(phase, y[i])
			}
		}
		n := float64(len(phase))
		t.N += len(phase)
		t.S += score(phase)
		t.Variance += varianceS(phase)
		pairs += n * (n - 1) / 2
	}
	if pairs == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " seasonal mann-kendall", What: "values in the same phase", Got: 1, Want: 2}
	}
	t.finish(pairs)
	return t, nil
}

// HamedRao is Mann-Kendall with the variance corrected for autocorrelation: the
// significant (5 %) lags of the ranks of the detrended series enter with their
// signs (Hamed and Rao, Journal of Hydrology 204 (1998), 182-196). It needs ten
// values without gaps.
func HamedRao(y []float64) (*Test, error) {
	if err := checkValues("hamed-rao", y, 10); err != nil {
		return nil, err
	}
	t, err := MannKendall(y)
	if err != nil {
		return nil, err
	}
	line, err := FitTheilSen(y, .95)
	if err != nil {
		return nil, err
	}
	n := len(y)
	detrended := make([]float64, n)
	for i, v := range y {
		detrended[i] = v - line.Slope*float64(i)
	}
	r := ranks(detrended)
	bound := distuv.UnitNormal.Quantile(.975) / math.Sqrt(float64(n))
	var sum float64
	for lag := 1; lag < n; lag++ {
		if rho := autocorrelation(r, lag); math.Abs(rho) > bound {
			k := float64(n - lag)
			sum += k * (k - 1) * (k - 2) * rho
		}
	}
	m := float64(n)
	correction := 1 + 2/(m*(m-1)*(m-2))*sum
	if correction <= 0 {
		t.Uncorrected = true
		return t, nil
	}
	t.Correction = correction
	t.Variance *= correction
	t.finish(m * (m - 1) / 2)
	return t, nil
}

func known(y []float64, want int) ([]float64, error) {
	if err := analytics.CheckNotInf(op, "values", y); err != nil {
		return nil, err
	}
	v := make([]float64, 0, len(y))
	for _, x := range y {
		if !math.IsNaN(x) {
			v = append(v, x)
		}
	}
	if len(v) < want {
		return nil, &analytics.NotEnoughError{Op: op + " mann-kendall", What: "known values", Got: len(v), Want: want}
	}
	return v, nil
}

func (t *Test) finish(pairs float64) {
	t.Tau = t.S / pairs
	t.Z = 0
	if t.Variance > 0 && t.S != 0 {
		t.Z = (t.S - math.Copysign(1, t.S)) / math.Sqrt(t.Variance)
	}
	t.P = 2 * distuv.UnitNormal.CDF(-math.Abs(t.Z))
}

func score(v []float64) float64 {
	s := 0
	for i := range v {
		for j := range i {
			switch {
			case v[i] > v[j]:
				s++
			case v[i] < v[j]:
				s--
			}
		}
	}
	return float64(s)
}

// varianceS is [n(n-1)(2n+5) - sum t(t-1)(2t+5)]/18 over the groups of t ties.
func varianceS(v []float64) float64 {
	term := func(n float64) float64 { return n * (n - 1) * (2*n + 5) }
	sum := term(float64(len(v)))
	sorted := slices.Clone(v)
	slices.Sort(sorted)
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		sum -= term(float64(j - i))
		i = j
	}
	return sum / 18
}

// ranks are counted from 1, ties share their mean rank.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case v[a] < v[b]:
			return -1
		case v[a] > v[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(v))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && v[order[j]] == v[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}

// autocorrelation is the sample autocorrelation at a lag, 0 where nothing varies.
func autocorrelation(x []float64, lag int) float64 {
	var mean, c0, ck float64
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for i, v := range x {
		c0 += (v - mean) * (v - mean)
		if i >= lag {
			ck += (v - mean) * (x[i-lag] - mean)
		}
	}
	if c0 == 0 {
		return 0
	}
	return ck / c0
}
