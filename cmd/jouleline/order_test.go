package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
)

// sent is a reading with its reception.
type sent struct {
	schema.Reading
	received schema.Instant
}

// randomWorld makes a few meters and what their gateways sent: repeats,
// corrections, tombstones, spikes, resets, rollovers and an unknown meter.
func randomWorld(random *rand.Rand) (registry.Tables, []sent) {
	tables := registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,山东省,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI1,一,education,370000\nI2,二,health,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name,time_zone\nB1,I1,b,\nB2,I2,b,Europe/Berlin\n"),
		registry.EventsFile:       []byte("meter,time,event,final,initial,multiplier\nM1,2024-03-30T12:30:00+08:00,swap,,3,\nM2,2024-03-31T02:30:00+08:00,multiplier,,,2\n"),
		registry.MetersFile: []byte("id,building,carrier,kind,unit,multiplier,register_max,max_rate,interval,gap_limit\n" +
			"M0,B1,electricity,register,kWh,1,999.9,60,PT1H,PT3H\nM1,B1,electricity,register,kWh,40,,,PT1H,PT3H\n" +
			"M2,B2,water,register,m3,1,99999,20,PT1H,PT3H\nM3,B2,natural_gas,delta,m3,1,,,PT1H,PT3H\n"),
	}
	var readings []sent
	for m := range 5 { // M4 is not registered
		at := schema.InstantOf(time.Date(2024, 3, 29, 0, 0, 0, 0, time.UTC))
		shown := schema.Quantity(random.Int64N(900)) * schema.Micro
		for range 60 {
			at += schema.Instant(schema.Hour) * schema.Instant(1+random.IntN(2)*random.IntN(5))
			step := schema.Quantity(random.Int64N(30)) * schema.Micro / 4
			shown += step
			if m == 0 && shown > 999_900_000 {
				shown -= 1_000_000_000
			}
			r := sent{schema.Reading{Meter: fmt.Sprintf("M%d", m), Time: at, Value: shown}, at + schema.Instant(random.Int64N(schema.Hour))}
			if m == 3 {
				r.Value = step
			}
			switch random.IntN(25) {
			case 0:
				r.Value = 0
			case 1:
				r.Value = 42949672_960000
			case 2:
				shown = 0
			case 3:
				r.Value = -r.Value
			}
			readings = append(readings, r)
			switch random.IntN(12) {
			case 0:
				r.received += schema.Instant(random.Int64N(schema.Hour))
				readings = append(readings, r)
			case 1:
				r.Value += schema.Micro
				r.Revision = int32(random.IntN(2))
				r.received += schema.Instant(random.Int64N(schema.Hour))
				readings = append(readings, r)
			case 2:
				r.Revision, r.Deleted = 1, true
				readings = append(readings, r)
			}
		}
	}
	return tables, readings
}

// shuffled puts readings on a log: some swapped, in messages of random size, on
// some number of partitions.
func shuffled(readings []sent, random *rand.Rand) *memoryLog {
	readings = append([]sent(nil), readings...)
	for range len(readings) * random.IntN(3) / 2 {
		i, j := random.IntN(len(readings)), random.IntN(len(readings))
		readings[i], readings[j] = readings[j], readings[i]
	}
	log := &memoryLog{partitions: make([][]ingest.Record, 1+random.IntN(4))}
	for _, r := range readings {
		partition := ingest.PartitionOf(r.Meter, len(log.partitions))
		value := codec.AppendJSON(nil, &r.Reading)
		last := len(log.partitions[partition]) - 1
		if last >= 0 && log.partitions[partition][last].Received == r.received && random.IntN(2) == 0 {
			log.partitions[partition][last].Value = append(log.partitions[partition][last].Value, value...)
			continue
		}
		log.add(partition, ingest.Record{Value: value, ContentType: ingest.JSON, Received: r.received})
	}
	return log
}

// Any permutation, duplication, re-batching and re-partitioning gives the same
// books, and computing them anew from all readings changes nothing.
func TestBooks_OrderDoesNotMatter(t *testing.T) {
	seed := chance.Seed(t)
	for n := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, n))
		tables, readings := randomWorld(random)
		want := ""
		for k := range 4 {
			log := shuffled(readings, random)
			s, p := bookAll(t, tables, log, 1+random.IntN(40))
			got := everything(t, s, 4)
			if k == 0 {
				want = got
			}
			if got != want {
				t.Fatalf("world %d: order %d gives other books:\n%s", n, k, unlike(got, want))
			}
			changed, err := p.Recompute(t.Context(), nil, schema.Open, true)
			if err != nil {
				t.Fatal(err)
			}
			if changed != 0 {
				t.Fatalf("world %d: order %d: computing anew would change %d meters", n, k, changed)
			}
			parked, err := s.ParkedMeters(t.Context())
			if err != nil || parked["M4"] == 0 {
				t.Fatalf("readings of the unknown meter: got %v, %v, want them parked", parked, err)
			}
		}
		if want == "" {
			t.Fatal("nothing was booked")
		}
	}
}

// unlike lists the lines that only one of two texts has.
func unlike(got, want string) string {
	text := ""
	for line := range strings.Lines(got) {
		if !strings.Contains(want, line) {
			text += "got  " + line
		}
	}
	for line := range strings.Lines(want) {
		if !strings.Contains(got, line) {
			text += "want " + line
		}
	}
	return text
}

// A reading that was taken in order just before a very late one, in the same
// batch, lies beyond the window in which the late one is booked: it must not make
// the window look complete.
func TestBooks_FreshReadingBeyondTheWindow(t *testing.T) {
	tables := registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI1,x,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nB1,I1,b\n"),
		registry.MetersFile:       []byte("id,building,carrier,kind,unit,interval\nM1,B1,electricity,register,kWh,PT1H\n"),
		registry.EventsFile:       []byte("meter,time,event,initial\nM1,2024-03-06T00:00:00Z,swap,0\n"), // hour 120
	}
	log := &memoryLog{}
	for _, r := range []struct {
		hour  int64
		value schema.Quantity
	}{{100, 1}, {130, 44}, {131, 45}, {160, 50}, {80, 855}} {
		at := schema.InstantOf(time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)) + schema.Instant(r.hour*schema.Hour)
		value := codec.AppendJSON(nil, &schema.Reading{Meter: "M1", Time: at, Value: r.value * schema.Micro})
		log.add(0, ingest.Record{Value: value, ContentType: ingest.JSON, Received: at})
	}
	_, p := bookAll(t, tables, log, 3) // three in the first batch, two in the second
	changed, err := p.Recompute(t.Context(), nil, schema.Open, true)
	if err != nil || changed != 0 {
		t.Errorf("computing anew would change %d meters, %v", changed, err)
	}
}
