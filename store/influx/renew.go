package influx

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"

	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/store"
)

// A registry may change what the books do not: where a meter stands, whose it is,
// how large an area is, also in the past. What it may have changed is deleted and
// sent anew, all of it; what it has not is left alone.

// eachEarlier gives the versions of the registry that points may have been sent by
// since the cursor: the one that held there, and all since, since a pass that was
// broken off leaves no trace but in InfluxDB. There is none where the registry is
// still that of the cursor.
func (p *Publisher) eachEarlier(ctx context.Context, now *atlas, cursor schema.Instant, look func(before *atlas)) error {
	if now.recorded <= cursor {
		return nil
	}
	moments, err := p.config.Store.RegistryVersions(ctx, cursor, now.recorded-1)
	if err != nil {
		return err
	}
	for _, at := range append([]schema.Instant{cursor}, moments...) {
		before, err := p.atlasAt(ctx, at, nil)
		if err != nil {
			return err
		}
		look(before)
	}
	return nil
}

// erasures are what is to be deleted, each once.
type erasures map[erasure]bool

func (e erasures) add(list []erasure) {
	for _, one := range list {
		e[one] = true
	}
}

// eraseAll deletes them from InfluxDB.
func (p *Publisher) eraseAll(ctx context.Context, gone erasures) error {
	for e := range gone {
		if err := p.delivery.erase(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// renewConsumption sends meters and buildings anew that stand otherwise now.
func (p *Publisher) renewConsumption(ctx context.Context, now *atlas, q store.TouchQuery) error {
	meters, buildings, gone := map[string]bool{}, map[string]bool{}, erasures{}
	err := p.eachEarlier(ctx, now, q.After, func(before *atlas) {
		m, b, erased := changedMeters(before, now)
		maps.Copy(meters, m)
		maps.Copy(buildings, b)
		gone.add(erased)
	})
	if err != nil {
		return err
	}
	if err := p.eraseAll(ctx, gone); err != nil {
		return err
	}
	if len(meters) == 0 && len(buildings) == 0 {
		return nil
	}
	return p.publishDays(ctx, now, store.TouchQuery{Upto: q.Upto, Days: schema.Open}, func(t store.Touch) (store.Touch, bool) {
		id := now.names[t.Meter]
		t.Lossy = meters[id]
		building, _, _ := now.stand(t)
		return t, meters[id] || buildings[building]
	})
}

// changedMeters tells which meters and buildings stand otherwise, and what to
// delete of them.
func changedMeters(before, now *atlas) (meters, buildings map[string]bool, gone []erasure) {
	meters, buildings = map[string]bool{}, map[string]bool{}
	look := func(a, b *atlas) {
		for id := range a.meterIDs() {
			if meters[id] || a.meterPrint(id) == b.meterPrint(id) {
				continue
			}
			meters[id] = true
			for _, side := range [2]*atlas{a, b} {
				for _, v := range side.MeterVersions(id) {
					buildings[v.Building] = true
				}
			}
		}
		for i := range a.Buildings {
			id := a.Buildings[i].ID
			of, _ := a.buildingTags(id)
			other, _ := b.buildingTags(id)
			if !maps.Equal(of, other) {
				buildings[id] = true
			}
		}
	}
	look(before, now)
	look(now, before)
	for id := range meters {
		of, was := before.meterTags(id)
		if other, _ := now.meterTags(id); was && !maps.Equal(of, other) {
			gone = append(gone, whole(ofMeter, tagMeter, id))
		}
	}
	for id := range buildings {
		if _, was := before.Building(id); was {
			gone = append(gone, whole(ofBuilding, tagBuilding, id))
		}
	}
	return meters, buildings, gone
}

func (a *atlas) meterIDs() map[string]bool {
	ids := make(map[string]bool, len(a.Meters))
	for i := range a.Meters {
		ids[a.Meters[i].ID] = true
	}
	return ids
}

// meterPrint is equal for versions of the registry in which a meter's points are.
func (a *atlas) meterPrint(id string) uint64 {
	of, _ := a.meterTags(id)
	h := fnv.New64a()
	fmt.Fprint(h, of)
	for _, v := range a.MeterVersions(id) {
		fmt.Fprintln(h, v.Building, v.Carrier, v.Use, v.Counts(), v.Validity, a.zoneOf(v.Building).Location(),
			consumption.ExpectedDays(a.Registry, &v))
	}
	return h.Sum64()
}

// renewIndicators sends institutions and regions anew whose facts changed.
func (p *Publisher) renewIndicators(ctx context.Context, now *atlas, q store.TouchQuery) error {
	changed, gone := map[indicator.Scope]bool{}, erasures{}
	err := p.eachEarlier(ctx, now, q.After, func(before *atlas) {
		scopes, erased := changedScopes(before, now)
		maps.Copy(changed, scopes)
		gone.add(erased)
	})
	if err != nil {
		return err
	}
	if err := p.eraseAll(ctx, gone); err != nil {
		return err
	}
	if len(changed) == 0 {
		return nil
	}
	keep := func(s indicator.Scope, _ bool) (lossy, ok bool) { return false, changed[s] }
	if err := p.publishIndicators(ctx, now, store.TouchQuery{Upto: q.Upto, Days: schema.Open}, keep); err != nil {
		return err
	}
	return p.publishDeclared(ctx, now, schema.Open, keep)
}

// changedScopes tells which scopes have other facts, and what to delete of them.
func changedScopes(before, now *atlas) (changed map[indicator.Scope]bool, gone []erasure) {
	old, new := before.prints(), now.prints()
	found := due{}
	regions := false
	note := func(s indicator.Scope) {
		if s.Level == indicator.ByRegion {
			regions = true
			return
		}
		found.addUnder(before, s.ID, schema.Never-1, false)
		found.addUnder(now, s.ID, schema.Never-1, false)
	}
	for s, print := range old {
		if new[s] != print {
			note(s)
		}
	}
	for s := range new {
		if _, was := old[s]; !was {
			note(s)
		}
	}
	if regions { // the tree changed, or what was declared for a node of it
		for s := range old {
			found.add(s, false)
		}
		for s := range new {
			found.add(s, false)
		}
		for s := range found {
			if s.Level != indicator.ByRegion && old[s] == new[s] {
				delete(found, s)
			}
		}
	}
	changed = map[indicator.Scope]bool{}
	for s := range found {
		changed[s] = true
		if _, was := old[s]; was {
			measurement, _ := before.scopeTags(s)
			gone = append(gone, whole(measurement, string(s.Level), s.ID))
		}
	}
	return changed, gone
}

// prints gives of each institution and region a number that is equal for versions
// of the registry in which its own facts are.
func (a *atlas) prints() map[indicator.Scope]uint64 {
	prints := map[indicator.Scope]uint64{}
	add := func(level indicator.Level, id string, facts ...any) {
		s := indicator.Scope{Level: level, ID: id}
		h := fnv.New64a()
		fmt.Fprintln(h, prints[s], facts)
		prints[s] = h.Sum64()
	}
	for _, r := range a.Regions {
		add(indicator.ByRegion, r.ID, r.Parent, r.Validity)
	}
	for i := range a.Institutions {
		inst := a.Institutions[i]
		inst.Name = ""
		add(indicator.ByInstitution, inst.ID, inst)
	}
	for i := range a.Buildings {
		b := &a.Buildings[i]
		add(indicator.ByInstitution, b.Institution, b.ID, a.FloorArea[b.ID], a.zoneOf(b.ID).Location().String())
	}
	for _, id := range a.InstitutionIDs {
		add(indicator.ByInstitution, id, a.Headcount[id])
	}
	for i := range a.Meters {
		m := &a.Meters[i]
		for _, c := range a.Claims(m) {
			add(indicator.ByInstitution, c.Institution, m.ID, m.Carrier, m.Use, c)
		}
	}
	for i := range a.Declared {
		d := &a.Declared[i]
		level := indicator.ByInstitution
		if d.Scope == schema.ScopeRegion {
			level = indicator.ByRegion
		}
		add(level, d.ID, *d)
	}
	return prints
}
