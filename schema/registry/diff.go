package registry

import (
	"slices"

	"jouleline/schema"
)

// Changes is what an import means for books that stand already. The lists are
// sorted meter ids.
type Changes struct {
	// Added meters had no row before: their parked readings wait. Removed ones
	// have none any more.
	Added, Removed []string
	// Judged meters have other facts by which readings are judged and scaled:
	// carrier unit, kind, unit, multiplier, register, rating, interval, gap
	// limit, hold, validity, calendar, events, learned rates
	// or profiles. Their books must be made anew.
	Judged []string
	// Moved meters belong elsewhere: another building, institution, carrier,
	// use, parent, formula or share. Their quantities stay, the sums above them
	// do not.
	Moved []string
	// Institutions tells that the list of institutions is another one, so that
	// indices mean something else.
	Institutions bool
}

// None tells that books and sums stay as they are.
func (c Changes) None() bool {
	return len(c.Added)+len(c.Removed)+len(c.Judged)+len(c.Moved) == 0 && !c.Institutions
}

// Diff compares two registries. Names, areas, headcounts, classes, regions,
// departments, weather and declared figures are left out: figures take them as
// they are when asked.
func Diff(before, after *Registry) Changes {
	changes := Changes{Institutions: !slices.Equal(before.InstitutionIDs, after.InstitutionIDs)}
	wereShares, areShares := sharesByMeter(before), sharesByMeter(after)
	for i := 0; i < len(after.Meters); {
		id := after.Meters[i].ID
		now := after.MeterVersions(id)
		i += len(now)
		was := before.MeterVersions(id)
		if was == nil {
			changes.Added = append(changes.Added, id)
			continue
		}
		if before.Zone(id).String() != after.Zone(id).String() || !slices.EqualFunc(was, now, sameJudging) ||
			!slices.EqualFunc(before.EventsOf(id), after.EventsOf(id), sameEvent) || !slices.Equal(before.LearnedOf(id), after.LearnedOf(id)) ||
			!slices.Equal(before.ProfilesOf(id), after.ProfilesOf(id)) {
			changes.Judged = append(changes.Judged, id)
		}
		if !slices.EqualFunc(was, now, samePlace) || !slices.Equal(wereShares[id], areShares[id]) || !sameOwners(before, after, now) {
			changes.Moved = append(changes.Moved, id)
		}
	}
	for i := 0; i < len(before.Meters); {
		id := before.Meters[i].ID
		i += len(before.MeterVersions(id))
		if _, ok := after.meters[id]; !ok {
			changes.Removed = append(changes.Removed, id)
		}
	}
	return changes
}

func sameJudging(a, b schema.Meter) bool {
	return a.Carrier.Unit() == b.Carrier.Unit() && a.Kind == b.Kind && a.Unit == b.Unit && a.Multiplier == b.Multiplier &&
		a.RegisterMax == b.RegisterMax && a.RegisterStep == b.RegisterStep && a.MaxRate == b.MaxRate &&
		a.Interval == b.Interval && a.GapLimit == b.GapLimit && a.Hold == b.Hold && a.Validity == b.Validity
}

func sameEvent(a, b schema.Event) bool {
	a.Note, b.Note = "", ""
	return a == b
}

func samePlace(a, b schema.Meter) bool {
	return a.Building == b.Building && a.Carrier == b.Carrier && a.Use == b.Use && a.Parent == b.Parent &&
		a.Formula == b.Formula && a.Reconciles == b.Reconciles && a.Validity == b.Validity
}

// sameOwners tells whether the buildings of a meter still belong to whom they
// belonged.
func sameOwners(before, after *Registry, versions []schema.Meter) bool {
	for _, m := range versions {
		was, _ := before.Building(m.Building)
		is, _ := after.Building(m.Building)
		if was.Institution != is.Institution {
			return false
		}
	}
	return true
}

func sharesByMeter(r *Registry) map[string][]schema.Share {
	shares := map[string][]schema.Share{}
	for _, s := range r.Shares {
		shares[s.Meter] = append(shares[s.Meter], s)
	}
	return shares
}
