package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/bench/chance"
)

// exampleReadings are the seven readings of the example world.
var exampleReadings = []string{
	`{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":100.00}`,
	`{"meter":"E1","time":"2023-05-01T23:00:00+08:00","value":103.00}`,
	`{"meter":"E1","time":"2023-05-02T01:00:00+08:00","value":109.00}`,
	`{"meter":"E1","time":"2023-05-02T02:00:00+08:00","value":112.50}`,
	`{"meter":"E1","time":"2023-05-02T00:00:00+08:00","value":105.50}`,
	`{"meter":"E1","time":"2023-05-02T01:00:00+08:00","value":109.00}`,
	`{"meter":"E1","time":"2023-05-02T02:00:00+08:00","value":113.00,"revision":1}`,
}

const exampleHours = `2023-05-01T22:00:00+08:00 3 0.3687 1.923
2023-05-01T23:00:00+08:00 2.5 0.30725 1.6025
2023-05-02T00:00:00+08:00 3.5 0.43015 2.2435
2023-05-02T01:00:00+08:00 4 0.4916 2.564
`

// The example world, through gateway, Kafka, pipeline, store and API, in the
// order in which it is told and in random ones, each reading a push of its own.
func TestExample_AnyOrderOfArrival(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	for k := range 4 {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			s := mustServe(t, t.TempDir())
			s.importFolder(exampleRegistry)
			order := random.Perm(len(exampleReadings))
			if k == 0 {
				for i := range order {
					order[i] = i
				}
			}
			for _, i := range order {
				if v := s.push("application/json", []byte(exampleReadings[i])); v.Accepted != 1 {
					t.Fatalf("reading %d: got %+v, want it accepted", i, v)
				}
			}
			s.settle()
			checkExample(t, s)
		})
	}
}

func checkExample(t *testing.T, s *testServer) {
	t.Helper()
	var hours, days consumption
	s.ask("/api/v1/consumption", "meter=E1&from=2023-05-01T22:00:00%2B08:00&to=2023-05-02T02:00:00%2B08:00&step=PT1H", &hours)
	if got := hours.lines(); got != exampleHours {
		t.Errorf("hours: got\n%swant\n%s", got, exampleHours)
	}
	s.ask("/api/v1/consumption", "meter=E1&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00&step=P1D", &days)
	if len(days.Points) != 2 || days.Points[0].Quantity.String() != "5.5" || days.Points[1].Quantity.String() != "7.5" {
		t.Errorf("days: got %s, want 5.5 and 7.5", days.lines())
	}
	for _, p := range days.Points {
		if p.Coverage != 7200.0/86400 {
			t.Errorf("coverage of %s: got %v, want 7200/86400", p.Start, p.Coverage)
		}
	}
	var progress progressAnswer
	s.ask("/api/v1/progress", "institution=S1&year=2023", &progress)
	got := ""
	for _, i := range progress.Indicators {
		got += fmt.Sprintf("%s %.6f %.6f %s %s %s %s\n", i.Indicator, *i.Baseline, *i.Current, text(i.Reduction), text(i.Completion), i.State, yesNo(i.OnPace))
	}
	want := `energy_per_area 6.145000 5.805480 5.53 110.50 met yes
energy_per_capita 63.598244 59.562894 6.35 105.75 met yes
water_per_capita 12.000000 11.000000 8.33 138.89 met yes
carbon_per_area 32.050000 30.279194 5.53 78.93 ok yes
`
	if got != want {
		t.Errorf("progress: got\n%swant\n%s", got, want)
	}
}

// A figure as known before the declared figures of 2023 came is not enough data.
func TestExample_KnownAtAMomentBefore(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	before := s.store.Recorded()
	declared := "scope,id,year,quantity,unit,value,source\ninstitution,S1,2020,electricity,kWh,500000,NY301\n"
	folder := t.TempDir()
	writeFile(t, folder+"/declared.csv", declared)
	s.importFolder(folder)
	var now, then progressAnswer
	s.ask("/api/v1/progress", "institution=S1&year=2023", &now)
	if state := now.Indicators[0].State; state != "not_enough_data" {
		t.Errorf("without figures of 2023: got %s, want not_enough_data", state)
	}
	s.ask("/api/v1/progress", "institution=S1&year=2023&known_at="+strings.ReplaceAll(before.String(), "+", "%2B"), &then)
	if state := then.Indicators[0].State; state != "met" {
		t.Errorf("as known before the figures of 2023 were taken out: got %s, want met", state)
	}
}
