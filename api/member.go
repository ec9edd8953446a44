package api

import (
	"fmt"
	"slices"
	"time"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// circle is a meter, a building or an institution, with the meters of one
// carrier that make up its consumption.
type circle struct {
	carrier schema.Carrier
	// zone is the calendar of all its meters, or the deployment's where they keep
	// different ones.
	zone *calendar.Zone
	// owner is the index of its institution.
	owner   int32
	name    string
	members []consumption.Member
	ids     []string // of the members
	// virtuals are the virtual meters, versions apart, and formulas their ids.
	virtuals []consumption.Virtual
	formulas []string
}

// isEmpty tells whether no meter is part of the circle.
func (c *circle) isEmpty() bool { return len(c.members) == 0 && len(c.virtuals) == 0 }

// reads counts the meters whose books are read for an answer.
func (c *circle) reads() int {
	n := len(c.members)
	for i := range c.virtuals {
		n += len(c.virtuals[i].Members)
	}
	return n
}

// separate gives each meter a place of its own, and the ids of the places.
func (c *circle) separate() (ids []string) {
	for i := range c.members {
		c.members[i].Place = i
	}
	ids = slices.Clone(c.ids)
	for i := range c.virtuals {
		if i == 0 || c.formulas[i] != c.formulas[i-1] {
			ids = append(ids, c.formulas[i])
		}
		c.virtuals[i].Place = len(ids) - 1
	}
	return ids
}

// circle finds the meters of a subject. Sub-meters, formulas and meters that
// reconcile another one count only where they are asked for themselves.
func (w *world) circle(about subject, carrier string) (*circle, error) {
	if about.kind == kindMeter {
		return w.meterCircle(about.id, carrier)
	}
	c := &circle{}
	var err error
	if carrier == "" {
		return nil, fmt.Errorf("%w: carrier: got none, want one, as electricity", errQuestion)
	}
	if c.carrier, err = schema.ParseCarrier(carrier); err != nil {
		return nil, fmt.Errorf("%w: %w", errQuestion, err)
	}
	var buildings []schema.Building
	if about.kind == kindBuilding {
		b, ok := w.Building(about.id)
		if !ok {
			return nil, fmt.Errorf("building %q: %w", clip(about.id), errUnknown)
		}
		buildings, c.name = []schema.Building{b}, b.Name
		c.owner, _ = w.Owner(b.ID)
	} else {
		index, ok := w.InstitutionIndex(about.id)
		if !ok {
			return nil, fmt.Errorf("institution %q: %w", clip(about.id), indicator.ErrUnknownScope)
		}
		buildings, c.owner = w.BuildingsOf(about.id), index
		versions := w.InstitutionVersions(index)
		c.name = versions[len(versions)-1].Name
	}
	for _, b := range buildings {
		w.gather(c, b.ID)
		c.keep(w.zoneOf(b), w.zone())
	}
	if c.zone == nil {
		c.zone = w.zone()
	}
	return c, nil
}

// keep takes a building's calendar, or the deployment's where the buildings
// differ.
func (c *circle) keep(zone, deployment *calendar.Zone) {
	if c.zone != nil && c.zone != zone {
		zone = deployment
	}
	c.zone = zone
}

// zoneOf gives the calendar of a building.
func (w *world) zoneOf(b schema.Building) *calendar.Zone {
	location := w.TimeZone
	if b.TimeZone != "" {
		if own, err := time.LoadLocation(b.TimeZone); err == nil { // checked at import
			location = own
		}
	}
	return w.zones.Of(location)
}

// gather adds the meters in a building that count.
func (w *world) gather(c *circle, building string) {
	for _, m := range w.metersIn(building) {
		if m.Carrier != c.carrier || !m.Counts() {
			continue
		}
		if m.Formula != "" {
			w.gatherFormula(c, m)
			continue
		}
		expected := consumption.ExpectedDays(w.Registry, m)
		if at := len(c.ids) - 1; at >= 0 && c.ids[at] == m.ID {
			c.members[at].Counts = append(c.members[at].Counts, m.Validity)
			c.members[at].Expected = append(c.members[at].Expected, expected...)
			continue
		}
		number, ok := w.number(m.ID)
		facts, known := w.facts(m.ID)
		if !ok || !known {
			continue
		}
		c.ids = append(c.ids, m.ID)
		c.members = append(c.members, consumption.Member{
			Number: number, Facts: facts, Counts: []schema.Validity{m.Validity}, Expected: expected,
		})
	}
}

// gatherFormula adds a version of a virtual meter. One that names a meter which
// the books have never seen is expected, and nothing of it is known.
func (w *world) gatherFormula(c *circle, m *schema.Meter) {
	v := consumption.Virtual{
		Terms: registry.FormulaOf(m), Zone: w.zones.Of(w.Zone(m.ID)), Days: m.Validity, Expected: consumption.ExpectedDays(w.Registry, m),
	}
	for i := range v.Terms {
		number, ok := w.number(v.Terms[i].Meter)
		facts, known := w.facts(v.Terms[i].Meter)
		if !ok || !known {
			v.Days = schema.Validity{}
			break
		}
		v.Members = append(v.Members, consumption.Member{Number: number, Facts: facts})
	}
	c.formulas, c.virtuals = append(c.formulas, m.ID), append(c.virtuals, v)
}

// sharesMeters tells whether an institution has a part of a meter that others
// have parts of too.
func (w *world) sharesMeters(institution string) bool {
	for i := range w.Shares {
		for _, m := range w.MeterVersions(w.Shares[i].Meter) {
			for _, c := range w.Claims(&m) {
				if c.Institution == institution && !c.IsWhole() {
					return true
				}
			}
		}
	}
	return false
}

// meterCircle is that of a single meter.
func (w *world) meterCircle(id, carrier string) (*circle, error) {
	versions := w.MeterVersions(id)
	number, ok := w.number(id)
	if versions == nil || !ok {
		return nil, fmt.Errorf("meter %q: %w", clip(id), errUnknown)
	}
	last := &versions[len(versions)-1]
	if carrier != "" && carrier != last.Carrier.String() {
		return nil, fmt.Errorf("%w: carrier: got %s, want %s or none: that is what meter %s measures", errQuestion, clip(carrier), last.Carrier, id)
	}
	if slices.ContainsFunc(versions, func(m schema.Meter) bool { return m.Formula != "" }) {
		return w.formulaCircle(versions), nil
	}
	facts, _ := w.facts(id)
	m := consumption.Member{Number: number, Facts: facts, Counts: []schema.Validity{schema.Open}}
	for i := range versions {
		m.Expected = append(m.Expected, consumption.ExpectedDays(w.Registry, &versions[i])...)
	}
	c := &circle{carrier: last.Carrier, zone: facts.Zone, members: []consumption.Member{m}, ids: []string{id}}
	c.owner, _ = w.Owner(last.Building)
	return c, nil
}

// formulaCircle is that of a virtual meter. Versions of it without a formula have
// no readings that count.
func (w *world) formulaCircle(versions []schema.Meter) *circle {
	last := &versions[len(versions)-1]
	c := &circle{carrier: last.Carrier, zone: w.zones.Of(w.Zone(last.ID))}
	for i := range versions {
		if versions[i].Formula != "" {
			w.gatherFormula(c, &versions[i])
		}
	}
	c.owner, _ = w.Owner(last.Building)
	return c
}
