package sim

import (
	"fmt"
	"math"
	"math/rand/v2"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// DefaultInstitutions is how many institutions a demonstration has: about two in
// each county, and all classes.
const DefaultInstitutions = 320

// DefaultSeed is the seed of the demonstration: its province has come down by
// 2023 about as far as the real one.
const DefaultSeed uint64 = 20200101

// ProvinceMeter is one simulated meter with what it counts.
type ProvinceMeter struct {
	ID          string
	Institution string
	Carrier     schema.Carrier
	Use         schema.Use
	Kind        schema.Kind // delta, register for a few
	// Monthly is the amount of each month from January 2020 to December 2025, in
	// the carrier's canonical unit. It must not be written to.
	Monthly []schema.Quantity
}

// Year is what the meter counted in a year.
func (m *ProvinceMeter) Year(year int) (sum schema.Quantity) {
	for _, amount := range m.Monthly[(year-FirstYear)*12:][:12] {
		sum += amount
	}
	return sum
}

// Province is a simulated Shandong: its registry and six years of monthly
// readings. It is immutable and safe for concurrent use.
type Province struct {
	// Tables is the registry, to be built by registry.Build.
	Tables registry.Tables
	// Meters is sorted by institution.
	Meters []ProvinceMeter

	order []sending
}

// NewProvince simulates a province with a number of institutions: all classes,
// all 16 cities, and as many of the 136 counties as there are institutions for.
func NewProvince(seed uint64, institutions int) (*Province, error) {
	if institutions < len(archetypes) || institutions > 1_000_000 {
		return nil, fmt.Errorf("simulate a province: got %d institutions, want %d to 1000000", institutions, len(archetypes))
	}
	regions, err := registry.Build(registry.Tables{registry.RegionsFile: registry.ShandongRegions()}, registry.Options{})
	if err != nil {
		return nil, fmt.Errorf("simulate a province: %w", err)
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	world := newProvinceTables(regions)
	p := &Province{}
	number := 0
	for kind, count := range counts(institutions) {
		for i := range count {
			number++
			inst := world.place(&archetypes[kind], i, number)
			p.Meters = append(p.Meters, inst.simulate(rng, world)...)
		}
	}
	p.Tables = world.tables()
	p.order = sendingOrder(rng, p.Meters)
	return p, nil
}

// institution is a simulated institution in the making.
type institution struct {
	*archetype
	id     string
	number int
	city   string // "" for the province's own
	// people and area by year
	people [LastYear - FirstYear + 1]float64
	area   [LastYear - FirstYear + 1]float64
}

// simulate draws an institution's size and use and writes its rows.
func (inst *institution) simulate(rng *rand.Rand, world *provinceTables) []ProvinceMeter {
	inst.people[0] = between(rng, inst.leastPeople, inst.mostPeople)
	inst.area[0] = inst.people[0] * inst.areaPerPerson * between(rng, 0.8, 1.2)
	more, larger := around(rng, 1.0030, 0.002), around(rng, 1.0045, 0.002)
	for y := 1; y < len(inst.people); y++ {
		inst.people[y], inst.area[y] = inst.people[y-1]*more, inst.area[y-1]*larger
	}
	for y := range inst.people {
		inst.people[y] = math.Round(inst.people[y])
		inst.area[y] = math.Round(inst.area[y])
	}
	world.size(inst)

	heat, gas := inst.heat, inst.gas
	if hdd, ok := degreeDays[inst.city]; ok {
		heat *= hdd / meanDegreeDays
	}
	boiler := 0.0 // m3/m2 of gas for heating, at 35.0 MJ/m3 into the house
	if rng.Float64() < 0.25 {
		boiler, heat = heat/0.035, 0
	}
	var meters []ProvinceMeter
	add := func(letter string, carrier schema.Carrier, use schema.Use, resolution schema.Quantity, amounts func(year, month int) float64) {
		m := ProvinceMeter{
			ID: inst.id + "-" + letter + "01", Institution: inst.id, Carrier: carrier, Use: use, Kind: schema.Delta,
			Monthly: make([]schema.Quantity, months),
		}
		if letter == "E" && inst.number%20 == 0 {
			m.Kind = schema.Register
		}
		sum := 0.0
		for i := range m.Monthly {
			amount := amounts(i/12, i%12) * around(rng, 1, 0.03)
			m.Monthly[i] = rounded(amount, resolution)
			sum += amount
		}
		if sum > 0 {
			world.meter(&m, sum)
			meters = append(meters, m)
		}
	}
	perArea := func(intensity, rate float64, shares [12]float64, years [LastYear - FirstYear + 1]float64) func(int, int) float64 {
		return func(y, m int) float64 {
			return intensity * math.Pow(rate, float64(y)) * inst.area[y] * shares[m] * years[y]
		}
	}
	perPerson := func(intensity, rate float64, shares [12]float64) func(int, int) float64 {
		return func(y, m int) float64 { return intensity * math.Pow(rate, float64(y)) * inst.people[y] * shares[m] }
	}
	cooling, heating := normalised(electricityShape, inst.closes), normalised(heatShape, false)
	use := math.Max(0.4*inst.electricity, around(rng, inst.electricity, inst.deviation))
	add("E", schema.Electricity, schema.ForBuilding, 10_000, perArea(use, around(rng, 0.988, 0.006), cooling, coolingYears))
	add("W", schema.Water, schema.ForBuilding, 100_000, perPerson(inst.water*between(rng, 0.7, 1.3), around(rng, 0.988, 0.006), normalised(waterShape, inst.closes)))
	warmth := around(rng, 0.979, 0.006)
	add("H", schema.Heat, schema.ForBuilding, 1000, perArea(heat*between(rng, 0.75, 1.25), warmth, heating, heatingYears))
	kitchen := perArea(gas*between(rng, 0.6, 1.4), around(rng, 0.990, 0.006), normalised(evenShape, inst.closes), coolingYears)
	furnace := perArea(boiler*between(rng, 0.75, 1.25), warmth, heating, heatingYears)
	add("G", schema.NaturalGas, schema.ForBuilding, 10_000, func(y, m int) float64 { return kitchen(y, m) + furnace(y, m) })
	petrol := 1.0 // the part of the vehicles' fuel
	if rng.Float64() < 0.4 {
		petrol = 0.75
	}
	fuel, fewer := inst.fuel*between(rng, 0.6, 1.4), around(rng, 0.975, 0.01)
	add("P", schema.Gasoline, schema.ForVehicle, 100_000, perPerson(fuel*petrol, fewer, normalised(evenShape, false)))
	add("D", schema.Diesel, schema.ForVehicle, 100_000, perPerson(fuel*(1-petrol), fewer, normalised(evenShape, false)))
	return meters
}
