package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// total sums the points; a point of which nothing is known counts
// nothing.
func (c *consumption) total(t *testing.T) (sum schema.Quantity) {
	t.Helper()
	for _, p := range c.Points {
		if q := parseQuantity(t, p.Quantity); q != nil {
			sum += *q
		}
	}
	return sum
}

// course asks for consumption.
func (s *testServer) course(subject, from, to, step string) *consumption {
	s.t.Helper()
	var c consumption
	s.ask("/api/v1/consumption", fmt.Sprintf("%s&carrier=electricity&from=%sT00:00:00%%2B08:00&to=%sT00:00:00%%2B08:00&step=%s", subject, from, to, step), &c)
	return &c
}

// A house whose main meter also serves a tenant, an institution of its own: what
// counts to the house is the main meter less a third of the tenant's and the
// loss. Hours sum to days, days to months, the institutions to the region, and
// the explanation to the figure, to the micro-unit.
func TestFormula_CountsInPlaceOfItsMeters(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 1))
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nI1,a,education,370000\nI2,b,health,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name\nB1,I1,b\nB2,I2,b\n")
	writeFile(t, folder+"/meters.csv", "id,building,carrier,kind,unit,interval,parent,formula,valid_from,valid_to\n"+
		"M,B1,electricity,register,kWh,PT1H,V,,,\nT,B2,electricity,register,kWh,PT1H,,,,\n"+
		"V,B1,electricity,delta,kWh,PT1H,,M - 0.333333 * T,,2023-05-20\nV,B1,electricity,delta,kWh,PT1H,,1.5*M,2023-05-20,\n")
	s.importFolder(folder)
	begin := schema.InstantOf(time.Date(2023, 4, 29, 16, 0, 0, 0, time.UTC))
	var body []byte
	main, tenant := schema.Quantity(0), schema.Quantity(0)
	for hour := range 24*34 + 1 {
		at := begin + schema.Instant(int64(hour)*schema.Hour)
		body = codec.AppendJSON(body, &schema.Reading{Meter: "M", Time: at, Value: main})
		if hour < 24*8 || hour > 24*12 { // nothing of the tenant for four days, longer than the gap limit
			body = codec.AppendJSON(body, &schema.Reading{Meter: "T", Time: at, Value: tenant})
		}
		main += schema.Quantity(10_000_000 + random.Int64N(9_999_999))
		tenant += schema.Quantity(random.Int64N(9_999_999))
	}
	s.push("application/x-ndjson", body)
	s.settle()
	const from, to = "2023-05-01", "2023-06-01"
	months := s.course("meter=V", from, to, "P1M")
	days := s.course("meter=V", from, to, "P1D")
	hours := s.course("meter=V", from, to, "PT1H")
	if a, b, c := months.total(t), days.total(t), hours.total(t); a != b || b != c || a == 0 {
		t.Errorf("got %s by months, %s by days, %s by hours, want one", a, b, c)
	}
	m, tn := s.course("meter=M", from, to, "P1D"), s.course("meter=T", from, to, "P1D")
	for i := range days.Points {
		var at int64
		for _, p := range hours.Points {
			if p.Start[:10] == days.Points[i].Start[:10] {
				if q := parseQuantity(t, p.Quantity); q != nil {
					at += int64(*q)
				}
			}
		}
		want := int64(*parseQuantity(t, m.Points[i].Quantity))
		if i < 19 {
			part, _ := schema.MulDiv(*parseQuantity(t, tn.Points[i].Quantity), 333333, 1000000)
			want -= int64(part)
		} else {
			half, _ := schema.MulDiv(schema.Quantity(want), 3, 2)
			want = int64(half)
		}
		got := int64(*parseQuantity(t, days.Points[i].Quantity))
		if got != want || at != got {
			t.Errorf("%s: got %d, hours sum to %d, want %d micro-units", days.Points[i].Start, got, at, want)
		}
	}
	// The gap of the tenant's register is distributed, and said so.
	if share := days.Points[8].Share; share == nil || *share <= 0 || *days.Points[0].Share != 0 {
		t.Errorf("got estimated share %v within the tenant's gap, want some", share)
	}
	house, guest, region := s.course("institution=I1", from, to, "P1M"), s.course("institution=I2", from, to, "P1M"), s.course("region=370000", from, to, "P1M")
	if house.total(t) != months.total(t) || region.total(t) != house.total(t)+guest.total(t) || house.Points[0].Coverage != 1 {
		t.Errorf("got house %s, guest %s, region %s, formula %s, coverage %v", house.total(t), guest.total(t), region.total(t), months.total(t), house.Points[0].Coverage)
	}
	var tree struct {
		Tree struct {
			Value    json.Number `json:"value"`
			Children []struct {
				Label string `json:"label"`
			} `json:"children"`
		} `json:"tree"`
	}
	s.ask("/api/v1/explain", "institution=I1&carrier=electricity&from=2023-05-01T00:00:00%2B08:00&to=2023-06-01T00:00:00%2B08:00&depth=4", &tree)
	if got := parseQuantity(t, &tree.Tree.Value); *got != house.total(t) || len(tree.Tree.Children) != 2 || tree.Tree.Children[0].Label != "formula V" {
		t.Errorf("explained: got %s of %+v, want %s", got, tree.Tree.Children, house.total(t))
	}
	if code, out := runCommand(s, "verify"); code != exitOK {
		t.Errorf("verify: got code %d: %s", code, out)
	}
	var quality struct {
		Worst []struct {
			Meter string `json:"meter"`
		} `json:"worst"`
	}
	s.ask("/api/v1/quality", "institution=I1&from=2023-05-01T00:00:00%2B08:00&to=2023-06-01T00:00:00%2B08:00", &quality)
	if len(quality.Worst) != 1 || quality.Worst[0].Meter != "V" {
		t.Errorf("quality: got %+v, want V alone", quality.Worst)
	}
}

