package promql

import (
	"context"
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"
)

// LabelValues gives the values of a label.
func (s shelf) LabelValues(ctx context.Context, name string, hints *storage.LabelHints, matchers ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	seen := map[string]bool{}
	wants := func(family *Family) ([]string, bool) {
		if name == named {
			return nil, true
		}
		return []string{name}, slices.Contains(family.Labels, name)
	}
	err := s.visit(ctx, matchers, wants, func(family *Family, l Labels) bool {
		if name == named {
			seen[family.Name] = true
			return false // one series of a family is enough
		}
		if v := l.Get(name); v != "" {
			seen[v] = true
		}
		return true
	})
	return sortedKeys(seen, hints), nil, err
}

// LabelNames gives the names of labels.
func (s shelf) LabelNames(ctx context.Context, hints *storage.LabelHints, matchers ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	seen := map[string]bool{}
	unseen := func(family *Family) ([]string, bool) {
		var names []string
		for _, name := range family.Labels {
			if !seen[name] {
				names = append(names, name)
			}
		}
		return names, len(names) > 0
	}
	err := s.visit(ctx, matchers, unseen, func(family *Family, l Labels) bool {
		before := len(seen)
		seen[named] = true
		l.Range(func(x labels.Label) { seen[x.Name] = true })
		if len(seen) == before {
			return true
		}
		_, isMore := unseen(family)
		return isMore
	})
	return sortedKeys(seen, hints), nil, err
}

// visit visits the labels of all series that match; where look is false it goes
// on with the next family. Where wants is set it tells which labels of a family
// are looked at, and whether any are.
func (s shelf) visit(ctx context.Context, matchers []*labels.Matcher, wants func(*Family) ([]string, bool), look func(*Family, Labels) bool) error {
	families, matches, names := s.split(matchers)
	for _, family := range families {
		l := Listing{Family: family, Matches: matches, Exactly: exactly(matchers)}
		if wants != nil {
			looked, any := wants(family)
			if !any {
				continue
			}
			l.Wants = append(slices.Clone(names), looked...)
		}
		n := 0
		err := s.source.Series(ctx, l, func(l Labels) bool {
			if n++; n%4096 == 0 && ctx.Err() != nil {
				return false
			}
			return look(family, l)
		})
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", family.Name, blame(ctx, err))
		}
	}
	return nil
}

func sortedKeys(seen map[string]bool, hints *storage.LabelHints) []string {
	list := make([]string, 0, len(seen))
	for name := range seen {
		list = append(list, name)
	}
	slices.Sort(list)
	if hints != nil && hints.Limit > 0 && len(list) > hints.Limit {
		list = list[:hints.Limit]
	}
	return list
}
