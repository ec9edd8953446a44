package main

import (
	"io"
	"net/url"
	"slices"
	"testing"
	"time"

	"jouleline/bench/sim"
)

// troubleRecall is what must be found of each trouble, and as what. A register that
// stands still counts nothing, so that stuck may come as a run of zeros.
var troubleRecall = map[sim.Trouble]struct {
	least float64
	as    []string
}{
	sim.LeakingPipe:   {.95, []string{"leak"}},
	sim.StuckMeter:    {.95, []string{"stuck", "zero_run"}},
	sim.SilentGateway: {.95, []string{"silent"}},
	sim.SwappedMeter:  {.95, []string{"swap"}},
	sim.BaseLoadStep:  {.8, []string{"base_load_step"}},
	sim.NightSchedule: {.85, []string{"night_schedule"}},
}

// mostFalseAlarms is how many findings a meter-year may have that nothing explains.
const mostFalseAlarms = .5

// foundAnomaly is a finding as it is served.
type foundAnomaly struct {
	Meter, Cause, Message string
	From, To              time.Time
}

// A simulated year with faults goes the whole way, through gateway, topic and
// books, and what is served as anomalous is held against what was done. Nothing on
// that way knows of the faults. `make check-data` runs it with the real data.
func TestData_InjectedFaultsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("pushes two and a half million readings")
	}
	const seed = 20261123
	t.Logf("seed %d", seed)
	world, err := sim.NewAiling(sim.AilingConfig{Seed: seed, PerTrouble: 36, Well: 84})
	if err != nil {
		t.Fatal(err)
	}
	s := mustServe(t, t.TempDir())
	s.importTables(world.Tables())
	if err := pushAll(t.Context(), s.Remote, streams{io.Discard, io.Discard}, "ailing meters", world.Len(), world.Readings()); err != nil {
		t.Fatal(err)
	}
	s.settle()

	found := s.anomaliesOf(world)
	hits, years, falseAlarms := map[sim.Trouble]int{}, map[sim.Trouble]int{}, map[string]int{}
	unexplained := 0
	for _, x := range world.Ailments() {
		years[x.Trouble]++
		isFound := false
		for _, f := range found[x.Meter] {
			switch begun := f.From.Sub(x.From.Time()).Abs(); {
			case x.Trouble == sim.Healthy || !f.From.Before(x.To.Time()) || !f.To.After(x.From.Time()):
				unexplained++
				falseAlarms[f.Cause]++
				t.Logf("%s %q: nothing was done then, yet %s from %s to %s: %s", x.Meter, x.Trouble, f.Cause, f.From, f.To, f.Message)
			case slices.Contains(troubleRecall[x.Trouble].as, f.Cause) && begun < 14*24*time.Hour:
				isFound = true
			}
		}
		if isFound {
			hits[x.Trouble]++
		} else if x.Trouble != sim.Healthy {
			t.Logf("%s: %s from %s to %s was not found: %+v", x.Meter, x.Trouble, x.From, x.To, found[x.Meter])
		}
	}
	for _, trouble := range sim.Troubles {
		recall := float64(hits[trouble]) / float64(years[trouble])
		t.Logf("%-15s %3d of %3d found: recall %.3f", trouble, hits[trouble], years[trouble], recall)
		if want := troubleRecall[trouble].least; recall < want {
			t.Errorf("%s: got recall %.3f, want at least %v", trouble, recall, want)
		}
	}
	rate := float64(unexplained) / float64(len(world.Ailments()))
	t.Logf("%.3f false alarms a meter-year over %d meter-years: %v", rate, len(world.Ailments()), falseAlarms)
	if rate > mostFalseAlarms {
		t.Errorf("got %.3f false alarms a meter-year, want at most %v", rate, mostFalseAlarms)
	}
}

// anomaliesOf asks institution by institution what looks wrong in the year.
func (s *testServer) anomaliesOf(world *sim.Ailing) map[string][]foundAnomaly {
	s.t.Helper()
	from, to := world.Stretch()
	zone := time.FixedZone("", 8*3600)
	found, asked := map[string][]foundAnomaly{}, map[string]bool{}
	searched := 0
	for m := range world.Ailments() {
		institution := world.InstitutionOf(m)
		if asked[institution] {
			continue
		}
		asked[institution] = true
		var answer struct {
			Searched int
			More     bool
			Findings []foundAnomaly
		}
		s.ask("/api/v1/anomalies", url.Values{
			"institution": {institution}, "from": {from.Format(zone)}, "to": {to.Format(zone)}, "limit": {"1000"},
		}.Encode(), &answer)
		if answer.More {
			s.t.Fatalf("%s: more than 1000 findings", institution)
		}
		searched += answer.Searched
		for _, f := range answer.Findings {
			found[f.Meter] = append(found[f.Meter], f)
		}
	}
	if searched != len(world.Ailments()) {
		s.t.Fatalf("got %d meters searched, want %d", searched, len(world.Ailments()))
	}
	return found
}
