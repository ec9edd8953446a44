package indicator

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// World is a registry prepared for sums: everything that does not depend on the
// question is laid out by institution once. It is safe for concurrent use; it
// remembers the denominators of the stretches that were asked for last.
type World struct {
	reg         *registry.Registry
	regions     tree
	departments tree
	// Of each row of Registry.Institutions: where that version stands.
	stands []stand
	// first gives the row of an institution's first version; one row more than
	// there are institutions.
	first []int32
	// premises are the floor area series of an institution's buildings, heads
	// its headcount.
	premises [][][]schema.Dated[schema.Quantity]
	heads    [][]schema.Dated[schema.Quantity]
	meters   []counted // by institution, then slot
	claims   map[int]*claims

	mu      sync.Mutex // guards what follows
	periods map[schema.Validity]*period
	places  map[schema.Day]*placement
}

// remembered bounds the stretches and days that are kept: a plan's years and
// some days of today. A stretch of 45,000 institutions with six meters takes
// 6 MB.
const remembered = 12

// stand is where a version of an institution stands: rows of the trees and the
// position of its class, -1 where it has none.
type stand struct {
	region, department, class int32
}

// counted is a version of a meter that counts into its institution.
type counted struct {
	institution int32
	slot        slot
	schema.Validity
	zone *time.Location
}

// NewWorld prepares a registry. It costs about a microsecond an institution. The
// error names a declared figure that is beyond what can be counted.
func NewWorld(reg *registry.Registry) (*World, error) {
	w := &World{
		reg:         reg,
		regions:     newTree(reg.Regions),
		departments: newTree(reg.Departments),
		periods:     map[schema.Validity]*period{},
		places:      map[schema.Day]*placement{},
	}
	w.layOut()
	w.countMeters()
	var err error
	w.claims, err = readClaims(reg)
	return w, err
}

// Registry gives the registry that the world was made of.
func (w *World) Registry() *registry.Registry { return w.reg }

func (w *World) layOut() {
	reg := w.reg
	n := len(reg.InstitutionIDs)
	w.stands = make([]stand, len(reg.Institutions))
	for row := range reg.Institutions {
		v := &reg.Institutions[row]
		w.stands[row] = stand{w.regions.row(v.Region), w.departments.row(v.Department), int32(slices.Index(schema.Classes, v.Class))}
		if row == 0 || reg.Institutions[row-1].ID != v.ID {
			w.first = append(w.first, int32(row))
		}
	}
	w.first = append(w.first, int32(len(reg.Institutions)))
	w.premises = make([][][]schema.Dated[schema.Quantity], n)
	w.heads = make([][]schema.Dated[schema.Quantity], n)
	for i, id := range reg.InstitutionIDs {
		w.heads[i] = reg.Headcount[id]
	}
	for row := range reg.Buildings {
		b := &reg.Buildings[row]
		if i, ok := reg.InstitutionIndex(b.Institution); ok {
			if series := reg.FloorArea[b.ID]; series != nil {
				w.premises[i] = append(w.premises[i], series)
			}
		}
	}
}

// countMeters lists who expects readings of which meter, and when. A divided
// meter is expected by each who has a part of it.
func (w *World) countMeters() {
	for row := range w.reg.Meters {
		m := &w.reg.Meters[row]
		for _, c := range w.reg.Claims(m) {
			if institution, ok := w.reg.InstitutionIndex(c.Institution); ok {
				w.meters = append(w.meters, counted{institution, slotOf(m.Carrier, m.Use), c.Validity, w.reg.Zone(m.ID)})
			}
		}
	}
	slices.SortStableFunc(w.meters, func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.institution, b.institution), cmp.Compare(a.slot, b.slot))
	})
}

// versions gives the versions of an institution in order of time.
func (w *World) versions(institution int32) []schema.Institution {
	return w.reg.Institutions[w.first[institution]:w.first[institution+1]]
}

// versionOn gives the row of the version of an institution that stands for it on
// a day: the one that holds, else the last that began before, else its first.
func (w *World) versionOn(institution int32, day schema.Day) int32 {
	row := w.first[institution]
	for next := row + 1; next < w.first[institution+1] && w.reg.Institutions[next].From <= day; next++ {
		row = next
	}
	return row
}

// period gives the denominators of a stretch of days, remembered or anew.
func (w *World) period(days schema.Validity) *period {
	return recall(&w.mu, w.periods, days, w.measurePeriod)
}

// placement gives where institutions stand on a day, remembered or anew.
func (w *World) placement(day schema.Day) *placement {
	return recall(&w.mu, w.places, day, w.place)
}

// recall gives what is kept under a key, or finds it and keeps it. Two that ask at
// once may both find it, which is the same.
func recall[K comparable, V any](mu *sync.Mutex, kept map[K]*V, key K, find func(K) *V) *V {
	mu.Lock()
	v := kept[key]
	mu.Unlock()
	if v != nil {
		return v
	}
	v = find(key)
	mu.Lock()
	defer mu.Unlock()
	if len(kept) >= remembered {
		clear(kept)
	}
	kept[key] = v
	return v
}
