package sim_test

import (
	"strings"
	"testing"
	"time"

	"jouleline/bench/sim"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/registry"
)

func province(t *testing.T, institutions int) (*sim.Province, *registry.Registry) {
	t.Helper()
	p, err := sim.NewProvince(sim.DefaultSeed, institutions)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Build(p.Tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, reg
}

func TestProvince_HasAllPlacesAndClasses(t *testing.T) {
	p, reg := province(t, sim.DefaultInstitutions)
	if got := len(reg.InstitutionIDs); got != sim.DefaultInstitutions {
		t.Errorf("got %d institutions, want %d", got, sim.DefaultInstitutions)
	}
	end := schema.DayOf(2023, 12, 31)
	classes, cities, counties, kinds := map[schema.Class]int{}, map[string]int{}, map[string]int{}, map[schema.Kind]int{}
	for i := range reg.InstitutionIDs {
		inst, ok := reg.InstitutionAt(int32(i), end)
		if !ok {
			t.Fatalf("%s is nowhere on %s", reg.InstitutionIDs[i], end)
		}
		if !strings.Contains(inst.Name, "模拟") || !strings.HasPrefix(inst.ID, "sim-") {
			t.Errorf("%s %s does not say that it is simulated", inst.ID, inst.Name)
		}
		classes[inst.Class]++
		path := reg.RegionPath(inst.Region, end)
		if path[len(path)-1] != "370000" {
			t.Errorf("%s stands outside the province: %v", inst.ID, path)
		}
		if len(path) > 1 {
			cities[path[len(path)-2]]++
		}
		if len(path) > 2 {
			counties[path[0]]++
		}
	}
	for _, class := range schema.Classes {
		if classes[class] == 0 {
			t.Errorf("no institution of class %s", class)
		}
	}
	if len(cities) != 16 || len(counties) != 136 {
		t.Errorf("got institutions in %d cities and %d counties, want 16 and 136", len(cities), len(counties))
	}
	for _, m := range p.Meters {
		kinds[m.Kind]++
	}
	if kinds[schema.Register] != sim.DefaultInstitutions/20 || kinds[schema.Delta] < 4*sim.DefaultInstitutions {
		t.Errorf("got meters %v, want a twentieth of the institutions with a register and four deltas each", kinds)
	}
	if len(reg.Meters) != len(p.Meters) {
		t.Errorf("got %d registered meters, want %d", len(reg.Meters), len(p.Meters))
	}
}

func TestProvince_CountyMergeIsDated(t *testing.T) {
	_, reg := province(t, sim.DefaultInstitutions)
	moved := 0
	for i := range reg.InstitutionIDs {
		before, _ := reg.InstitutionAt(int32(i), schema.DayOf(2020, 1, 1))
		after, _ := reg.InstitutionAt(int32(i), schema.DayOf(2023, 1, 1))
		if before.Region != after.Region {
			moved++
			if after.Region != "370614" || (before.Region != "370684" && before.Region != "370634") {
				t.Errorf("%s moved from %s to %s", after.ID, before.Region, after.Region)
			}
		}
	}
	if moved == 0 {
		t.Error("no institution went from 370634 or 370684 to 370614")
	}
}

func TestProvince_ReadingsAddUp(t *testing.T) {
	p, reg := province(t, 40)
	zone := reg.TimeZone
	sums, first, last, n := map[string]schema.Quantity{}, map[string]schema.Reading{}, map[string]schema.Reading{}, 0
	for r := range p.Readings {
		n++
		m := reg.MeterVersions(r.Meter)[0]
		if end := r.Time.Time().In(zone); end.Day() != 1 || end.Hour() != 0 || end.Minute() != 0 {
			t.Fatalf("%s: a month ends at %s", r.Meter, end)
		}
		if r.HasStart != (m.Kind == schema.Delta) || r.Value < 0 {
			t.Fatalf("got %+v of kind %s", r, m.Kind)
		}
		if r.HasStart {
			if start := r.Start.Time().In(zone); start.AddDate(0, 1, 0) != r.Time.Time().In(zone) {
				t.Fatalf("%s: got %s to %s, want one month", r.Meter, start, r.Time.Time().In(zone))
			}
			sums[r.Meter] += r.Value
			continue
		}
		if f, ok := first[r.Meter]; !ok || r.Time < f.Time {
			first[r.Meter] = r
		}
		if r.Time > last[r.Meter].Time {
			last[r.Meter] = r
		}
	}
	if n != p.Len() {
		t.Errorf("got %d readings, Len says %d", n, p.Len())
	}
	for _, m := range p.Meters {
		want := schema.Quantity(0)
		for year := sim.FirstYear; year <= sim.LastYear; year++ {
			want += m.Year(year)
		}
		got := sums[m.ID]
		if m.Kind == schema.Register {
			got = last[m.ID].Value - first[m.ID].Value
			if start := first[m.ID].Time.Time().In(zone); start != time.Date(2020, 1, 1, 0, 0, 0, 0, zone) {
				t.Errorf("%s begins at %s", m.ID, start)
			}
		}
		if got != want {
			t.Errorf("%s: readings add up to %s, want %s", m.ID, got, want)
		}
	}
}

func TestProvince_IsAFunctionOfItsSeed(t *testing.T) {
	a, err := sim.NewProvince(7, 30)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := sim.NewProvince(7, 30)
	c, _ := sim.NewProvince(8, 30)
	collect := func(p *sim.Province) (list []schema.Reading) {
		for r := range p.Readings {
			list = append(list, r)
		}
		return list
	}
	ra, rb, rc := collect(a), collect(b), collect(c)
	differs := len(ra) != len(rc)
	for i := range ra {
		if ra[i] != rb[i] {
			t.Fatalf("reading %d: got %+v and %+v of one seed", i, ra[i], rb[i])
		}
		differs = differs || ra[i] != rc[i]
	}
	if !differs {
		t.Error("another seed gives the same readings")
	}
	for file := range a.Tables {
		if string(a.Tables[file]) != string(b.Tables[file]) {
			t.Errorf("%s differs between two worlds of one seed", file)
		}
	}
	ordered := true
	for i := 1; i < len(ra); i++ {
		ordered = ordered && ra[i-1].Time <= ra[i].Time
	}
	if ordered {
		t.Error("no reading is late")
	}
}

// The simulated province comes down about as the real one did by 2023 (4.79 %
// energy per area, 4.31 % per capita, 3.70 % water, 4.17 % carbon), so that the
// demonstration looks like the subject.
func TestProvince_ReductionsArePlausible(t *testing.T) {
	p, reg := province(t, sim.DefaultInstitutions)
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	indicators := func(year int) (perArea, perCapita, water, carbon float64) {
		day := schema.DayOf(year, 6, 30)
		var area, people, building, vehicle, cubicMetres, co2 float64
		for _, series := range reg.FloorArea {
			value, _ := schema.At(series, day)
			area += value.Float64()
		}
		for _, series := range reg.Headcount {
			value, _ := schema.At(series, day)
			people += value.Float64()
		}
		for _, m := range p.Meters {
			amount := m.Year(year).Float64()
			if m.Carrier == schema.Water {
				cubicMetres += amount
				continue
			}
			kgce, err := set.KGCEPerUnit(m.Carrier)
			if err != nil {
				t.Fatal(err)
			}
			perUnit, _ := kgce.Float64()
			if m.Use == schema.ForVehicle {
				vehicle += amount * perUnit
				continue
			}
			building += amount * perUnit
			kgCO2, err := set.CO2PerUnit(m.Carrier, []string{"370000"}, year, "")
			if err != nil {
				t.Fatal(err)
			}
			perUnit, _ = kgCO2.Float64()
			co2 += amount * perUnit
		}
		return building / area, (building + vehicle) / people, cubicMetres / people, co2 / area
	}
	area0, capita0, water0, carbon0 := indicators(2020)
	area3, capita3, water3, carbon3 := indicators(2023)
	t.Logf("2020: %.2f kgce/m2, %.1f kgce/person, %.2f m3/person, %.2f kgCO2/m2", area0, capita0, water0, carbon0)
	f := func(name string, base, current, least, most float64) {
		t.Helper()
		reduction := (base - current) / base * 100
		t.Logf("%s: %.2f %%", name, reduction)
		if reduction < least || reduction > most {
			t.Errorf("%s: got a reduction of %.2f %%, want %g to %g", name, reduction, least, most)
		}
	}
	f("energy per area", area0, area3, 4, 5.5)
	f("energy per capita", capita0, capita3, 3.5, 5.5)
	f("water per capita", water0, water3, 3, 4.5)
	f("carbon per area", carbon0, carbon3, 3.5, 5)
	if area0 < 10 || area0 > 25 || capita0 < 150 || capita0 > 500 || water0 < 12 || water0 > 40 {
		t.Errorf("magnitudes of 2020 are not those of public institutions: %.2f kgce/m2, %.1f kgce/person, %.2f m3/person", area0, capita0, water0)
	}
}

func TestProvince_Size(t *testing.T) {
	for _, institutions := range []int{13, 14, 40, 99, 320, 1000} {
		if _, reg := province(t, institutions); len(reg.InstitutionIDs) != institutions {
			t.Errorf("got %d institutions, want %d", len(reg.InstitutionIDs), institutions)
		}
	}
	for _, institutions := range []int{-1, 0, 12, 1_000_001} {
		if _, err := sim.NewProvince(sim.DefaultSeed, institutions); err == nil {
			t.Errorf("%d institutions are taken", institutions)
		}
	}
}
