package cause

import (
	"context"
	"fmt"
	"math"

	"jouleline/metrics/indicator"
)

// chain decomposes year by year. Each step compares the institutions that are
// known in both of its years; what the direct comparison has beyond the sum of the
// steps is the change of panel.
func (a *Answer) chain(ctx context.Context, w *indicator.World, source indicator.Source, q *Query) error {
	c := &Chained{Steps: []Step{}}
	additive := make([]float64, len(q.factorNames()))
	multiplicative := make([]float64, len(additive))
	for k := range multiplicative {
		multiplicative[k] = 1
	}
	for year := q.From; year < q.To; year++ {
		p, err := q.readPair(ctx, w, source, year, year+1)
		if err != nil {
			return err
		}
		step := *q
		step.From, step.To = year, year+1
		if reason := p.known.lacks(&step); reason != "" {
			a.warn(CodeBrokenChain, float64(year+1), 0, "no chain: "+reason)
			return nil
		}
		e, _, _, err := p.effects(q)
		if err != nil {
			if !isRefusal(err) {
				return err
			}
			a.warn(CodeBrokenChain, float64(year+1), 0, "no chain: "+err.Error())
			return nil
		}
		c.Steps = append(c.Steps, Step{year, year + 1, e.V0, e.VT, q.named(e.Additive, e.Multiplicative, e.V0)})
		for k, v := range e.Additive {
			additive[k] += v
		}
		if e.Multiplicative == nil {
			multiplicative = nil
		}
		for k := range multiplicative {
			multiplicative[k] *= e.Multiplicative[k]
		}
	}
	c.Effects = q.named(additive, multiplicative, *a.V0)
	c.PanelChange = *a.Change
	for _, v := range additive {
		c.PanelChange -= v
	}
	a.Chained = c
	if size := math.Max(*a.V0, *a.VT); math.Abs(c.PanelChange) > 1e-9*size {
		a.warn(CodePanel, c.PanelChange, 0, fmt.Sprintf("the steps do not compare the same institutions: %.6g %s of the change are the panel's", c.PanelChange, a.Unit))
	}
	return nil
}
