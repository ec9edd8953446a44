package indicator_test

import (
	"math/big"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/registry"
)

// The plain computation that the sums are held against: one rational per
// institution, slot and day, no masks, no common denominators.

type slotKey struct {
	carrier schema.Carrier
	use     schema.Use
}

type reference struct {
	reg      *registry.Registry
	books    memory
	set      *factor.Set
	mode     factor.Mode
	panel    indicator.Panel
	boundary indicator.Boundary
	years    [2]int
	least    *big.Rat
}

// refSide is one institution on one side.
type refSide struct {
	in           bool
	place        schema.Institution
	day          schema.Day // on which it stands there
	area, people *big.Rat   // mean over the year
	numbers      map[string]*refNumber
}

// refNumber is a numerator of one institution.
type refNumber struct {
	full, figure    bool
	value, estimate *big.Rat
	known, expected int64
	metered         bool
	source          string
	slots           []slotKey
}

func (r *reference) placeOn(i int32, day schema.Day) schema.Institution {
	versions := r.reg.InstitutionVersions(i)
	at := versions[0]
	for _, v := range versions {
		if v.From <= day {
			at = v
		}
	}
	return at
}

// sides computes an institution. Whether the scope holds it is asked per side.
func (r *reference) sides(i int32, holds func(schema.Institution, schema.Day) bool) [2]*refSide {
	var out [2]*refSide
	slots := map[slotKey]bool{}
	for s, year := range r.years {
		days := indicator.YearStretch(year).Days
		day := indicator.YearStretch(r.years[1]).Days.To - 1
		if r.boundary == indicator.AsWas {
			day = days.To - 1
		}
		side := &refSide{place: r.placeOn(i, day), day: day}
		out[s] = side
		r.denominators(side, i, days)
		side.in = side.in && holds(side.place, day)
		if side.in {
			for key := range r.had(i, year) {
				slots[key] = true
			}
		}
	}
	if r.panel == indicator.Matched && !(out[0].in && out[1].in) {
		out[0].in, out[1].in = false, false
	}
	for s, year := range r.years {
		if out[s].in {
			r.serve(out[s], i, year, slots)
		}
	}
	return out
}

func (r *reference) denominators(side *refSide, i int32, days schema.Validity) {
	id := r.reg.InstitutionIDs[i]
	area, people, length := new(big.Rat), new(big.Rat), big.NewRat(int64(days.To-days.From), 1)
	for d := days.From; d < days.To; d++ {
		if _, ok := r.reg.InstitutionAt(i, d); !ok {
			continue
		}
		side.in = true
		for _, b := range r.reg.BuildingsOf(id) {
			if v, ok := schema.At(r.reg.FloorArea[b.ID], d); ok {
				area.Add(area, microRat(v))
			}
		}
		if v, ok := schema.At(r.reg.Headcount[id], d); ok {
			people.Add(people, microRat(v))
		}
	}
	side.area, side.people = area.Quo(area, length), people.Quo(people, length)
}

func microRat(q schema.Quantity) *big.Rat { return big.NewRat(int64(q), schema.Micro) }

func (r *reference) declared(i int32, year int) map[schema.DeclaredQuantity]*big.Rat {
	found := map[schema.DeclaredQuantity]*big.Rat{}
	for _, d := range r.reg.Declared {
		if d.Scope == schema.ScopeInstitution && d.ID == r.reg.InstitutionIDs[i] && d.Year == year {
			v, err := d.Value.Rat()
			if err != nil {
				panic(err)
			}
			if d.Unit == "tce" || d.Unit == "tCO2" {
				v.Mul(v, big.NewRat(1000, 1))
			}
			found[d.Quantity] = v
		}
	}
	return found
}

func (r *reference) usage(i int32, year int) map[slotKey]indicator.Usage {
	found := map[slotKey]indicator.Usage{}
	if r.panel == indicator.DeclaredOnly {
		return found
	}
	for _, n := range r.books[indicator.YearStretch(year).Days.From] {
		if n.id == r.reg.InstitutionIDs[i] && (n.Known > 0 || n.Quantity != 0) {
			found[slotKey{n.Carrier, n.Use}] = n.Usage
		}
	}
	return found
}

// expected adds up the days on which counted meters should report.
func (r *reference) expected(i int32, year int) map[slotKey]int64 {
	found := map[slotKey]int64{}
	if r.panel == indicator.DeclaredOnly {
		return found
	}
	days := indicator.YearStretch(year).Days
	for _, m := range r.reg.Meters {
		b, _ := r.reg.Building(m.Building)
		if b.Institution != r.reg.InstitutionIDs[i] || m.Parent != "" {
			continue
		}
		zone := r.reg.Zone(m.ID)
		for d := days.From; d < days.To; d++ {
			if _, ok := r.reg.InstitutionAt(i, d); ok && m.Contains(d) {
				found[slotKey{m.Carrier, m.Use}] += (d + 1).Start(zone).Sub(d.Start(zone))
			}
		}
	}
	return found
}

