package progress_test

import (
	"math"
	"testing"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// mergers is the real province: Laiwu, 371200, went into Jinan on 2019-01-01, its
// districts 371202 and 371203 as 370116 and 370117; Penglai and Changdao, 370684
// and 370634, became 370614 on 2020-06-05. Of seven institutions with 1000 m2
// each, one lies in each of these, one has ended, one begun, one stays; one also
// moves to another department.
func mergers() (*indicator.World, *books) {
	w := tables{
		"regions.csv":     string(registry.ShandongRegions()),
		"departments.csv": "id,name\nedu,e\nmed,m\n",
		"institutions.csv": `
id,name,class,region,department,valid_from,valid_to
laicheng,l,education,371202,edu,,2019-01-01
laicheng,l,education,370116,edu,2019-01-01,2021-01-01
laicheng,l,education,370116,med,2021-01-01,
gangcheng,g,education,371203,,,2019-01-01
gangcheng,g,education,370117,,2019-01-01,
penglai,p,health,370684,,,2020-06-05
penglai,p,health,370614,,2020-06-05,
changdao,c,health,370634,,,2020-06-05
changdao,c,health,370614,,2020-06-05,
stays,s,education,370102,edu,,
ends,x,education,370102,,,2021-01-01
begins,b,education,370102,,2022-01-01,
`,
		"buildings.csv":  "id,institution\nl1,laicheng\ng1,gangcheng\np1,penglai\nc1,changdao\ns1,stays\nx1,ends\nb1,begins\n",
		"floor_area.csv": "building,valid_from,area_m2\nl1,,1000\ng1,,1000\np1,,1000\nc1,,1000\ns1,,1000\nx1,,1000\nb1,,1000\n",
		"meters.csv": "id,building,carrier,kind,valid_from,valid_to\nl,l1,electricity,register,,\ng,g1,electricity,register,,\np,p1,electricity,register,,\n" +
			"c,c1,electricity,register,,\ns,s1,electricity,register,,\nx,x1,electricity,register,,2021-01-01\nb,b1,electricity,register,2022-01-01,\n",
	}.world()
	b := &books{}
	for _, u := range []struct {
		institution string
		was, is     float64
	}{{"laicheng", 20, 16}, {"gangcheng", 30, 27}, {"penglai", 40, 32}, {"changdao", 50, 45}, {"stays", 10, 9}, {"ends", 60, 0}, {"begins", 0, 70}} {
		if u.institution != "begins" {
			b.meter(u.institution, schema.Electricity, "2018-01-01", "2021-01-01", u.was)
		}
		if u.institution != "ends" {
			b.meter(u.institution, schema.Electricity, "2023-01-01", "2024-01-01", u.is)
		}
	}
	return w, b
}

// A year keeps its own world: as it is, an institution counts in both years where
// it stands now, so that what was merged is compared with itself; as it was, each
// year holds who stood there then.
func TestBoundary_CountiesThatMerge(t *testing.T) {
	w, b := mergers()
	f := func(level indicator.Level, id string, base int, boundary indicator.Boundary, want string) {
		t.Helper()
		q := query(level, id, 2023)
		q.Baseline, q.Boundary = base, boundary
		a := ask(t, w, b, q)
		perDay := func(v *float64, year int) string { // kWh a day and 1000 m2
			if v == nil {
				return "null"
			}
			days := 365.0
			if year%4 == 0 {
				days = 366
			}
			kWh := math.Round(*v/days/0.1229*1e9) / 1e6
			return number(&kWh)
		}
		x := a.Indicators[0]
		if got := perDay(x.Baseline, base) + " -> " + perDay(x.Current, 2023) + " " + string(x.State); got != want {
			t.Errorf("%s %s, %d, %s: got %s, want %s", level, id, base, boundary, got, want)
		}
	}
	// Laiwu went into Jinan: (20 + 30 + 10 + 60) / 4, and (16 + 27 + 9 + 70) / 4.
	f(indicator.ByRegion, "370100", 2018, indicator.AsIs, "30 -> 30.5 ok")
	// Of 2018 only who stood in Jinan then: (10 + 60) / 2.
	f(indicator.ByRegion, "370100", 2018, indicator.AsWas, "35 -> 30.5 met")
	f(indicator.ByRegion, "370116", 2018, indicator.AsIs, "20 -> 16 met")
	f(indicator.ByRegion, "370117", 2018, indicator.AsIs, "30 -> 27 met")
	f(indicator.ByRegion, "370116", 2018, indicator.AsWas, "null -> 16 no_baseline")
	f(indicator.ByRegion, "370614", 2018, indicator.AsIs, "45 -> 38.5 met")
	f(indicator.ByRegion, "370614", 2018, indicator.AsWas, "null -> 38.5 no_baseline")
	// In 2020 both mergers are done: at its end everybody stands where he does now.
	f(indicator.ByRegion, "370614", 2020, indicator.AsIs, "45 -> 38.5 met")
	f(indicator.ByRegion, "370614", 2020, indicator.AsWas, "45 -> 38.5 met")
	f(indicator.ByRegion, "370100", 2020, indicator.AsIs, "30 -> 30.5 ok")
	f(indicator.ByRegion, "370100", 2020, indicator.AsWas, "30 -> 30.5 ok")
	// The province does not change by what happens in it.
	f(indicator.ByRegion, "370000", 2018, indicator.AsIs, "35 -> 33.1667 met")
	f(indicator.ByRegion, "370000", 2018, indicator.AsWas, "35 -> 33.1667 met")
	// The department that one has left: it stays behind as it was.
	f(indicator.ByDepartment, "edu", 2018, indicator.AsIs, "10 -> 9 met")
	f(indicator.ByDepartment, "edu", 2018, indicator.AsWas, "15 -> 9 met")
	f(indicator.ByDepartment, "med", 2018, indicator.AsIs, "20 -> 16 met")
	f(indicator.ByDepartment, "med", 2018, indicator.AsWas, "null -> 16 no_baseline")
}
