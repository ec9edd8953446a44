package indicator_test

import (
	"context"
	"math/big"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/indicator"
	"jouleline/schema/factor"
)

// The institutions of each part add up to the part, in every kind of breakdown.
func TestPlaced_AddsUpToTheBreakdown(t *testing.T) {
	r := chance.Random(t)
	set, err := factor.Load("db37-2019")
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		rw := newRandomWorld(r, 30, 2020, 2023)
		s, err := build(rw.tables).Read(context.Background(), rw.books, indicator.Spec{
			Scope: indicator.Scope{Level: indicator.ByRegion, ID: "370000"}, Factors: set, MinCoverage: big.NewRat(19, 20),
			Sides: [2]indicator.Stretch{indicator.YearStretch(2020), indicator.YearStretch(2023)},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range []indicator.Level{indicator.ByRegion, indicator.ByDepartment, indicator.ByClass, indicator.ByInstitution} {
			sums := map[indicator.Group]*indicator.Tally{}
			last := int32(-1)
			for p := range s.Placed(by) {
				if p.Institution <= last || !p.In[0] && !p.In[1] {
					t.Fatalf("by %s: got %d after %d on sides %v", by, p.Institution, last, p.In)
				}
				last = p.Institution
				part := p.Parts[0]
				if p.In[1] {
					part = p.Parts[1] // as_is places it in one part on both sides
				}
				if p.In[0] && p.Parts[0] != part {
					t.Fatalf("by %s: got the parts %+v, want one", by, p.Parts)
				}
				if sums[part] == nil {
					sums[part] = &indicator.Tally{}
				}
				sums[part].Add(p.Tally)
			}
			for g, want := range s.Breakdown(by) {
				got := sums[g]
				if got == nil {
					got = &indicator.Tally{}
				}
				if *got != *want {
					t.Errorf("by %s: %+v: the institutions add up to another tally", by, g)
				}
				delete(sums, g)
			}
			if len(sums) > 0 {
				t.Errorf("by %s: got %d parts that the breakdown lacks", by, len(sums))
			}
		}
		for range s.Placed(indicator.ByClass) {
			break // a visit may stop
		}
	}
}
