package main

import (
	"context"
	"fmt"
	"slices"

	"jouleline/analytics/learn"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// lesson is what came of a meter's rate.
type lesson struct {
	Meter    string          `json:"meter"`
	Days     int             `json:"days"`
	Coverage float64         `json:"coverage"`
	Rate     schema.Quantity `json:"max_rate"` // 0: none
	Unit     schema.Unit     `json:"unit"`     // of an hour
	Verdict  string          `json:"verdict"`
	basis    string          // what the rate rests on
}

// pupils lists the meters to learn of, in order: those that were named, or all of
// which something can be learned.
func (l *learning) pupils(world *registry.Registry, learnable func(id string) bool) ([]string, error) {
	if len(l.Meters) > 0 {
		for _, id := range l.Meters {
			if world.MeterVersions(id) == nil {
				return nil, usageError{fmt.Errorf("meter %s: not in the registry", id)}
			}
		}
		return slices.Compact(slices.Sorted(slices.Values(l.Meters))), nil
	}
	var ids []string
	for i := range world.Meters {
		id := world.Meters[i].ID
		if (len(ids) == 0 || ids[len(ids)-1] != id) && learnable(id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// rates learns the rates of meters, and unless told otherwise enters them.
func (l *learning) rates(ctx context.Context, world *registry.Registry) ([]lesson, error) {
	meters, err := l.pupils(world, func(id string) bool {
		m := l.unrated(world, id)
		return m != nil && m.Kind != schema.Bill
	})
	if err != nil {
		return nil, err
	}
	lessons := make([]lesson, len(meters))
	for i, id := range meters {
		if lessons[i], err = l.study(ctx, world, id); err != nil {
			return nil, fmt.Errorf("meter %s: %w", id, err)
		}
	}
	if !l.DryRun {
		if err := l.enter(ctx, lessons); err != nil {
			return nil, fmt.Errorf("enter the rates: %w", err)
		}
	}
	return lessons, nil
}

// unrated gives the first version of a meter for which a rate would hold: one
// that measures, has no rating, and is valid on the valid-from day or later. nil
// where there is none.
func (l *learning) unrated(world *registry.Registry, id string) *schema.Meter {
	versions := world.MeterVersions(id)
	for i := range versions {
		if m := &versions[i]; m.MaxRate == 0 && m.Formula == "" && m.To > l.validFrom {
			return m
		}
	}
	return nil
}

// study learns of one meter.
func (l *learning) study(ctx context.Context, world *registry.Registry, id string) (lesson, error) {
	done := lesson{Meter: id}
	m := l.unrated(world, id)
	if m == nil {
		done.Verdict = "refused: no version from " + l.ValidFrom + " on is without a rating"
		return done, nil
	}
	done.Unit = m.Unit
	if i := l.standing(world, id); i >= 0 {
		stands := &world.Learned[i]
		done.Rate = stands.MaxRate
		done.Verdict = fmt.Sprintf("kept: version %s holds from %s already", stands.Version, stands.From)
		return done, nil
	}
	if m.Interval > schema.Hour {
		done.Verdict = "refused: it is read more rarely than hourly"
		return done, nil
	}
	toOwn, ok := m.Carrier.Unit().In(m.Unit)
	if !ok || slices.ContainsFunc(world.MeterVersions(id), func(v schema.Meter) bool { return v.Unit != m.Unit && v.To > l.validFrom }) {
		done.Verdict = "refused: its unit changes after " + l.ValidFrom
		return done, nil
	}
	list, stretch, err := l.measured(ctx, id)
	if err != nil {
		return done, err
	}
	learned, err := learn.Rate(parts(list), stretch, l.rule)
	done.Days, done.Coverage = learned.Days, learned.Coverage
	if err != nil {
		done.Verdict = "refused: " + err.Error()
		return done, nil
	}
	typical, ok1 := toOwn.Of(learned.Typical)
	rate, ok2 := toOwn.Of(learned.Rate)
	if !ok1 || !ok2 || rate == 0 {
		done.Verdict = fmt.Sprintf("refused: got %s %s an hour, which cannot be told in %s", learned.Rate, m.Carrier.Unit(), m.Unit)
		return done, nil
	}
	done.Rate, done.Verdict = rate, "learned"
	done.basis = fmt.Sprintf("%s x %s %s/h, the rate that %g %% of %d measured hours or parts keep to", l.Margin, typical, m.Unit, 100*l.rule.Quantile, learned.Parts)
	return done, nil
}

// standing finds the rate that a meter has from the valid-from day, -1 where it
// has none.
func (l *learning) standing(world *registry.Registry, id string) int {
	return slices.IndexFunc(world.Learned, func(r schema.LearnedRate) bool { return r.Meter == id && r.From == l.validFrom })
}
