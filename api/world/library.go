package world

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"jouleline/api/access"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// Source gives the registry and the numbers of its meters.
type Source interface {
	// Registry gives the version that holds now. Equal versions are one pointer.
	Registry(ctx context.Context) (*registry.Registry, error)
	// RegistryAt gives the version that held at a moment, likewise; see
	// [History].
	RegistryAt(ctx context.Context, knownAt schema.Instant) (*registry.Registry, error)
	// Number gives the number under which the books keep a meter. It also knows
	// meters that are not registered any more.
	Number(meter string) (number int32, ok bool)
}

// Books gives what is stored. Its methods are those of the store.
type Books interface {
	consumption.Source
	indicator.Source
}

// Library is what questions are answered from: the versions of the registry, the
// books, factor sets and plans, within limits. It is safe for concurrent use.
type Library struct {
	Source Source
	Books  Books
	// Factors and Plans are offered, the first of each being the default.
	Factors []*factor.Set
	Plans   []*plan.Plan
	Limits  access.Limits
	// KeptSince tells up to which moment readings may have been let go, while
	// their books stay; nil: all are kept.
	KeptSince func(ctx context.Context) (schema.Instant, error)
	// Clock tells the time.
	Clock func() time.Time

	versions worlds
}

// worlds remembers what was prepared for the versions that were asked for last.
type worlds struct {
	mu    sync.Mutex // guards list
	list  Recent[*registry.Registry, *World]
	zones calendar.Zones
}

// World gives the version that holds now (0) or held at a moment.
func (l *Library) World(ctx context.Context, knownAt schema.Instant) (*World, error) {
	var reg *registry.Registry
	var err error
	if knownAt == 0 {
		reg, err = l.Source.Registry(ctx)
	} else {
		reg, err = l.Source.RegistryAt(ctx, knownAt)
	}
	if err != nil {
		return nil, fmt.Errorf("find the registry: %w", err)
	}
	l.versions.mu.Lock()
	defer l.versions.mu.Unlock()
	l.versions.list.Most = 1 + rememberedVersions
	w, ok := l.versions.list.Get(reg)
	if !ok {
		w = &World{Registry: reg, Number: l.Source.Number, Zones: &l.versions.zones}
		w.Indicators = sync.OnceValues(func() (*indicator.World, error) { return indicator.NewWorld(reg) })
		w.byBuilding = sync.OnceValue(w.sortByBuilding)
		l.versions.list.Put(reg, w)
	}
	return w, nil
}

// FactorSet gives the chosen set in the chosen mode.
func (l *Library) FactorSet(p *query.FactorParams) (*factor.Set, error) {
	set, err := choose("factor_set", p.FactorSet, l.Factors, func(f *factor.Set) string { return f.Name })
	if err != nil || p.FactorMode == "" {
		return set, err
	}
	return set.WithMode(factor.Mode(p.FactorMode)), nil
}

// PlanNamed gives the chosen plan.
func (l *Library) PlanNamed(name string) (*plan.Plan, error) {
	return choose("plan", name, l.Plans, func(p *plan.Plan) string { return p.Name })
}

// choose finds what a parameter names, the first where it names nothing.
func choose[T any](parameter, name string, among []T, nameOf func(T) string) (T, error) {
	names := make([]string, len(among))
	for i, one := range among {
		if names[i] = nameOf(one); names[i] == name || name == "" {
			return one, nil
		}
	}
	var none T
	return none, fmt.Errorf("%w: %s: got %q, want %s", problem.ErrQuestion, parameter, problem.Clip(name), strings.Join(names, ", "))
}

// Now is the clock's instant.
func (l *Library) Now() schema.Instant { return schema.InstantOf(l.Clock()) }
