package peer

import (
	"slices"
	"sync"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// touched remembers which institutions have meters in which partitions, for the
// registry that was asked for last.
type touched struct {
	mu         sync.Mutex // guards what follows
	registry   *registry.Registry
	partitions [][]bool // by institution
}

// mark notes the institutions that a meter counts to at the partition of what it
// is computed from, which is its own but for a formula.
func (t *touched) mark(v *view, m *schema.Meter, from string) {
	p := v.partition(from)
	for _, claim := range t.registry.Claims(m) {
		index, ok := t.registry.InstitutionIndex(claim.Institution)
		if !ok {
			continue
		}
		if t.partitions[index] == nil {
			t.partitions[index] = make([]bool, len(v.owner))
		}
		t.partitions[index][p] = true
	}
}

// by gives the institutions of a question that have, or had, a meter in one of
// the partitions.
func (t *touched) by(v *view, missing []int, q *indicator.UsageQuery) (ids []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.registry != q.Registry {
		t.registry, t.partitions = q.Registry, make([][]bool, len(q.Registry.InstitutionIDs))
		for i := range q.Registry.Meters {
			if m := &q.Registry.Meters[i]; m.Formula == "" {
				t.mark(v, m, m.ID)
			}
		}
		for _, f := range q.Registry.Formulas() {
			for i := range f.Formula {
				t.mark(v, f.Meter, f.Formula[i].Meter)
			}
		}
	}
	touches := func(index int32) bool {
		has := t.partitions[index]
		return has != nil && slices.ContainsFunc(missing, func(p int) bool { return has[p] })
	}
	if q.Institutions == nil {
		for index, id := range q.Registry.InstitutionIDs {
			if touches(int32(index)) {
				ids = append(ids, id)
			}
		}
		return ids
	}
	for _, index := range q.Institutions {
		if touches(index) {
			ids = append(ids, q.Registry.InstitutionIDs[index])
		}
	}
	return ids
}
