package sim_test

import (
	"math"
	"strings"
	"testing"

	"jouleline/bench/sim"
	"jouleline/schema"
	"jouleline/schema/registry"
)

func newLoad(t testing.TB, config sim.LoadConfig) *sim.Load {
	t.Helper()
	load, err := sim.NewLoad(config)
	if err != nil {
		t.Fatal(err)
	}
	return load
}

func drain(load *sim.Load) (samples []sim.Sample) {
	var s sim.Sample
	for load.Next(&s) {
		samples = append(samples, s)
	}
	return samples
}

// book adds up a meter's readings in the order of time, over rollovers and
// swaps.
func book(t *testing.T, reg *registry.Registry, meter string, readings map[schema.Instant]sim.Sample, config sim.LoadConfig) (sum schema.Quantity) {
	t.Helper()
	m := reg.MeterVersions(meter)[0]
	step := func(from, to schema.Quantity) {
		used := to - from
		if used < 0 {
			used += m.Modulus()
		}
		if used < 0 || used > m.MaxRate {
			t.Fatalf("%s: from %s to %s in an hour is no reading of a well meter", meter, from, to)
		}
		sum += used
	}
	events, before, have := reg.EventsOf(meter), schema.Quantity(0), false
	for at := config.Start; ; at += schema.Instant(config.Interval) {
		s, ok := readings[at]
		if !ok {
			return sum
		}
		for len(events) > 0 && events[0].Time < at {
			step(before, events[0].Final)
			before, events = events[0].Initial, events[1:]
		}
		if have {
			step(before, s.Value)
		}
		before, have = s.Value, true
	}
}

func byMeter(samples []sim.Sample) map[string]map[schema.Instant]sim.Sample {
	meters := map[string]map[schema.Instant]sim.Sample{}
	for _, s := range samples {
		if meters[s.Meter] == nil {
			meters[s.Meter] = map[schema.Instant]sim.Sample{}
		}
		meters[s.Meter][s.Time] = s
	}
	return meters
}

