package anomaly_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"jouleline/analytics/anomaly"
	"jouleline/bench/sim"
	"jouleline/schema"
)

// hoursOf makes hourly amounts of a meter's readings of the year: differences of a
// register that has risen within an hour, or the amounts themselves.
func hoursOf(readings []schema.Reading, from schema.Instant, hours int) anomaly.Series {
	s := anomaly.Series{Step: 3600, Values: slices.Repeat([]float64{math.NaN()}, hours)}
	for h := range hours {
		s.Times = append(s.Times, from.Time().Unix()+int64(h)*3600)
	}
	isRegister := len(readings) > 0 && readings[0].Time == from
	for i, r := range readings {
		h := int(r.Time.Sub(from)/schema.Hour) - 1
		switch {
		case !isRegister:
			s.Values[h] = float64(r.Value) / schema.Micro
		case i > 0 && r.Time.Sub(readings[i-1].Time) == schema.Hour && r.Value >= readings[i-1].Value:
			s.Values[h] = float64(r.Value-readings[i-1].Value) / schema.Micro
		}
	}
	return s
}

// Nights that are run like days and new base loads of several simulated worlds
// are told apart, in each of them; bars are those of the issue, and above it for
// nights. The whole way through the books is tested in cmd/jouleline.
func TestDetect_NightsAndBaseLoadsOfSeveralWorlds(t *testing.T) {
	least := map[sim.Trouble]float64{sim.NightSchedule: .85, sim.BaseLoadStep: .8}
	const perTrouble, mostFalse = 36, .5
	seeds := []uint64{1, 2, 3}
	if testing.Short() {
		seeds = seeds[:1]
	}
	zone := time.FixedZone("", 8*3600)
	for _, seed := range seeds {
		world, err := sim.NewAiling(sim.AilingConfig{Seed: seed, PerTrouble: perTrouble})
		if err != nil {
			t.Fatal(err)
		}
		readings := map[string][]schema.Reading{}
		for r := range world.Readings() {
			readings[r.Meter] = append(readings[r.Meter], r)
		}
		from, to := world.Stretch()
		hits, falseAlarms := map[sim.Trouble]int{}, 0
		for _, x := range world.Ailments() {
			if least[x.Trouble] == 0 {
				continue
			}
			s := hoursOf(readings[x.Meter], from, int(to.Sub(from)/schema.Hour))
			isFound := false
			for _, f := range detect(t, s, zone, anomaly.Settings{}).Actionable() {
				begun := time.Unix(f.From, 0)
				switch {
				case !begun.Before(x.To.Time()) || f.To <= x.From.Time().Unix():
					falseAlarms++
				case string(f.Cause) == string(x.Trouble) && begun.Sub(x.From.Time()).Abs() < 14*24*time.Hour:
					isFound = true
				}
			}
			if isFound {
				hits[x.Trouble]++
			}
		}
		for trouble, want := range least {
			recall := float64(hits[trouble]) / perTrouble
			t.Logf("seed %d: %-15s recall %.3f of %d", seed, trouble, recall, perTrouble)
			if recall < want {
				t.Errorf("seed %d: %s: got recall %.3f, want at least %v", seed, trouble, recall, want)
			}
		}
		if rate := float64(falseAlarms) / (perTrouble * float64(len(least))); rate > mostFalse {
			t.Errorf("seed %d: got %.3f false alarms a meter-year, want at most %v", seed, rate, mostFalse)
		}
	}
}
