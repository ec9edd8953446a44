package progress_test

import (
	"errors"
	"strings"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// corrected is the province of two with a boundary change, an error found later,
// a pandemic adjustment and one that was taken back.
var corrected = two.with("baselines.csv", `version,date,author,cause,reason,scope,id,year,quantity,unit,amount
r1,2022-05-01,ZHANG,boundary,east wing moved to another owner,institution,S1,2020,electricity,kWh,-10000
r1,2022-05-01,ZHANG,boundary,east wing moved to another owner,institution,S1,2020,floor_area,m2,-100
r2,2023-02-01,LI,error,a bill had been counted twice,institution,H1,2020,electricity,MWh,-20
`).with("adjustments.csv", `adjustment,date,author,reason,scope,id,valid_from,valid_to,quantity,unit,amount,reversed
covid,2021-03-01,WANG,closed from February to April 2020,institution,S1,2020-02-01,2020-05-01,electricity,kWh,30000,
fire,2021-04-01,WANG,withdrawn: the insurer had paid,institution,S2,2020-01-01,2020-02-01,electricity,kWh,50000,2021-09-01
`)

func baselineOf(t *testing.T, w *indicator.World, id, version string, adjusted bool) *progress.Corrections {
	t.Helper()
	q := query(indicator.ByInstitution, id, 2023)
	q.Version, q.Adjusted = version, adjusted
	a := ask(t, w, &books{}, q)
	if a.Corrections == nil {
		t.Fatalf("%s: no corrections", id)
	}
	return a.Corrections
}

// In kgce/m2 by 0.1229 kgce/kWh: S1 has 100,000 kWh on 1000 m2, recalculated 90,000
// on 900 m2, adjusted by 30,000 more.
func TestProgress_Recalculated(t *testing.T) {
	w := corrected.world()
	f := func(id, version string, adjusted bool, want string) {
		t.Helper()
		q := query(indicator.ByInstitution, id, 2023)
		q.Version, q.Adjusted = version, adjusted
		if got := number(ask(t, w, &books{}, q).Indicators[0].Baseline); got != want {
			t.Errorf("%s, %q, adjusted %v: got %s, want %s", id, version, adjusted, got, want)
		}
	}
	f("S1", indicator.First, false, "12.29")
	f("S1", "r1", false, "12.29") // 90,000 over 900
	f("S1", "", true, "16.3867")  // 120,000 over 900
	f("S1", indicator.First, true, "15.977")
	f("H1", "r1", false, "24.58") // r2 is younger
	f("H1", "r2", false, "22.122")
	f("H1", "", false, "22.122")
	f("S2", "", true, "12.29") // taken back
	q := query(indicator.ByInstitution, "S1", 2023)
	q.Version = "r9"
	if _, err := progress.Progress(t.Context(), w, &books{}, q); !errors.Is(err, indicator.ErrUnknownScope) || !strings.Contains(err.Error(), "[r1 r2]") {
		t.Errorf("an unknown version: got %v, want the known ones named", err)
	}
}

// Both figures are shown, whichever was asked for.
func TestProgress_BothFiguresAreShown(t *testing.T) {
	w := corrected.world()
	c := baselineOf(t, w, "S1", "", false)
	if c.Baseline != "r2" || strings.Join(c.Versions, " ") != "r1 r2" || c.Adjustments != "without" || len(c.Entries) != 2 {
		t.Errorf("got %+v, want version r2 with the two entries of S1", c)
	}
	if e := c.Entries[1]; e.Author != "ZHANG" || e.Cause != "boundary" || e.Date != "2022-05-01" || e.Amount != "-10000" || e.Unit != "kWh" || e.From != "2020-01-01" {
		t.Errorf("got %+v, want the entry as it stands in the table", e)
	}
	got := map[string]string{}
	for _, o := range c.Others {
		got[o.Baseline+" "+o.Adjustments] = number(o.Indicators[0].Baseline)
	}
	for choice, want := range map[string]string{"first without": "12.29", "first with": "15.977", "r2 with": "16.3867"} {
		if got[choice] != want {
			t.Errorf("%s: got %q, want %s; all: %v", choice, got[choice], want, got)
		}
	}
	if len(got) != 3 {
		t.Errorf("got %v, want the three other choices", got)
	}
	if a := ask(t, two.world(), &books{}, query(indicator.ByInstitution, "S1", 2023)); a.Corrections != nil {
		t.Errorf("a registry without corrections: got %+v", a.Corrections)
	}
}

// Roll-ups sum what was corrected below: the parts of every breakdown have the sum
// of the whole, and nothing else changes.
func TestBreakdown_SumsCorrections(t *testing.T) {
	w := corrected.world()
	q := query(indicator.ByRegion, "370000", 2023)
	q.Adjusted = true
	whole := ask(t, w, &books{}, q)
	// 800,000 - 10,000 - 20,000 + 30,000 kWh over 3900 m2.
	if got := number(whole.Indicators[0].Baseline); got != "25.2103" {
		t.Errorf("the province: got %s, want 800,000 kWh over 3900 m2", got)
	}
	for _, by := range []indicator.Level{indicator.ByRegion, indicator.ByClass, indicator.ByInstitution} {
		parts, err := progress.Breakdown(t.Context(), w, &books{}, q, by)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := number(parts.Total.Indicators[0].Baseline), number(whole.Indicators[0].Baseline); got != want {
			t.Errorf("by %s: got %s, want %s", by, got, want)
		}
		if len(parts.Corrections.Entries) != 4 {
			t.Errorf("by %s: got %d entries, want the three recalculations and one adjustment", by, len(parts.Corrections.Entries))
		}
	}
	// The cap's total of 2023 is untouched.
	if got := number(whole.Caps[0].Current); got != "94.5101" {
		t.Errorf("2023: got %s tce", got)
	}
}

// An index that a region declared is corrected in points, its base year, 100 by
// definition, too.
func TestProgress_RecalculatedIndex(t *testing.T) {
	w := tables{
		"regions.csv":   "code,name,parent\n370000,省,\n",
		"declared.csv":  "scope,id,year,quantity,unit,value,source\nregion,370000,2023,energy_per_area,index,95,f\n",
		"baselines.csv": "version,date,author,cause,reason,scope,id,year,quantity,unit,amount\nr1,2022-05-01,LI,method,heat counted by its input,region,370000,2020,energy_per_area,index,-5\n",
	}.world()
	q := query(indicator.ByRegion, "370000", 2023)
	a := ask(t, w, &books{}, q)
	if got := show(a.Indicators[0]); !strings.HasPrefix(got, "energy_per_area: 95 -> 95 index; ok; reduction 0.00") {
		t.Errorf("got %s", got)
	}
	if o := a.Corrections.Others[0]; len(a.Corrections.Others) != 1 || o.Baseline != "first" || *o.Indicators[0].Reduction != "5.00" {
		t.Errorf("got %+v, want 5.00 %% as first set", a.Corrections.Others)
	}
}

// A figure that is not known is not made by a correction.
func TestProgress_CorrectsNothingUnknown(t *testing.T) {
	w := two.with("declared.csv", "scope,id,year,quantity,unit,value,source\ninstitution,S1,2023,electricity,kWh,96000,f\n").
		with("adjustments.csv", "adjustment,date,author,reason,scope,id,valid_from,valid_to,quantity,unit,amount\ncovid,2021-03-01,W,closed,institution,S1,2020-01-01,2021-01-01,electricity,kWh,30000\n").world()
	q := query(indicator.ByInstitution, "S1", 2023)
	q.Adjusted = true
	if x := ask(t, w, &books{}, q).Indicators[0]; x.State != progress.NoBaseline || x.Baseline != nil {
		t.Errorf("got %s, want no baseline", show(x))
	}
}