func TestLoad_InOrder(t *testing.T) {
	load := newLoad(t, sim.LoadConfig{Seed: 1, Meters: 25, Readings: 25*24*40 + 7})
	samples := drain(load)
	if len(samples) != 25*24*40+7 {
		t.Fatalf("got %d readings, want %d", len(samples), 25*24*40+7)
	}
	reg, err := registry.Build(load.Tables(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range samples {
		if s.Meter != load.ID(i%25) || s.Time != load.Config().Start+schema.Instant(int64(i/25)*schema.Hour) || s.Received < s.Time {
			t.Fatalf("reading %d: got %+v", i, s)
		}
	}
	if samples[0].Meter != "370102-000000-E01" || samples[12].Meter != "370202-000001-E03" {
		t.Errorf("got meters %s and %s", samples[0].Meter, samples[12].Meter)
	}
	readings := byMeter(samples)
	var sum schema.Quantity
	for m := range 25 {
		if got, want := book(t, reg, load.ID(m), readings[load.ID(m)], load.Config()), load.Total(m); got != want {
			t.Errorf("%s: readings add up to %s, want %s", load.ID(m), got, want)
		}
		sum += load.Total(m)
	}
	if mean := sum.Float64() / 25 / 24 / 40; mean < 2 || mean > 25 {
		t.Errorf("a meter's mean hour has %.2f kWh, want what an institution's meter has", mean)
	}
}

func TestLoad_RolloversAndSwapsAddUp(t *testing.T) {
	load := newLoad(t, sim.LoadConfig{Seed: 2, Meters: 60, Readings: 60 * 24 * 30, Disorder: sim.Disorder{Swaps: 0.5, Rollovers: 0.5}})
	reg, err := registry.Build(load.Tables(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(reg.Events); n < 15 || n > 45 {
		t.Errorf("got %d swaps among 60 meters, want about half", n)
	}
	readings, rolled := byMeter(drain(load)), 0
	for m := range 60 {
		id := load.ID(m)
		if got, want := book(t, reg, id, readings[id], load.Config()), load.Total(m); got != want {
			t.Errorf("%s: readings add up to %s, want %s", id, got, want)
		}
		if reg.MeterVersions(id)[0].RegisterMax.String() == "99999.99" && len(reg.EventsOf(id)) == 0 {
			last := load.Config().Start + schema.Instant(24*30*schema.Hour-schema.Hour)
			if readings[id][last].Value < readings[id][load.Config().Start].Value {
				rolled++
			}
		}
	}
	if rolled < 5 {
		t.Errorf("got %d registers that rolled over, want about a quarter of 60", rolled)
	}
}

func TestLoad_RealMix(t *testing.T) {
	const meters, hours = 200, 24 * 20
	config := sim.LoadConfig{Seed: 3, Meters: meters, Readings: meters * hours, Disorder: sim.RealMix}
	load := newLoad(t, config)
	plain := newLoad(t, sim.LoadConfig{Seed: 3, Meters: meters, Readings: meters * hours})
	want := byMeter(drain(plain))
	type key struct {
		meter string
		time  schema.Instant
	}
	seen := map[key]sim.Sample{}
	repeats, day, week, revised, replaced, total := 0, 0, 0, 0, 0, 0
	for _, s := range drain(load) {
		total++
		k := key{s.Meter, s.Time}
		was, again := seen[k]
		late := s.Received.Sub(s.Time)
		switch {
		case again && was.Value == s.Value && was.Revision == s.Revision:
			repeats++
			continue
		case again && s.Revision > was.Revision:
			revised++
		case again && s.Received > was.Received:
			replaced++
		case again:
			t.Fatalf("neither a repeat nor a correction: %+v after %+v", s, was)
		case late > 24*schema.Hour+schema.Minute:
			week++
		case late > schema.Minute:
			day++
		}
		if original := want[s.Meter][s.Time]; again && (s.Value-original.Value > 10_000 || original.Value-s.Value > 10_000) || !again && s.Value != original.Value {
			t.Fatalf("got %+v, want about %s", s, original.Value)
		}
		seen[k] = s
	}
	if len(seen) != meters*hours {
		t.Errorf("got %d different readings, want all %d", len(seen), meters*hours)
	}
	f := func(name string, got int, part float64) {
		t.Helper()
		if want := part * float64(total); math.Abs(float64(got)-want) > 5*math.Sqrt(want)+1 {
			t.Errorf("%s: got %d of %d, want about %.0f", name, got, total, want)
		}
	}
	f("exact repeats", repeats, 0.03)
	f("late by up to a day", day, 0.02+0.001/7)
	f("late by up to a week", week, 0.001*6/7)
	f("corrections by revision", revised, 0.0005)
	f("corrections without one", replaced, 0.0005)
	if load.Total(5) != plain.Total(5) {
		t.Errorf("disorder changed what was counted: %s and %s", load.Total(5), plain.Total(5))
	}
}

func TestLoad_GapsAndSpikes(t *testing.T) {
	const meters, hours = 100, 24 * 10
	load := newLoad(t, sim.LoadConfig{Seed: 4, Meters: meters, Readings: meters * hours, Disorder: sim.Disorder{Gaps: 0.05, Spikes: 0.01}})
	reg, err := registry.Build(load.Tables(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	samples, spikes := drain(load), 0
	for _, s := range samples {
		if s.Value > reg.MeterVersions(s.Meter)[0].RegisterMax {
			spikes++
		}
	}
	if gaps := meters*hours - len(samples); gaps < 1000 || gaps > 1400 {
		t.Errorf("got %d gaps, want about 1200", gaps)
	}
	if spikes < 180 || spikes > 300 {
		t.Errorf("got %d spikes, want about 240", spikes)
	}
}

func TestLoad_IsAFunctionOfItsSeed(t *testing.T) {
	config := sim.LoadConfig{Seed: 5, Meters: 50, Readings: 5000, Disorder: sim.RealMix}
	a, b := drain(newLoad(t, config)), drain(newLoad(t, config))
	config.Seed = 6
	c := drain(newLoad(t, config))
	if len(a) != len(b) {
		t.Fatalf("got %d and %d readings of one seed", len(a), len(b))
	}
	differs := len(a) != len(c)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("reading %d: got %+v and %+v of one seed", i, a[i], b[i])
		}
		differs = differs || a[i] != c[i]
	}
	if !differs {
		t.Error("another seed gives the same readings")
	}
}

func TestNewLoad_Refuses(t *testing.T) {
	f := func(config sim.LoadConfig, want string) {
		t.Helper()
		if _, err := sim.NewLoad(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", config, err, want)
		}
	}
	f(sim.LoadConfig{Meters: -1}, "meters: got -1")
	f(sim.LoadConfig{Readings: -1}, "readings: got -1")
	f(sim.LoadConfig{Interval: 1}, "interval: got 1 ms")
	f(sim.LoadConfig{Disorder: sim.Disorder{Repeats: 1.5}}, "disorder: got the part 1.5")
	f(sim.LoadConfig{Disorder: sim.Disorder{Repeats: 0.6, Gaps: 0.6}}, "add up to more than 1")
}

// A load of more meters names the first as the smaller one does, and goes on where
// that and another ended.
func TestLoad_Follow(t *testing.T) {
	few := newLoad(t, sim.LoadConfig{Seed: 5, Meters: 8, PerInstitution: 4, Readings: 8 * 50})
	other := newLoad(t, sim.LoadConfig{Seed: 6, Meters: 1, PerInstitution: 4, Readings: 50})
	last := map[string]schema.Quantity{}
	for _, s := range drain(few) {
		last[s.Meter] = s.Value
	}
	shown := drain(other)[49].Value
	many := newLoad(t, sim.LoadConfig{Seed: 5, Meters: 40, PerInstitution: 4, Start: few.Time(), Readings: 40 * 2})
	for m := range 40 {
		if m < 8 {
			many.Follow(m, few, m)
			last[many.ID(m)] = last[few.ID(m)]
		} else {
			many.Follow(m, other, 0)
			last[many.ID(m)] = shown
		}
	}
	if len(last) != 40 {
		t.Fatalf("got %d ids, want the 8 of the smaller load among 40", len(last))
	}
	for i, s := range drain(many) {
		if first := i < 40; first != (s.Value == last[s.Meter]) || s.Value < last[s.Meter] {
			t.Errorf("reading %d of %s: got %s after %s", i/40, s.Meter, s.Value, last[s.Meter])
		}
	}
}
