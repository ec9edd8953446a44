package world

import (
	"fmt"
	"slices"
	"time"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Circle is a meter, a building or an institution, with the meters of one
// carrier that make up its consumption.
type Circle struct {
	Carrier schema.Carrier
	// Zone is the calendar of all its meters, or the deployment's where they keep
	// different ones.
	Zone *calendar.Zone
	// Owner is the index of its institution.
	Owner   int32
	Name    string
	Members []consumption.Member
	IDs     []string // of the members
	// Virtuals are the virtual meters, versions apart, and Formulas their ids.
	Virtuals []consumption.Virtual
	Formulas []string
}

// IsEmpty tells whether no meter is part of the circle.
func (c *Circle) IsEmpty() bool { return len(c.Members) == 0 && len(c.Virtuals) == 0 }

// Reads counts the meters whose books are read for an answer.
func (c *Circle) Reads() int {
	n := len(c.Members)
	for i := range c.Virtuals {
		n += len(c.Virtuals[i].Members)
	}
	return n
}

// Separate gives each meter a place of its own, and the ids of the places.
func (c *Circle) Separate() (ids []string) {
	for i := range c.Members {
		c.Members[i].Place = i
	}
	ids = slices.Clone(c.IDs)
	for i := range c.Virtuals {
		if i == 0 || c.Formulas[i] != c.Formulas[i-1] {
			ids = append(ids, c.Formulas[i])
		}
		c.Virtuals[i].Place = len(ids) - 1
	}
	return ids
}

// CarrierOf reads the carrier that a question has to name.
func CarrierOf(text string) (schema.Carrier, error) {
	if text == "" {
		return schema.CarrierNone, fmt.Errorf("%w: carrier: got none, want one, as electricity", problem.ErrQuestion)
	}
	carrier, err := schema.ParseCarrier(text)
	if err != nil {
		return schema.CarrierNone, fmt.Errorf("%w: carrier: %w", problem.ErrQuestion, err)
	}
	return carrier, nil
}

// Circle finds the meters of a subject. Sub-meters, formulas and meters that
// reconcile another one count only where they are asked for themselves.
func (w *World) Circle(about query.Target, carrier string) (*Circle, error) {
	if about.Kind == query.KindMeter {
		return w.MeterCircle(about.ID, carrier)
	}
	c := &Circle{}
	var err error
	if c.Carrier, err = CarrierOf(carrier); err != nil {
		return nil, err
	}
	var buildings []schema.Building
	if about.Kind == query.KindBuilding {
		b, ok := w.Building(about.ID)
		if !ok {
			return nil, fmt.Errorf("building %q: %w", problem.Clip(about.ID), problem.ErrUnknown)
		}
		buildings, c.Name = []schema.Building{b}, b.Name
		c.Owner, _ = w.Owner(b.ID)
	} else {
		index, ok := w.InstitutionIndex(about.ID)
		if !ok {
			return nil, fmt.Errorf("institution %q: %w", problem.Clip(about.ID), indicator.ErrUnknownScope)
		}
		buildings, c.Owner = w.BuildingsOf(about.ID), index
		versions := w.InstitutionVersions(index)
		c.Name = versions[len(versions)-1].Name
	}
	for _, b := range buildings {
		w.gather(c, b.ID)
		c.keep(w.ZoneOf(b), w.Calendar())
	}
	if c.Zone == nil {
		c.Zone = w.Calendar()
	}
	return c, nil
}

// keep takes a building's calendar, or the deployment's where the buildings
// differ.
func (c *Circle) keep(zone, deployment *calendar.Zone) {
	if c.Zone != nil && c.Zone != zone {
		zone = deployment
	}
	c.Zone = zone
}

// ZoneOf gives the calendar of a building.
func (w *World) ZoneOf(b schema.Building) *calendar.Zone {
	location := w.TimeZone
	if b.TimeZone != "" {
		if own, err := time.LoadLocation(b.TimeZone); err == nil { // checked at import
			location = own
		}
	}
	return w.Zones.Of(location)
}

// gather adds the meters in a building that count.
func (w *World) gather(c *Circle, building string) {
	for _, m := range w.MetersIn(building) {
		if m.Carrier != c.Carrier || !m.Counts() {
			continue
		}
		if m.Formula != "" {
			w.GatherFormula(c, m)
			continue
		}
		expected := consumption.ExpectedDays(w.Registry, m)
		if at := slices.Index(c.IDs, m.ID); at >= 0 { // it moved, or changed
			c.Members[at].Counts = append(c.Members[at].Counts, m.Validity)
			c.Members[at].Expected = append(c.Members[at].Expected, expected...)
			continue
		}
		number, ok := w.Number(m.ID)
		facts, known := w.Facts(m.ID)
		if !ok || !known {
			continue
		}
		c.IDs = append(c.IDs, m.ID)
		c.Members = append(c.Members, consumption.Member{
			Number: number, Facts: facts, Counts: []schema.Validity{m.Validity}, Expected: expected,
		})
	}
}

// GatherFormula adds a version of a virtual meter. One that names a meter which
// the books have never seen is expected, and nothing of it is known.
func (w *World) GatherFormula(c *Circle, m *schema.Meter) {
	v := consumption.Virtual{
		Terms: registry.FormulaOf(m), Zone: w.Zones.Of(w.Zone(m.ID)), Days: m.Validity, Expected: consumption.ExpectedDays(w.Registry, m),
	}
	for i := range v.Terms {
		number, ok := w.Number(v.Terms[i].Meter)
		facts, known := w.Facts(v.Terms[i].Meter)
		if !ok || !known {
			v.Days = schema.Validity{}
			break
		}
		v.Members = append(v.Members, consumption.Member{Number: number, Facts: facts})
	}
	c.Formulas, c.Virtuals = append(c.Formulas, m.ID), append(c.Virtuals, v)
}

// SharesMeters tells whether an institution has a part of a meter that others
// have parts of too.
func (w *World) SharesMeters(institution string) bool {
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

// MeterCircle is that of a single meter.
func (w *World) MeterCircle(id, carrier string) (*Circle, error) {
	versions := w.MeterVersions(id)
	number, ok := w.Number(id)
	if versions == nil || !ok {
		return nil, fmt.Errorf("meter %q: %w", problem.Clip(id), problem.ErrUnknown)
	}
	last := &versions[len(versions)-1]
	if carrier != "" && carrier != last.Carrier.String() {
		return nil, fmt.Errorf("%w: carrier: got %s, want %s or none: that is what meter %s measures", problem.ErrQuestion, problem.Clip(carrier), last.Carrier, id)
	}
	if slices.ContainsFunc(versions, func(m schema.Meter) bool { return m.Formula != "" }) {
		return w.formulaCircle(versions), nil
	}
	facts, _ := w.Facts(id)
	m := consumption.Member{Number: number, Facts: facts, Counts: []schema.Validity{schema.Open}}
	for i := range versions {
		m.Expected = append(m.Expected, consumption.ExpectedDays(w.Registry, &versions[i])...)
	}
	c := &Circle{Carrier: last.Carrier, Zone: facts.Zone, Members: []consumption.Member{m}, IDs: []string{id}}
	c.Owner, _ = w.Owner(last.Building)
	return c, nil
}

// formulaCircle is that of a virtual meter. Versions of it without a formula have
// no readings that count.
func (w *World) formulaCircle(versions []schema.Meter) *Circle {
	last := &versions[len(versions)-1]
	c := &Circle{Carrier: last.Carrier, Zone: w.Zones.Of(w.Zone(last.ID))}
	for i := range versions {
		if versions[i].Formula != "" {
			w.GatherFormula(c, &versions[i])
		}
	}
	c.Owner, _ = w.Owner(last.Building)
	return c
}
