package pipeline

import (
	"fmt"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// World is one version of the registry, prepared for judging. It is immutable.
type World struct {
	Registry *registry.Registry
	// Number gives the ids of registered meters.
	number map[string]int32
	// former gives those of meters that left the registry.
	former map[string]int32
	// facts and names are indexed by id; facts is nil for a meter that this
	// version does not hold.
	facts []*books.Meter
	names []string
	// plain holds what most readings are resolved by, side by side.
	plain []plainFacts
	// accounts lists where each meter's consumption counts, by id.
	accounts [][]posting.Attribution
}

// Number gives the id of a registered meter.
func (w *World) Number(meter string) (id int32, ok bool) {
	id, ok = w.number[meter]
	return id, ok
}

// EverNumber gives the id of a meter that is, or once was, registered.
func (w *World) EverNumber(meter string) (id int32, ok bool) {
	if id, ok = w.number[meter]; ok {
		return id, true
	}
	id, ok = w.former[meter]
	return id, ok
}

// Name gives the name of a meter by its id.
func (w *World) Name(id int32) string { return w.names[id] }

// EverName gives the name of a meter by its id; ok is false where there is none
// of that id.
func (w *World) EverName(id int32) (name string, ok bool) {
	if id < 0 || int(id) >= len(w.names) {
		return "", false
	}
	return w.names[id], true
}

// Facts gives what judging knows of a meter, nil where it is not registered.
func (w *World) Facts(id int32) *books.Meter {
	if int(id) >= len(w.facts) {
		return nil
	}
	return w.facts[id]
}

// Compatible judges the unit and kind of a reading of a registered meter; either
// may be not given.
func (w *World) Compatible(meter string, unit schema.Unit, _ schema.Kind) (schema.Code, string) {
	id, ok := w.number[meter]
	if !ok || unit == schema.UnitNone {
		return schema.Accepted, ""
	}
	return fits(unit, &w.facts[id].Eras[0])
}

// fits tells whether a unit converts to what an era's carrier is booked in.
func fits(unit schema.Unit, era *books.Era) (schema.Code, string) {
	if _, ok := unit.In(era.Carrier.Unit()); ok {
		return schema.Accepted, ""
	}
	return schema.IncompatibleUnit, fmt.Sprintf("got %s for a meter of %s, want a unit that converts to %s", unit, era.Carrier, era.Carrier.Unit())
}

// Account gives the account that a meter's consumption of a day counts to.
func (w *World) Account(id int32, day schema.Day) int32 {
	for _, a := range w.accounts[id] {
		if a.Contains(day) {
			return a.Account
		}
	}
	return posting.NoAccount
}

// builder makes worlds and keeps what outlives them: ids, accounts and zones.
type builder struct {
	zones    calendar.Zones
	ids      map[string]int32
	names    []string
	accounts map[accountKey]int32
	list     []posting.Account
}

type accountKey struct {
	institution string
	carrier     schema.Carrier
	use         schema.Use
}

func newBuilder(start *posting.Start) *builder {
	b := &builder{ids: map[string]int32{}, accounts: map[accountKey]int32{}}
	for _, m := range start.Meters {
		b.ids[m.Key] = m.ID
		for len(b.names) <= int(m.ID) {
			b.names = append(b.names, "")
		}
		b.names[m.ID] = m.Key
	}
	for _, a := range start.Accounts {
		b.accounts[accountKey{a.Institution, a.Carrier, a.Use}] = a.ID
		b.list = append(b.list, a)
	}
	return b
}

// build prepares a registry. It also gives the rows that the store must add.
func (b *builder) build(r *registry.Registry) (*World, *posting.Registry) {
	change := &posting.Registry{}
	w := &World{Registry: r, number: make(map[string]int32, len(r.Meters))}
	for i := range r.Meters {
		id := r.Meters[i].ID
		if i > 0 && r.Meters[i-1].ID == id {
			continue
		}
		n, ok := b.ids[id]
		if !ok {
			n = int32(len(b.names))
			b.ids[id] = n
			b.names = append(b.names, id)
			change.Meters = append(change.Meters, posting.Meter{ID: n, Key: id})
		}
		w.number[id] = n
	}
	w.former = map[string]int32{}
	for id, name := range b.names {
		if _, ok := w.number[name]; !ok {
			w.former[name] = int32(id)
		}
	}
	w.names = b.names
	w.facts = make([]*books.Meter, len(b.names))
	for i := 0; i < len(r.Meters); {
		versions := r.MeterVersions(r.Meters[i].ID)
		id := versions[0].ID
		w.facts[w.number[id]] = books.FactsOf(r, id, b.zones.Of(r.Zone(id)))
		i += len(versions)
	}
	w.plain = plainFactsOf(w.facts)
	known := len(b.list)
	change.Attribution = posting.Attribute(r, w.Number, b.account)
	posting.Divide(r, w.Number, b.account) // for their accounts
	posting.Formulas(r, w.Number, b.account)
	change.Accounts = b.list[known:]
	w.accounts = make([][]posting.Attribution, len(b.names))
	for _, a := range change.Attribution {
		w.accounts[a.Meter] = append(w.accounts[a.Meter], a)
	}
	return w, change
}

func (b *builder) account(institution string, carrier schema.Carrier, use schema.Use) int32 {
	key := accountKey{institution, carrier, use}
	id, ok := b.accounts[key]
	if !ok {
		id = int32(len(b.list))
		b.accounts[key] = id
		b.list = append(b.list, posting.Account{ID: id, Institution: institution, Carrier: carrier, Use: use})
	}
	return id
}
