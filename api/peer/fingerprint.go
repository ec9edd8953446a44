package peer

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"sync"

	"jouleline/schema/registry"
)

// Fingerprint is the same for two registries where, and only where, they say the
// same: it is a hash of all tables in their canonical writing, and of the time
// zone that counts where a building names none.
func Fingerprint(r *registry.Registry) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", r.TimeZone)
	tables := r.Tables()
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		fmt.Fprintf(h, "%s %d\n", name, len(tables[name]))
		h.Write(tables[name])
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16])
}

// fingerprints remembers those of the registries that were asked for last: equal
// versions are one pointer.
type fingerprints struct {
	mu    sync.Mutex // guards what follows; held while one is computed, which is work for one
	order []*registry.Registry
	list  map[*registry.Registry]string
}

// rememberedPrints is how many registries are remembered: the one that holds now
// and some of the past.
const rememberedPrints = 6

func (f *fingerprints) of(r *registry.Registry) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if print, ok := f.list[r]; ok {
		return print
	}
	if f.list == nil {
		f.list = map[*registry.Registry]string{}
	}
	if len(f.order) == rememberedPrints {
		delete(f.list, f.order[0])
		f.order = f.order[1:]
	}
	print := Fingerprint(r)
	f.list[r], f.order = print, append(f.order, r)
	return print
}
