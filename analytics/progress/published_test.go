package progress_test

import (
	"testing"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// The nation's figures of 2022 as published on 2023-07-10: 321.27 kgce/person,
// 18.03 kgce/m2 and 20.99 m3/person, 2.52, 2.44 and 2.51 % below 2020. The first
// two lie within 0.005 of a tie.
func TestPublished_Nation2022(t *testing.T) {
	w := tables{
		"regions.csv": "code,name,parent\n000000,全国,\n370000,山东省,000000\n",
		"declared.csv": `
scope,id,year,quantity,unit,value
region,000000,2020,energy_per_area,kgce/m2,18.48
region,000000,2020,energy_per_capita,kgce/person,329.56
region,000000,2020,water_per_capita,m3/person,21.53
region,000000,2022,energy_per_area,kgce/m2,18.03
region,000000,2022,energy_per_capita,kgce/person,321.27
region,000000,2022,water_per_capita,m3/person,20.99
`,
	}.world()
	a := ask(t, w, &books{}, query(indicator.ByRegion, "000000", 2022))
	for i, want := range []string{
		"energy_per_area: 18.48 -> 18.03 kgce/m2; ok; reduction 2.44, completion 48.70, pace 2, on pace true; coverage null; declared/declared",
		"energy_per_capita: 329.56 -> 321.27 kgce/person; ok; reduction 2.52, completion 41.92, pace 2.4, on pace true; coverage null; declared/declared",
		"water_per_capita: 21.53 -> 20.99 m3/person; ok; reduction 2.51, completion 41.80, pace 2.4, on pace true; coverage null; declared/declared",
		"carbon_per_area: null -> null kgCO2/m2; no_baseline; reduction null, completion null, pace 2.8, on pace null; coverage null; /",
	} {
		expect(t, a.Indicators[i], want)
	}
}

// Shandong's midterm evaluation printed reductions of 4.79, 4.31, 3.70 and
// 4.17 % after three of five years, and completions of 95.8, 71.8, 61.6 and
// 60.0 %. The last two do not follow from the reductions beside them: 3.70 / 6 is
// 61.67 and 4.17 / 7 is 59.57, below the pace of 4.2, which 60.0 % hides.
func TestPublished_Shandong2023(t *testing.T) {
	const printedWater, printedCarbon = "61.60", "60.00"
	declared := `
scope,id,year,quantity,unit,value
region,370000,2023,energy_per_area,index,95.21
region,370000,2023,energy_per_capita,index,95.69
region,370000,2023,water_per_capita,index,96.30
region,370000,2023,carbon_per_area,index,95.83
`
	withBase := declared + `region,370000,2020,energy_per_area,index,100
region,370000,2020,energy_per_capita,index,100
region,370000,2020,water_per_capita,index,100
region,370000,2020,carbon_per_area,index,100
`
	for _, text := range []string{declared, withBase} { // the index of 2020 is 100 by definition
		w := tables{"regions.csv": "code,name,parent\n370000,山东省,\n", "declared.csv": text}.world()
		a := ask(t, w, &books{}, query(indicator.ByRegion, "370000", 2023))
		for i, want := range []string{
			"energy_per_area: 100 -> 95.21 index; ok; reduction 4.79, completion 95.80, pace 3, on pace true; coverage null; declared/declared",
			"energy_per_capita: 100 -> 95.69 index; ok; reduction 4.31, completion 71.83, pace 3.6, on pace true; coverage null; declared/declared",
			"water_per_capita: 100 -> 96.3 index; ok; reduction 3.70, completion 61.67, pace 3.6, on pace true; coverage null; declared/declared",
			"carbon_per_area: 100 -> 95.83 index; ok; reduction 4.17, completion 59.57, pace 4.2, on pace false; coverage null; declared/declared",
		} {
			expect(t, a.Indicators[i], want)
		}
		if got := *a.Indicators[2].Completion; got == printedWater {
			t.Errorf("water: got the %s of the evaluation, which does not follow from 3.70 of 6", got)
		}
		if got := *a.Indicators[3].Completion; got == printedCarbon {
			t.Errorf("carbon: got the %s of the evaluation, which does not follow from 4.17 of 7", got)
		}
		if a.Expected != 0 || a.Counted != 0 {
			t.Errorf("got %d of %d institutions, want none", a.Counted, a.Expected)
		}
	}
}

// The thresholds hold on exact numbers: a reduction that is the pace is on pace,
// one that only rounds to it is not.
func TestPace_OnUnroundedNumbers(t *testing.T) {
	f := func(current, reduction string, onPace bool, state progress.State) {
		t.Helper()
		w := tables{
			"regions.csv": "code,name,parent\n370000,p,\n",
			"declared.csv": `
scope,id,year,quantity,unit,value
region,370000,2020,energy_per_capita,index,100
region,370000,2023,energy_per_capita,index,` + current + "\n",
		}.world()
		x := ask(t, w, &books{}, query(indicator.ByRegion, "370000", 2023)).Indicators[1]
		if *x.Reduction != reduction || *x.OnPace != onPace || x.State != state {
			t.Errorf("%s: got reduction %s, on pace %v, %s; want %s, %v, %s", current, *x.Reduction, *x.OnPace, x.State, reduction, onPace, state)
		}
	}
	f("96.4", "3.60", true, progress.OK) // 100 - 96.4 < 3.6 in floats
	f("96.400000000000001", "3.60", false, progress.OK)
	f("97.485", "2.52", false, progress.OK) // a tie: 2.515
	f("97.565", "2.44", false, progress.OK) // a tie: 2.435
	f("94", "6.00", true, progress.Met)
	f("94.000000000000001", "6.00", true, progress.OK)
	f("102.515", "-2.52", false, progress.OK)
}
