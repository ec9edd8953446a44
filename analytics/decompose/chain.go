package decompose

import (
	"fmt"

	"jouleline/analytics"
)

// Chain decomposes year by year and puts the steps together: additive effects are
// summed, multiplicative ones multiplied. It follows a change of structure on the
// way, which the direct comparison of first and last year cannot see; both add up
// to the same total change. It needs two periods. Multiplicative is nil as soon as
// one total is zero; BySector is the sum over the steps.
func Chain(periods []Table) (*Effects, error) {
	if len(periods) < 2 {
		return nil, &analytics.NotEnoughError{Op: op + " chain", What: "periods", Got: len(periods), Want: 2}
	}
	var out *Effects
	for t := 1; t < len(periods); t++ {
		step, err := LMDI(periods[t-1], periods[t])
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", t, err)
		}
		if out == nil {
			out = step
			continue
		}
		if err := analytics.CheckLength(op, fmt.Sprintf("factors of step %d", t), len(step.Additive), len(out.Additive)); err != nil {
			return nil, err
		}
		if err := analytics.CheckLength(op, fmt.Sprintf("sectors of step %d", t), len(step.BySector), len(out.BySector)); err != nil {
			return nil, err
		}
		out.VT = step.VT
		for k, d := range step.Additive {
			out.Additive[k] += d
		}
		for i, row := range step.BySector {
			for k, d := range row {
				out.BySector[i][k] += d
			}
		}
		if out.Multiplicative == nil || step.Multiplicative == nil {
			out.Multiplicative = nil
			continue
		}
		for k, d := range step.Multiplicative {
			out.Multiplicative[k] *= d
		}
	}
	return out, nil
}
