package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// residuals is what is read of an answer with residuals.
type residuals struct {
	Comparison struct {
		With   string   `json:"with"`
		Meters []string `json:"meters"`
	} `json:"comparison"`
	Points []struct {
		Start    string       `json:"start"`
		Quantity *json.Number `json:"quantity"`
		Residual *struct {
			Parts    *json.Number `json:"parts"`
			Quantity *json.Number `json:"quantity"`
			Coverage *float64     `json:"coverage"`
		} `json:"residual"`
	} `json:"points"`
}

// A main meter P has a sub-meter A all along, B from the fourth day on, of
// which nothing comes for two days, and C until the fourth, which counts more than
// the main meter. A bill of eight days reconciles P.
func TestResidual_IsTheMeterLessTheOthers(t *testing.T) {
	random := chance.Random(t)
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nI1,a,education,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name\nB1,I1,b\n")
	writeFile(t, folder+"/meters.csv", "id,building,carrier,kind,unit,interval,parent,reconciles,valid_from,valid_to\n"+
		"P,B1,electricity,register,kWh,PT1H,,,,\nA,B1,electricity,register,kWh,PT1H,P,,,\nB,B1,electricity,register,kWh,PT1H,P,,2023-05-04,\n"+
		"C,B1,electricity,register,kWh,PT1H,P,,,2023-05-04\nD,B1,electricity,register,kWh,PT1H,,,,\n"+
		"U,B1,electricity,bill,kWh,,,P,,\n")
	s.importFolder(folder)
	begin := schema.InstantOf(time.Date(2023, 4, 30, 16, 0, 0, 0, time.UTC))
	var body []byte
	show := map[string]schema.Quantity{}
	for hour := range 24*8 + 1 {
		at := begin + schema.Instant(int64(hour)*schema.Hour)
		for _, m := range []string{"P", "A", "B", "C", "D"} {
			if m != "B" || hour >= 24*5 {
				body = codec.AppendJSON(body, &schema.Reading{Meter: m, Time: at, Value: show[m]})
			}
			show[m] += schema.Quantity(random.Int64N(5_000_000))
		}
		show["P"] += 9_000_000
		show["C"] += 99_000_000
	}
	const billed = 3_000 * schema.Micro
	body = codec.AppendJSON(body, &schema.Reading{Meter: "U", Start: begin, HasStart: true, Time: begin + schema.Instant(8*24*schema.Hour), Value: billed})
	s.push("application/x-ndjson", body)
	s.settle()

	const stretch = "&from=2023-05-01T00:00:00%2B08:00&to=2023-05-09T00:00:00%2B08:00&step="
	ask := func(meter, step string) (r residuals) {
		t.Helper()
		s.ask("/api/v1/consumption", "residual=true&meter="+meter+stretch+step, &r)
		return r
	}
	sums := map[string]schema.Quantity{}
	for _, step := range []string{"PT1H", "P1D", "P1M"} {
		got := ask("P", step)
		if got.Comparison.With != "sub_meters" || strings.Join(got.Comparison.Meters, " ") != "A B C" {
			t.Fatalf("%s: compared with %+v, want the sub-meters A, B and C", step, got.Comparison)
		}
		alone := map[string]*consumption{}
		for _, m := range []string{"A", "B", "C"} {
			alone[m] = s.course("meter="+m, "2023-05-01", "2023-05-09", step)
		}
		negative, unknown := 0, 0
		for i, p := range got.Points {
			if step == "P1M" {
				continue // B and C stand for a part of it: the days are held against it below
			}
			there := []string{"A", "C"}
			if p.Start >= "2023-05-04" {
				there = []string{"A", "B"}
			}
			var parts schema.Quantity
			known := true
			for _, m := range there {
				q := parseQuantity(t, alone[m].Points[i].Quantity)
				if known = known && q != nil; known {
					parts += *q
				}
			}
			left := parseQuantity(t, p.Residual.Quantity)
			if !known {
				unknown++
				if left != nil || p.Residual.Parts != nil || *p.Residual.Coverage != 0 {
					t.Errorf("%s %s: got %+v, want null: nothing is known of B", step, p.Start, *p.Residual)
				}
				continue
			}
			if want := *parseQuantity(t, p.Quantity) - parts; left == nil || *left != want || *parseQuantity(t, p.Residual.Parts) != parts || *p.Residual.Coverage != 1 {
				t.Errorf("%s %s: got %+v, want %s", step, p.Start, *p.Residual, want)
				continue
			}
			if *left < 0 {
				negative++
			}
			sums[step] += *left
		}
		if step != "P1M" && (negative == 0 || unknown == 0) {
			t.Errorf("%s: got %d negative and %d unknown residuals, want some of each", step, negative, unknown)
		}
	}
	if sums["PT1H"] != sums["P1D"] {
		t.Errorf("got %s by hours and %s by days, want one", sums["PT1H"], sums["P1D"])
	}
	month := ask("P", "P1M").Points[0]
	if c := *month.Residual.Coverage; c <= 0.5 || c >= 0.7 { // B: three of its five days
		t.Errorf("the month: got coverage %v, want B's 3 days of 5", c)
	}

	bill := ask("U", "P1M")
	metered := parseQuantity(t, s.course("meter=P", "2023-05-01", "2023-05-09", "P1M").Points[0].Quantity)
	if p := bill.Points[0]; bill.Comparison.With != "supply" || fmt.Sprint(bill.Comparison.Meters) != "[P]" || *parseQuantity(t, p.Residual.Quantity) != billed-*metered {
		t.Errorf("the bill: got %+v, want %s less the %s that P metered", bill, schema.Quantity(billed), *metered)
	}

	code, text := runCommand(s, "consumption", "--meter", "U", "--residual", "--from", "2023-05-01T00:00:00+08:00", "--to", "2023-05-09T00:00:00+08:00")
	if code != exitOK || !strings.Contains(text, "residual_coverage") || !strings.Contains(text, (billed-*metered).String()) {
		t.Errorf("got code %d, %s, want a table with the residual", code, text)
	}
	for _, args := range [][]string{{"--meter", "D"}, {"--institution", "I1", "--carrier", "electricity"}} {
		args = append([]string{"consumption", "--residual", "--from", "2023-05-01T00:00:00+08:00", "--to", "2023-05-09T00:00:00+08:00"}, args...)
		if code, text := runCommand(s, args...); code != exitUsage || !strings.Contains(text, "sub-meters") {
			t.Errorf("%v: got code %d, %s, want it refused", args, code, text)
		}
	}
}
