package benchmark_test

import (
	"os"
	"slices"
	"testing"

	"jouleline/analytics/benchmark"
)

func mustLoad(t testing.TB) *benchmark.Standards {
	t.Helper()
	s, err := benchmark.LoadStandards()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStandards_ByClassAndPlace(t *testing.T) {
	s := mustLoad(t)
	f := func(class string, regions []string, want ...string) {
		t.Helper()
		var got []string
		for _, one := range s.For(class, regions, s.Zone(regions)) {
			got = append(got, one.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s at %v: got %v, want %v", class, regions, got, want)
		}
	}
	qingdao, jinan := []string{"370202", "370200", "370000"}, []string{"370102", "370100", "370000"}
	f("state_organ", qingdao, "db37-2672-2019-a", "db37-4452-2021-office")
	f("state_organ", jinan, "db37-2672-2019-b", "db37-4452-2021-office")
	f("state_organ", []string{"110101", "110000"})
	f("health", qingdao, "db37-2673-2019-a")
	f("education", qingdao) // its values are not known from any source that can be trusted
	f("culture", qingdao)   // a library is no museum: given where asked for
	one, ok := s.Find("db37-2672-2019-a")
	if !ok || one.Limits[0].Quota() != (benchmark.Quota{Constraint: 20, Base: 11.9, Guide: 6.5}) {
		t.Errorf("got %+v, want 20.0, 11.9 and 6.5 kgce/m2", one)
	}
	if _, ok := s.Find("db37-2674"); ok {
		t.Error("got a standard that was invented")
	}
}

func TestParseStandards_Refuses(t *testing.T) {
	f := func(text string) {
		t.Helper()
		if s, err := benchmark.ParseStandards([]byte(text)); err == nil {
			t.Errorf("%s: got %v, want a refusal", text, s.IDs())
		}
	}
	f(``)
	f(`{"surprise":1}`)
	f(`{} {}`)
	f(`{"standards":[{"id":"a"}]}`)
	f(`{"marks":{"S":"x"},"standards":[{"id":"a","mark":"S","factor_set":"f","values":[]}]}`)
	f(`{"marks":{"S":"x"},"standards":[{"id":"a","mark":"S","factor_set":"f","values":[{"metric":"beauty","unit":"1","constraint":1}]}]}`)
	f(`{"marks":{"S":"x"},"standards":[{"id":"a","mark":"S","factor_set":"f","values":[{"metric":"water_per_capita","unit":"m3","constraint":1,"guide":2}]}]}`)
	f(`{"marks":{"S":"x"},"standards":[{"id":"a","mark":"S","factor_set":"f","values":[{"metric":"water_per_capita","unit":"m3"}]}]}`)
	f(`{"zones":{"A":["1"],"B":["1"]}}`)
}

// Whatever is taken can be judged by.
func FuzzParseStandards(f *testing.F) {
	content, err := os.ReadFile("data/quota.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(`{"marks":{"S":"x"},"standards":[{"id":"a","mark":"S","factor_set":"f","values":[{"metric":"water_per_capita","unit":"m3","constraint":2,"guide":1}]}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := benchmark.ParseStandards(content)
		if err != nil {
			return
		}
		for _, id := range s.IDs() {
			one, ok := s.Find(id)
			if !ok {
				t.Fatalf("%q is listed and not found", id)
			}
			for _, l := range one.Limits {
				if v, err := l.Quota().Judge(1); err != nil || v == benchmark.Unassessed {
					t.Fatalf("%s: got %s, %v, want a verdict", id, v, err)
				}
			}
		}
	})
}