func (r *reference) had(i int32, year int) map[slotKey]bool {
	found := map[slotKey]bool{}
	for key := range r.usage(i, year) {
		found[key] = true
	}
	for key := range r.expected(i, year) {
		found[key] = true
	}
	for q := range r.declared(i, year) {
		if q.Carrier != schema.CarrierNone {
			found[slotKey{q.Carrier, q.Use}] = true
		}
	}
	return found
}

// serve forms the numerators: energy of buildings, all energy, water, carbon.
func (r *reference) serve(side *refSide, i int32, year int, due map[slotKey]bool) {
	stated := r.declared(i, year)
	if v, ok := stated[schema.DeclaredQuantity{Name: "floor_area"}]; ok && side.area.Sign() == 0 {
		side.area = v
	}
	if v, ok := stated[schema.DeclaredQuantity{Name: "headcount"}]; ok && side.people.Sign() == 0 {
		side.people = v
	}
	path := r.reg.RegionPath(side.place.Region, side.day)
	one := func(slotKey) (*big.Rat, error) { return big.NewRat(1, 1), nil }
	coal := func(key slotKey) (*big.Rat, error) { return r.set.KGCEPerUnit(key.carrier) }
	carbon := func(key slotKey) (*big.Rat, error) { return r.set.CO2PerUnit(key.carrier, path, year, r.mode) }
	isWater := func(key slotKey) bool { return key.carrier == schema.Water }
	isEnergy := func(key slotKey) bool { return !isWater(key) }
	isBuilding := func(key slotKey) bool { return isEnergy(key) && key.use == schema.ForBuilding }
	isVehicle := func(key slotKey) bool { return isEnergy(key) && key.use == schema.ForVehicle }

	sum := func(factor func(slotKey) (*big.Rat, error), in func(slotKey) bool) *refNumber {
		return r.sum(i, year, due, factor, in)
	}
	side.numbers = map[string]*refNumber{
		"water": sum(one, isWater), "building": sum(coal, isBuilding), "energy": sum(coal, isEnergy), "carbon": sum(carbon, isBuilding),
	}
	vehicles := sum(coal, isVehicle)
	if len(side.numbers["building"].slots) == 0 {
		side.numbers["energy"].full, side.numbers["energy"].figure = false, false
	}
	total := func(name string, v *big.Rat) {
		if !side.numbers[name].full {
			side.numbers[name] = &refNumber{full: true, figure: true, value: v, estimate: new(big.Rat), known: r.length(year), expected: r.length(year), source: "declared"}
		}
	}
	if v, ok := stated[schema.DeclaredQuantity{Name: "carbon"}]; ok {
		total("carbon", v)
	}
	if v, ok := stated[schema.DeclaredQuantity{Name: "energy"}]; ok {
		total("energy", v)
		if len(vehicles.slots) == 0 || vehicles.full {
			total("building", new(big.Rat).Sub(v, vehicles.value))
		}
	}
}

func (r *reference) length(year int) int64 {
	days := indicator.YearStretch(year).Days
	return days.To.Start(r.reg.TimeZone).Sub(days.From.Start(r.reg.TimeZone))
}

// sum adds up the due slots of a kind, each by the figure that serves.
func (r *reference) sum(i int32, year int, due map[slotKey]bool, factor func(slotKey) (*big.Rat, error), in func(slotKey) bool) *refNumber {
	stated, used, expected := r.declared(i, year), r.usage(i, year), r.expected(i, year)
	n := &refNumber{value: new(big.Rat), estimate: new(big.Rat)}
	lacks, thin := false, false
	for key := range due {
		if !in(key) {
			continue
		}
		n.slots = append(n.slots, key)
		f, err := factor(key)
		if err != nil {
			lacks, f = true, new(big.Rat)
		}
		u, has := used[key]
		whole := max(expected[key], u.Known)
		enough := has && (whole == 0 || big.NewRat(u.Known, whole).Cmp(r.least) >= 0)
		v, declared := stated[schema.DeclaredQuantity{Carrier: key.carrier, Use: key.use}]
		switch {
		case !enough && declared:
			n.value.Add(n.value, new(big.Rat).Mul(v, f))
			n.known, n.expected = n.known+r.length(year), n.expected+r.length(year)
			n.join("declared")
		case has:
			thin = thin || !enough
			n.value.Add(n.value, new(big.Rat).Mul(microRat(u.Quantity), f))
			n.estimate.Add(n.estimate, new(big.Rat).Mul(microRat(u.Estimated), f))
			n.known, n.expected = n.known+u.Known, n.expected+whole
			n.metered = true
			n.join("metered")
		default:
			lacks = true
			n.expected += whole
			n.metered = n.metered || whole > 0
		}
	}
	n.figure = len(n.slots) > 0 && !lacks
	n.full = n.figure && !thin
	return n
}

// join names the source of one more figure.
func (n *refNumber) join(source string) {
	if n.source != "" && n.source != source {
		source = "mixed"
	}
	n.source = source
}
