package world

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// Tables gives the registry's tables as they held at a moment, and when the
// youngest of them was recorded.
type Tables interface {
	RegistryTables(ctx context.Context, knownAt schema.Instant) (tables map[string][]byte, recorded schema.Instant, err error)
}

// History builds the registry as it held at moments, and remembers what it
// built. It is safe for concurrent use.
type History struct {
	tables  Tables
	options registry.Options
	now     func() time.Time

	mu       sync.Mutex // guards what follows; held while a registry is built, which is work for one
	versions Recent[schema.Instant, *registry.Registry]
	recorded Recent[schema.Instant, schema.Instant] // version that held, by moment
}

// What is remembered: a few registries, which are large, and many moments, which
// are not.
const (
	rememberedVersions = 4
	rememberedMoments  = 256
)

// NewHistory makes a history of stored tables. now nil means time.Now.
func NewHistory(tables Tables, options registry.Options, now func() time.Time) *History {
	if now == nil {
		now = time.Now
	}
	h := &History{tables: tables, options: options, now: now}
	h.versions.Most, h.recorded.Most = rememberedVersions, rememberedMoments
	return h
}

// settled is how long after a moment no registry can be recorded for it any
// more: longer than a transaction takes.
const settled = time.Minute

// RegistryAt gives the version that held at a moment. Equal versions are one
// pointer, as long as they are remembered.
func (h *History) RegistryAt(ctx context.Context, knownAt schema.Instant) (*registry.Registry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if version, ok := h.recorded.Get(knownAt); ok {
		if reg, ok := h.versions.Get(version); ok {
			return reg, nil
		}
	}
	tables, version, err := h.tables.RegistryTables(ctx, knownAt)
	if err != nil {
		return nil, fmt.Errorf("registry as of %s: %w", knownAt, err)
	}
	if h.now().Sub(knownAt.Time()) > settled {
		h.recorded.Put(knownAt, version)
	}
	if reg, ok := h.versions.Get(version); ok {
		return reg, nil
	}
	reg, err := registry.Build(tables, h.options)
	if err != nil {
		return nil, fmt.Errorf("registry as of %s: stored tables: %w", knownAt, err)
	}
	h.versions.Put(version, reg)
	return reg, nil
}

// Recent remembers the values that were asked for last.
type Recent[K comparable, V any] struct {
	Most  int
	order []K // the latest last
	list  map[K]V
}

func (r *Recent[K, V]) Get(key K) (value V, ok bool) {
	if value, ok = r.list[key]; ok {
		r.touch(key)
	}
	return value, ok
}

func (r *Recent[K, V]) Put(key K, value V) {
	if r.list == nil {
		r.list = map[K]V{}
	}
	r.list[key] = value
	r.touch(key)
	if len(r.order) > r.Most {
		delete(r.list, r.order[0])
		r.order = r.order[1:]
	}
}

// touch moves a key to the end.
func (r *Recent[K, V]) touch(key K) {
	for i, k := range r.order {
		if k == key {
			r.order = append(r.order[:i], r.order[i+1:]...)
			break
		}
	}
	r.order = append(r.order, key)
}
