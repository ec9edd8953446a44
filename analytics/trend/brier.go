package trend

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// Reliability is one row of a reliability table: what was said, what came.
type Reliability struct {
	From, To float64 // range of stated probabilities
	N        int
	Stated   float64 // mean probability
	Observed float64 // share that came true
}

// Verification judges stated probabilities by what came.
type Verification struct {
	N          int
	Brier      float64 // mean (p - outcome)^2; 0 is perfect, 0.25 is what 50 % always scores
	BaseRate   float64 // share that came true
	Skill      float64 // 1 - Brier/(rate (1-rate)); 0 where the outcomes do not differ
	Table      []Reliability
	Calibrated float64 // reliability term of Murphy 1973: sum n_k (stated-observed)^2/n
}

// Brier verifies probabilities against outcomes in ten classes of probability
// (Brier, Monthly Weather Review 78 (1950), 1-3). Empty classes are left out.
func Brier(p []float64, came []bool) (*Verification, error) {
	if err := analytics.CheckLength(op+" brier", "outcomes", len(came), len(p)); err != nil {
		return nil, err
	}
	if len(p) == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " brier", What: "probabilities", Got: 0, Want: 1}
	}
	v := &Verification{N: len(p)}
	var table [10]Reliability
	for i, x := range p {
		if !(x >= 0 && x <= 1) {
			return nil, &analytics.InputError{Op: op + " brier", What: "probabilities", Index: i, Got: fmt.Sprint(x), Want: "0 to 1"}
		}
		o := 0.
		if came[i] {
			o = 1
		}
		v.Brier += (x - o) * (x - o) / float64(len(p))
		v.BaseRate += o / float64(len(p))
		k := min(int(x*10), 9)
		table[k].N++
		table[k].Stated += x
		table[k].Observed += o
	}
	for k, row := range table {
		if row.N == 0 {
			continue
		}
		row.From, row.To = float64(k)/10, float64(k+1)/10
		row.Stated /= float64(row.N)
		row.Observed /= float64(row.N)
		v.Calibrated += float64(row.N) * math.Pow(row.Stated-row.Observed, 2) / float64(len(p))
		v.Table = append(v.Table, row)
	}
	if spread := v.BaseRate * (1 - v.BaseRate); spread > 0 {
		v.Skill = 1 - v.Brier/spread
	}
	return v, nil
}
