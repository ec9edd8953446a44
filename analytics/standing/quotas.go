package standing

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"jouleline/analytics/benchmark"
	"jouleline/analytics/variant"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// quotas holds the members against the standards that are meant for them, or were
// asked for.
func (a *Answer) quotas(ctx context.Context, w *indicator.World, source indicator.Source, q *Query, members []member) error {
	for _, s := range a.standards(w, q) {
		set := q.set(s.FactorSet)
		if set == nil {
			return fmt.Errorf("quota %s: %w: the server has no factor set %s", s.ID, ErrQuery, s.FactorSet)
		}
		for _, limits := range s.Limits {
			figures, err := q.metric(ctx, w, source, set, limits.Metric)
			if err != nil {
				return fmt.Errorf("quota %s: %w", s.ID, err)
			}
			one, err := judge(s, limits, q, figures)
			if err != nil {
				return fmt.Errorf("quota %s: %w", s.ID, err)
			}
			one.Source = q.Standards.Marks[s.Mark]
			a.Quotas = append(a.Quotas, *one)
		}
		if s.Mark == "M" {
			a.warn(CodeFromMemory, 0, 0, fmt.Sprintf("the values of %s were not checked against the standard's text", s.Standard))
		}
	}
	if slices.ContainsFunc(a.Quotas, func(o Quota) bool { return o.Metric == benchmark.NonHeatingEnergyPerArea }) {
		a.warn(CodeHeating, 0, 0, "energy without heating leaves out district heat; heating by an own boiler or by electricity is still in it")
	}
	return nil
}

// standards gives those that count: for an institution by its place, for a class
// by the region asked for.
func (a *Answer) standards(w *indicator.World, q *Query) []*benchmark.Standard {
	regions, zone := w.Registry().RegionPath(q.Within, q.lastDay()), q.Zone
	if q.Institution != "" {
		index, _ := w.Registry().InstitutionIndex(q.Institution)
		regions = w.Registry().RegionPath(standsAs(w, index, q.lastDay()).Region, q.lastDay())
		zone = q.Standards.Zone(regions)
	}
	list := q.Standards.For(string(q.Class), regions, zone)
	for _, id := range q.Quotas {
		if s, ok := q.Standards.Find(id); ok && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func (q *Query) set(name string) *factor.Set {
	for _, s := range q.Sets {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// metric reads what a standard limits.
func (q *Query) metric(ctx context.Context, w *indicator.World, source indicator.Source, set *factor.Set, m benchmark.Metric) ([]member, error) {
	measure := indicator.EnergyPerArea
	switch m {
	case benchmark.NonHeatingEnergyPerArea:
		set = variant.Of(set, func(c schema.Carrier) *big.Rat {
			if c == schema.Heat && set.Coal[c] != nil {
				return new(big.Rat)
			}
			return set.Coal[c]
		})
	case benchmark.ElectricityPerArea:
		set = variant.Of(set, func(c schema.Carrier) *big.Rat {
			if c == schema.Electricity {
				return big.NewRat(1, 1)
			}
			return new(big.Rat)
		})
	case benchmark.EnergyPerCapita:
		measure = indicator.EnergyPerCapita
	case benchmark.WaterPerCapita:
		measure = indicator.WaterPerCapita
	}
	return q.members(ctx, w, source, q.Year, set, measure)
}

// judge holds figures against one metric of a standard.
func judge(s *benchmark.Standard, limits benchmark.Limits, q *Query, figures []member) (*Quota, error) {
	quota := limits.Quota()
	out := &Quota{
		ID: s.ID, Standard: s.Standard, Title: s.Chinese + " / " + s.English, Metric: limits.Metric, Unit: limits.Unit, FactorSet: s.FactorSet,
		Constraint: given(quota.Constraint), Base: given(quota.Base), Guide: given(quota.Guide), Verdict: benchmark.Unassessed,
	}
	for _, x := range figures {
		if !x.known {
			continue
		}
		verdict, err := quota.Judge(x.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", x.id, err)
		}
		switch verdict {
		case benchmark.Guided:
			out.Guided++
		case benchmark.Based:
			out.Based++
		case benchmark.Within:
			out.Within++
		case benchmark.Over:
			out.Over++
		}
		if x.id == q.Institution {
			value := x.value
			out.Value, out.Verdict = &value, verdict
		}
	}
	return out, nil
}

// given gives a limit, nil where the standard has none.
func given(v float64) *float64 {
	if v == 0 {
		return nil
	}
	return &v
}
