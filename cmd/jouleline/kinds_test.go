package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Four meters change their kind at the local midnight of 2024-05-02: what the old
// kind says counts before, what the new kind says counts after, and a reading of
// the old kind after that midnight is kept as other_kind and books nothing. A
// reading at the very midnight closes the old kind; what a delta or bill covers of
// the time before is an overlap. The order of arrival does not matter.
//
//	M0 register -> delta   100 at 10:00, 106 at 22:00, 107 at 00:00; then 1.5 of 00:00-01:00, 2.5 of 01:00-02:00
//	M1 register -> power   200 at 10:00, 205 at 22:00; then 4 kW at 00:00, 6 kW at 01:00: 5 kWh
//	M2 register -> bill    300 at 10:00, 301 at 22:00; then a bill of 31 kWh over 2024-05-02 to 2024-06-02
//	M3 delta -> register   2 of 10:00-11:00, then the register 500 at 00:00, 508 at 02:00
func TestKinds_MeterChangesKind(t *testing.T) {
	const row = "%s,B1,electricity,%s,%s,PT1H,PT24H,%s,%s\n"
	meters := "id,building,carrier,kind,unit,interval,gap_limit,valid_from,valid_to\n"
	for i, kinds := range [][2]string{{"register", "delta"}, {"register", "power"}, {"register", "bill"}, {"delta", "register"}} {
		unit := "kWh"
		if kinds[1] == "power" {
			unit = "kW"
		}
		meters += fmt.Sprintf(row, fmt.Sprint("M", i), kinds[0], "kWh", "", "2024-05-02")
		meters += fmt.Sprintf(row, fmt.Sprint("M", i), kinds[1], unit, "2024-05-02", "")
	}
	tables := registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,山东省,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI1,一,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nB1,I1,b\n"),
		registry.MetersFile:       []byte(meters),
	}
	midnight := schema.InstantOf(time.Date(2024, 5, 2, 0, 0, 0, 0, time.FixedZone("", 8*3600)))
	at := func(hours int64) schema.Instant { return midnight + schema.Instant(hours*schema.Hour) }
	var readings []sent
	add := func(meter int, kind schema.Kind, hours int64, value schema.Quantity, from ...int64) {
		r := schema.Reading{Meter: fmt.Sprint("M", meter), Time: at(hours), Value: value, Kind: kind, Unit: schema.KilowattHour}
		if kind == schema.Power {
			r.Unit = schema.Kilowatt
		}
		if len(from) > 0 {
			r.Start, r.HasStart = at(from[0]), true
		}
		readings = append(readings, sent{r, at(hours) + schema.Instant(schema.Minute)})
	}
	const kWh = schema.Micro
	for meter, values := range [][2]schema.Quantity{{100, 106}, {200, 205}, {300, 301}} {
		add(meter, schema.Register, -14, values[0]*kWh)
		add(meter, schema.Register, -2, values[1]*kWh)
		add(meter, schema.Register, 3, (values[1]+50)*kWh) // of the old kind
	}
	add(0, schema.Register, 0, 107*kWh) // of the old kind, at the very midnight: closes it
	add(0, schema.Delta, 0, 7*kWh, -1)  // would count the hour before midnight twice
	add(0, schema.Delta, 1, 3*kWh/2, 0)
	add(0, schema.Delta, 2, 5*kWh/2, 1)
	add(1, schema.Power, 0, 4*kWh)
	add(1, schema.Power, 1, 6*kWh)
	add(2, schema.Bill, 31*24, 31*kWh, 0)
	add(3, schema.Delta, -13, 2*kWh, -14)
	add(2, schema.Bill, 31*24+1, 40*kWh, -24) // covers a day that the register has the books of
	add(3, schema.Register, 0, 500*kWh)
	add(3, schema.Register, 2, 508*kWh)
	add(3, schema.Delta, 3, 9*kWh, 2) // of the old kind
	want := map[string]string{
		"0 2024-05-01": "7.000000", "0 2024-05-02": "4.000000",
		"1 2024-05-01": "5.000000", "1 2024-05-02": "5.000000",
		"2 2024-05-01": "1.000000", "2 2024-05-02": "1.000000", "2 2024-06-01": "1.000000",
		"3 2024-05-01": "2.000000", "3 2024-05-02": "8.000000",
	}
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	first := ""
	for k := range 4 {
		s, p := bookAll(t, tables, shuffled(readings, random), 1+random.IntN(10))
		got := everything(t, s, 4)
		if k == 0 {
			first = got
		}
		if got != first {
			t.Fatalf("order %d gives other books:\n%s", k, unlike(got, first))
		}
		if n := strings.Count(got, string(schema.OtherKind)); n != 4 {
			t.Errorf("got %d readings of another kind, want 4:\n%s", n, got)
		}
		if n := strings.Count(got, string(schema.Overlap)); n != 2 {
			t.Errorf("got %d readings that overlap, want 2:\n%s", n, got)
		}
		days := booked(t, got)
		for day, quantity := range want {
			if days[day] != quantityOf(t, quantity) {
				t.Errorf("meter and day %s: got %s, want %s:\n%s", day, days[day], quantity, got)
			}
		}
		if changed, err := p.Recompute(t.Context(), nil, schema.Open, true); err != nil || changed != 0 {
			t.Errorf("computing anew would change %d meters, %v", changed, err)
		}
	}
}

// booked sums the lines of entries that everything wrote, by meter and day.
func booked(t testing.TB, text string) map[string]schema.Quantity {
	t.Helper()
	days := map[string]schema.Quantity{}
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 5 && words[4] == "est" {
			days[words[0]+" "+words[1]] += quantityOf(t, words[3])
		}
	}
	return days
}

func quantityOf(t testing.TB, text string) schema.Quantity {
	t.Helper()
	q, _, err := schema.ParseQuantity(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}
