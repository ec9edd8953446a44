package panel

import (
	"sync"

	"jouleline/api/promql"
	"jouleline/api/world"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// slot is what is summed before it is weighed: what counts alike.
type slot struct {
	group, place int
	carrier      schema.Carrier
}

// layout tells which slot each account is added to, and which series the slots
// make up. It never changes.
type layout struct {
	groups []promql.Labels
	of     [][]int32 // the slots of each group
	slots  []slot
	paths  [][]string // the regions of each place of factors
	// starts gives, by institution, where its accounts begin in accounts.
	starts   []int32
	accounts []laidAccount
}

type laidAccount struct {
	slot    int32
	carrier schema.Carrier
	use     schema.Use
}

// slotOf gives the slot of an account, -1 where it is in none.
func (l *layout) slotOf(u *indicator.Usage) int {
	for i := l.starts[u.Institution]; i < l.starts[u.Institution+1]; i++ {
		if a := &l.accounts[i]; a.carrier == u.Carrier && a.use == u.Use {
			return int(a.slot)
		}
	}
	return -1
}

// keptLayouts is how many layouts a catalog keeps: as many as the panels of a few
// dashboards ask for. One of a province of 250,000 meters is 2 MB.
const keptLayouts = 16

// layouts keeps the layouts that were asked for last.
type layouts struct {
	mu   sync.Mutex // guards list
	list world.Recent[layoutKey, *layout]
}

// layoutKey is what a layout depends on beside the catalog.
type layoutKey struct {
	family, asked       string
	region, institution string // that the caller is limited to
}

// layout gives the layout of what is asked; pick finds the rows where it is not
// kept.
func (a *selection) layout(as weight, pick func() ([]entry, error)) (*layout, error) {
	key := layoutKey{a.Family.Name, a.Asked, a.grant.Region, a.grant.Institution}
	kept := &a.cat.layouts
	kept.mu.Lock()
	kept.list.Most = keptLayouts
	l, ok := kept.list.Get(key)
	kept.mu.Unlock()
	if ok {
		return l, nil
	}
	rows, err := pick()
	if err != nil {
		return nil, err
	}
	l = a.lay(rows, as)
	if a.Asked != "" {
		kept.mu.Lock()
		kept.list.Put(key, l)
		kept.mu.Unlock()
	}
	return l, nil
}

// lay finds the slot of each row, and the regions of each place of factors.
func (a *selection) lay(rows []entry, as weight) *layout {
	l := &layout{starts: make([]int32, len(a.w.InstitutionIDs)+1), accounts: make([]laidAccount, len(rows))}
	groupOf, slotAt := map[string]int{}, map[slot]int32{}
	places, placeOf := map[string]int{}, map[string]int{}
	var text []byte
	for i := range rows {
		row := &rows[i]
		s := slot{group: len(l.groups)}
		if a.Sum == nil {
			l.groups = append(l.groups, row.labels)
		} else {
			labels := a.Sum(row.labels)
			text = labels.Bytes(text[:0])
			found, ok := groupOf[string(text)]
			if !ok {
				found = len(l.groups)
				groupOf[string(text)] = found
				l.groups = append(l.groups, labels)
			}
			s.group = found
		}
		if as != asQuantity {
			s.carrier = row.carrier
			region := a.w.InstitutionOn(row.institution, a.cat.day).Region
			place, ok := placeOf[region]
			if !ok {
				path := a.w.RegionPath(region, a.cat.day)
				grid := world.GridOf(a.s.Factors[0], path)
				if place, ok = places[grid]; !ok {
					place = len(l.paths)
					places[grid], l.paths = place, append(l.paths, path)
				}
				placeOf[region] = place
			}
			s.place = place
		}
		at, ok := slotAt[s]
		if !ok {
			at = int32(len(l.slots))
			slotAt[s], l.slots = at, append(l.slots, s)
		}
		l.accounts[i] = laidAccount{at, row.carrier, row.use}
		l.starts[row.institution+1] = int32(i + 1) // rows are in order of institutions
	}
	for i := 1; i < len(l.starts); i++ {
		l.starts[i] = max(l.starts[i], l.starts[i-1])
	}
	l.of = make([][]int32, len(l.groups))
	for i, s := range l.slots {
		l.of[s.group] = append(l.of[s.group], int32(i))
	}
	return l
}
