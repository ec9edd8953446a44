package target

import (
	"fmt"
	"math"
	"slices"

	"jouleline/analytics"
)

const op = "target"

// Shape is how a path runs from baseline to target.
type Shape int

const (
	// Linear falls by the same amount every year: B (1 - rho (t-t0)/(T-t0)).
	Linear Shape = iota
	// Compound falls by the same rate every year: B (1-rho)^((t-t0)/(T-t0)).
	Compound
	// Stepped holds the value of a table from each of its years on.
	Stepped
)

// String returns linear, compound or stepped.
func (s Shape) String() string { return [...]string{"linear", "compound", "stepped"}[s] }

// Step is one entry of a stepped path: the cap that holds from the start of Year.
type Step struct {
	Year  int
	Value float64
}

// Path leads from a baseline to a target. Build it with [NewPath] or [NewStepped].
type Path struct {
	shape      Shape
	base       float64
	baseYear   int
	targetYear int
	reduction  float64
	steps      []Step
}

// NewPath returns a linear or compound path from base in baseYear down by
// reduction (0.05 for 5 %) in targetYear. A compound path cannot fall by 100 %.
func NewPath(shape Shape, base float64, baseYear, targetYear int, reduction float64) (*Path, error) {
	if err := checkBase(base, baseYear, targetYear); err != nil {
		return nil, err
	}
	if shape != Linear && shape != Compound {
		return nil, &analytics.InputError{Op: op, What: "shape", Index: -1, Got: fmt.Sprint(int(shape)), Want: "linear or compound"}
	}
	if !(reduction >= 0 && reduction <= 1) || shape == Compound && reduction == 1 {
		return nil, &analytics.InputError{Op: op, What: "reduction", Index: -1, Got: fmt.Sprint(reduction), Want: "a share from 0 to 1, below 1 for a compound path"}
	}
	return &Path{shape: shape, base: base, baseYear: baseYear, targetYear: targetYear, reduction: reduction}, nil
}

// NewStepped returns a path through yearly caps, which must be in order of years
// after baseYear; the last one is the target.
func NewStepped(base float64, baseYear int, steps []Step) (*Path, error) {
	if len(steps) == 0 {
		return nil, &analytics.NotEnoughError{Op: op, What: "steps", Got: 0, Want: 1}
	}
	last := baseYear
	for i, s := range steps {
		if s.Year <= last || !(s.Value >= 0) || math.IsInf(s.Value, 0) {
			return nil, &analytics.InputError{Op: op, What: "steps", Index: i, Got: fmt.Sprintf("%v in %d", s.Value, s.Year), Want: fmt.Sprintf("a finite value of at least 0 in a year after %d", last)}
		}
		last = s.Year
	}
	if err := checkBase(base, baseYear, last); err != nil {
		return nil, err
	}
	return &Path{
		shape: Stepped, base: base, baseYear: baseYear, targetYear: last,
		reduction: 1 - steps[len(steps)-1].Value/base, steps: slices.Clone(steps),
	}, nil
}

func checkBase(base float64, baseYear, targetYear int) error {
	if !(base > 0) || math.IsInf(base, 0) {
		return &analytics.InputError{Op: op, What: "baseline", Index: -1, Got: fmt.Sprint(base), Want: "a finite value above 0"}
	}
	if targetYear <= baseYear {
		return &analytics.InputError{Op: op, What: "target year", Index: -1, Got: fmt.Sprint(targetYear), Want: fmt.Sprintf("a year after %d", baseYear)}
	}
	return nil
}

// Shape returns the path's shape.
func (p *Path) Shape() Shape { return p.shape }

// Target returns the value that the path ends at.
func (p *Path) Target() float64 { return p.At(float64(p.targetYear)) }

// At returns the path's value in a year, which may be a fraction: 2023.5 lies
// halfway between the annual values of 2023 and 2024. Before the base year it is
// the baseline, after the target year the target.
func (p *Path) At(year float64) float64 {
	share := (year - float64(p.baseYear)) / float64(p.targetYear-p.baseYear)
	share = min(max(share, 0), 1)
	switch p.shape {
	case Compound:
		return p.base * math.Pow(1-p.reduction, share)
	case Stepped:
		value := p.base
		for _, s := range p.steps {
			if year >= float64(s.Year) {
				value = s.Value
			}
		}
		return value
	}
	return p.base * (1 - p.reduction*share)
}

// Budget returns the sum of the path's annual values from year from to year to,
// both included: what may be used in total.
func (p *Path) Budget(from, to int) float64 {
	var sum float64
	for y := from; y <= to; y++ {
		sum += p.At(float64(y))
	}
	return sum
}