// A formula is known where all its meters are: a difference with what is not
// known is nobody's consumption.
func TestFormula_IsMissingWhereAMeterIs(t *testing.T) {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nI1,a,education,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name\nB1,I1,b\n")
	writeFile(t, folder+"/meters.csv", "id,building,carrier,kind,unit,interval,parent,formula\n"+
		"M,B1,electricity,delta,kWh,PT1H,,\nN,B1,electricity,delta,kWh,PT1H,M,\nV,B1,electricity,delta,kWh,PT1H,M,M - N\n")
	s.importFolder(folder)
	var lines []string
	for hour := range 48 {
		at := time.Date(2023, 4, 30, 17+hour, 0, 0, 0, time.UTC).Format(time.RFC3339)
		lines = append(lines, fmt.Sprintf(`{"meter":"M","time":"%s","value":5}`, at))
		if hour != 30 {
			lines = append(lines, fmt.Sprintf(`{"meter":"N","time":"%s","value":2}`, at))
		}
	}
	s.push("application/x-ndjson", []byte(strings.Join(lines, "\n")))
	s.settle()
	days := s.course("meter=V", "2023-05-01", "2023-05-03", "P1D")
	if got := parseQuantity(t, days.Points[0].Quantity); got == nil || *got != 72*schema.Micro {
		t.Errorf("first day: got %v, want 24 x (5 - 2)", got)
	}
	if days.Points[1].Quantity != nil || days.Points[1].Coverage != 0 {
		t.Errorf("second day: got %v and coverage %v, want nothing: an hour of N is missing", days.Points[1].Quantity, days.Points[1].Coverage)
	}
	hours := s.course("meter=V", "2023-05-02", "2023-05-03", "PT1H")
	for i, p := range hours.Points {
		if (p.Quantity == nil) != (i == 6) {
			t.Errorf("hour %d: got %v, want only the sixth missing", i, p.Quantity)
		}
	}
	// It is for looking at: the institution has its main meter.
	if got := s.course("institution=I1", "2023-05-01", "2023-05-03", "P1M").total(t); got != 240*schema.Micro {
		t.Errorf("institution: got %s, want the main meter alone", got)
	}
}
