package progress_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// turnover is pair with a large hospital that closed in 2021 and two schools that
// opened in 2022, one of them without any figure.
func turnover() tables {
	return pair.with("institutions.csv", "id,name,class,region,valid_from,valid_to\nA,a,education,370100,,\nB,b,health,370100,,\nC,closed,health,370100,,2021-07-01\n"+
		"N,new,education,370100,2022-01-01,\nX,unknown,education,370100,2022-01-01,\n").
		with("buildings.csv", "id,institution\nA1,A\nB1,B\nC1,C\nN1,N\nX1,X\n").
		with("floor_area.csv", "building,area_m2\nA1,1000\nB1,1000\nC1,2000\nN1,500\nX1,1\n").
		with("headcount.csv", "institution,people\nA,100\nB,100\nC,50\nN,40\nX,1\n").
		with("meters.csv", "id,building,carrier,kind\n").
		with("declared.csv", `scope,id,year,quantity,unit,value
institution,A,2020,other,kgce,10000
institution,B,2020,other,kgce,20000
institution,C,2020,other,kgce,90000
institution,A,2023,other,kgce,9000
institution,B,2023,other,kgce,19000
institution,N,2023,other,kgce,2500
institution,X,2023,other,kgce,10
`)
}

func TestChanges(t *testing.T) {
	w := turnover().world()
	q := query(indicator.ByRegion, "370000", 2023)
	if a := ask(t, w, &books{}, q); a.Changes != nil {
		t.Errorf("not asked for: got %+v", a.Changes)
	}
	q.Changes = 2
	a := ask(t, w, &books{}, q)
	c := a.Changes
	if c == nil || c.Entered != 2 || c.Left != 1 || len(c.Institutions) != 2 {
		t.Fatalf("got %+v, want 2 entered, 1 left and two of them listed", c)
	}
	// 120000/4000 against 30000/2000 in 2020; 30510/2501 against 28000/2000 in 2023.
	e := c.Effects[0]
	for _, f := range []struct {
		name      string
		got, want float64
	}{
		{"left", *e.Left, 15 - 30}, {"entered", *e.Entered, 30510./2501 - 14}, {"stayed", *e.Stayed, -1}, {"matched", *e.MatchedPct, 100. / 15},
		{"the whole change", *e.Left + *e.Entered + *e.Stayed, *a.Indicators[0].Current - *a.Indicators[0].Baseline},
		{"C alone", *c.Institutions[0].Effects[0], -15}, {"N alone", *c.Institutions[1].Effects[0], 30510./2501 - 28010./2001},
	} {
		if math.Abs(f.got-f.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", f.name, f.got, f.want)
		}
	}
	if c.Institutions[0].Institution != "C" || c.Institutions[0].Change != "left" || c.Institutions[1].Institution != "N" || c.Institutions[1].Moved {
		t.Errorf("got %+v, want C that left before N that is new", c.Institutions)
	}
	// Water is not known of anybody: no number, and a reason.
	if water := c.Effects[2]; water.Entered != nil || water.MatchedPct != nil || water.Reason == "" {
		t.Errorf("water: got %+v, want a reason alone", water)
	}
	// The reduction of those that stayed is the one of the panel matched.
	q.Changes, q.Panel = 0, indicator.Matched
	if got := ask(t, w, &books{}, q).Indicators[0]; *got.ReductionPct != *e.MatchedPct || *got.Reduction != *e.Matched {
		t.Errorf("got %v among those that stayed, want %v as the panel has it", *e.MatchedPct, *got.ReductionPct)
	}
	q.Changes = 1
	if _, err := progress.Progress(context.Background(), w, &books{}, q); !errors.Is(err, progress.ErrQuery) {
		t.Errorf("changes of the panel matched: got %v, want a refusal", err)
	}
	q.Changes, q.Panel = progress.MaxChanges+1, indicator.All
	if _, err := progress.Progress(context.Background(), w, &books{}, q); !errors.Is(err, progress.ErrQuery) {
		t.Errorf("too many: got %v, want a refusal", err)
	}
}

// One that moves into the city entered it, and is marked as moved.
func TestChanges_Moved(t *testing.T) {
	w := turnover().with("regions.csv", "code,name,parent\n370000,p,\n370100,c,370000\n370200,d,370000\n").
		with("institutions.csv", "id,name,class,region,valid_from,valid_to\nA,a,education,370100,,\nB,b,health,370200,,2022-01-01\nB,b,health,370100,2022-01-01,\n"+
			"C,c,health,370100,,\nN,n,education,370100,,\nX,x,education,370100,,\n").world()
	q := query(indicator.ByRegion, "370100", 2023)
	q.Boundary, q.Changes = indicator.AsWas, 10
	c := ask(t, w, &books{}, q).Changes
	if c.Entered != 1 || c.Left != 0 || c.Institutions[0].Institution != "B" || !c.Institutions[0].Moved {
		t.Errorf("got %+v, want B that moved in", c)
	}
}
