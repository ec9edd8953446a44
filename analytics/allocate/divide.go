package allocate

import (
	"fmt"
	"math"
	"slices"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

const op = "allocation"

// Method is how a target is divided.
type Method string

// The methods.
const (
	// EqualRate lets every part fall by the whole's percentage.
	EqualRate Method = "equal_rate"
	// IntensityGap lets those fall that lie above the reference, the lower
	// quartile of all parts, in proportion to what they use beyond it. Where
	// all of that together does not reach the target, everybody falls to the
	// reference and the rest is shared by equal rate.
	IntensityGap Method = "intensity_gap"
	// Given takes the plan's own targets of the parts.
	Given Method = "given"
)

// Share is one part: what it used in the base year, over which activity.
type Share struct {
	Amount   float64 // kgce, m3 or kgCO2; at least 0
	Activity float64 // m2 or persons; above 0
	// Given is the reduction that a plan sets for it, a share of Amount; only
	// [Given] reads it.
	Given float64
}

// Division is a target divided. Its slices are in the order of the shares.
type Division struct {
	Reference float64   // intensity of good practice; only by IntensityGap
	Gap       []float64 // what each part used beyond it
	Cut       []float64 // by how much each must fall, in the unit of Amount
	Required  float64   // by how much the whole must fall
	Allocated float64   // sum of the cuts
}

// Meets tells whether the cuts reach the target, rounding aside.
func (d *Division) Meets() bool { return d.Allocated >= d.Required*(1-1e-12) }

// goodPractice is the quantile of the parts' intensities that is taken for what
// can be reached (reference: the lower quartile of peers is good practice).
const goodPractice = .25

// Divide divides a reduction (0.05 for 5 %) among shares.
func Divide(method Method, reduction float64, shares []Share) (*Division, error) {
	if !(reduction > 0 && reduction <= 1) {
		return nil, &analytics.InputError{Op: op, What: "reduction", Index: -1, Got: fmt.Sprint(reduction), Want: "a share above 0, up to 1"}
	}
	if len(shares) == 0 {
		return nil, &analytics.NotEnoughError{Op: op, What: "parts that are known", Got: 0, Want: 1}
	}
	var total float64
	for i, s := range shares {
		if !(s.Amount >= 0) || !(s.Activity > 0) || math.IsInf(s.Amount+s.Activity, 0) {
			return nil, &analytics.InputError{Op: op, What: "parts", Index: i, Got: fmt.Sprintf("%v over %v", s.Amount, s.Activity), Want: "an amount of at least 0 over an activity above 0"}
		}
		total += s.Amount
	}
	d := &Division{Gap: make([]float64, len(shares)), Cut: make([]float64, len(shares)), Required: reduction * total}
	switch method {
	case EqualRate:
		for i, s := range shares {
			d.Cut[i] = reduction * s.Amount
		}
	case Given:
		for i, s := range shares {
			d.Cut[i] = s.Given * s.Amount
		}
	case IntensityGap:
		d.byGap(shares, total)
	default:
		return nil, &analytics.InputError{Op: op, What: "method", Index: -1, Got: string(method), Want: "equal_rate, intensity_gap or given"}
	}
	for _, c := range d.Cut {
		d.Allocated += c
	}
	return d, nil
}

func (d *Division) byGap(shares []Share, total float64) {
	intensities := make([]float64, len(shares))
	for i, s := range shares {
		intensities[i] = s.Amount / s.Activity
	}
	slices.Sort(intensities)
	d.Reference = orderstat.Quantile(intensities, goodPractice, orderstat.Type7)
	var beyond float64
	for i, s := range shares {
		d.Gap[i] = max(s.Amount-d.Reference*s.Activity, 0)
		beyond += d.Gap[i]
	}
	if d.Required <= beyond {
		for i := range shares {
			d.Cut[i] = d.Required * d.Gap[i] / beyond
		}
		return
	}
	rest := total - beyond
	for i, s := range shares {
		d.Cut[i] = d.Gap[i]
		if rest > 0 {
			d.Cut[i] += (d.Required - beyond) * (s.Amount - d.Gap[i]) / rest
		}
	}
}
