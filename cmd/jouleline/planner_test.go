package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// planned is a registry folder of twelve schools with declared figures of 2020 to
// 2024, each year 1.5 % less than the year before, and a year of daily readings to
// come at a hospital, with its weather.
func planned(t *testing.T) string {
	t.Helper()
	var institutions, buildings, areas, heads, declared, weather strings.Builder
	institutions.WriteString("id,name,class,region\n")
	buildings.WriteString("id,institution,name,station\n")
	areas.WriteString("building,valid_from,area_m2\n")
	heads.WriteString("institution,valid_from,people\n")
	declared.WriteString("scope,id,year,quantity,unit,value,source\n")
	for i := 1; i <= 12; i++ {
		fmt.Fprintf(&institutions, "S%02d,School %d,education,370102\n", i, i)
		fmt.Fprintf(&buildings, "S%02d-B1,S%02d,Main,54823\n", i, i)
		fmt.Fprintf(&areas, "S%02d-B1,2020-01-01,%d\n", i, 8000+500*i)
		fmt.Fprintf(&heads, "S%02d,2020-01-01,%d\n", i, 900+30*i)
		for year := 2020; year <= 2024; year++ {
			fmt.Fprintf(&declared, "institution,S%02d,%d,electricity,kWh,%.0f,NY301\n", i, year,
				float64(300000+9000*i)*math.Pow(.985, float64(year-2020))*(1+.002*float64(year*7%5-2)))
			fmt.Fprintf(&declared, "institution,S%02d,%d,water,m3,%d,NY301\n", i, year, 9000+100*i)
		}
	}
	institutions.WriteString("H01,Hospital,health,370200\n")
	buildings.WriteString("H01-B1,H01,Main,54823\n")
	weather.WriteString("station,time,temperature_c\n")
	for d := range 730 {
		fmt.Fprintf(&weather, "54823,%s,%.2f\n", plannedDay(d).Format(time.RFC3339), plannedTemperature(d))
	}
	folder := t.TempDir()
	for name, content := range map[string]string{
		"regions": "code,name,parent\n370000,Shandong,\n370100,Jinan,370000\n370102,Lixia,370100\n370200,Qingdao,370000\n", "institutions": institutions.String(),
		"buildings": buildings.String(), "floor_area": areas.String(), "headcount": heads.String(), "declared": declared.String(),
		"weather": weather.String(), "stations": "id,name,latitude,longitude\n54823,Jinan,36.6,117.0\n",
		"meters": "id,building,carrier,kind,unit,interval,valid_from\nM1,H01-B1,heat,delta,GJ,P1D,2022-01-01\n",
	} {
		writeFile(t, folder+"/"+name+".csv", content)
	}
	return folder
}

func plannedDay(d int) time.Time {
	return time.Date(2022, 1, 1+d, 0, 0, 0, 0, time.FixedZone("", 8*3600))
}

func plannedTemperature(d int) float64 {
	return 14 - 14*math.Cos(2*math.Pi*float64(d)/365) + float64(d*7919%7) - 3
}

// Readings pushed, weather imported, figures declared: the planners' four commands
// print their tables.
func TestPlanner_Commands(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(planned(t))
	var body strings.Builder
	body.WriteString("meter,start,time,value\n")
	for d := range 730 {
		use := 5 + 2*max(13-plannedTemperature(d), 0) + float64(d*31%5)/5
		if d >= 365 {
			use *= .9
		}
		fmt.Fprintf(&body, "M1,%s,%s,%.3f\n", plannedDay(d).Format(time.RFC3339), plannedDay(d+1).Format(time.RFC3339), use)
	}
	if v := s.push("text/csv", []byte(body.String())); v.Accepted != 730 {
		t.Fatalf("got %+v, want 730 readings accepted", v)
	}
	s.settle()
	f := func(args string, texts ...string) {
		t.Helper()
		var out, complaints bytes.Buffer
		code := run(t.Context(), append(strings.Fields(args), "--server", s.Server), streams{&out, &complaints})
		if code != exitOK {
			t.Errorf("%s: got exit code %d: %s", args, code, &complaints)
			return
		}
		for _, text := range texts {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: got\n%s\nwant %q in it", args, &out, text)
			}
		}
		if strings.Contains(out.String(), "NaN") {
			t.Errorf("%s: got NaN in\n%s", args, &out)
		}
	}
	f("forecast --region 370100", "energy_per_area", "forecast", "2025", "probability", "met")
	f("forecast --region 370100 --format json --indicator water_per_capita", `"required_rate_pct"`)
	f("decomposition --region 370100 --from-year 2020 --to-year 2023 --by institution", "structure", "intensity", "School 12")
	f("decomposition --region 370100 --from-year 2020 --to-year 2023 --weather in_intensity", "intensity", "weather_not_separated")
	f("benchmark --class education --within 370000 --year 2023", "rank_low", "School 12", "good_practice")
	f("benchmark --institution S01 --year 2023", "place", "percentile")
	f("savings --meter M1 --baseline-end 2023-01-01T00:00:00+08:00 --reporting-start 2023-01-01T00:00:00+08:00", "hdd_only", "54823", "GJ")
	f("savings --meter M1 --baseline-end 2023-01-01T00:00:00+08:00 --reporting-start 2023-01-01T00:00:00+08:00 --normal-years 2022", "normalised_savings", "ok")
	f("decomposition --region 370000 --from-year 2020 --to-year 2023", "not_enough_data", "12 of 13")
	var answer struct {
		Estimate struct {
			Fraction float64 `json:"savings_fraction"`
			Verdict  string  `json:"verdict"`
		} `json:"estimate"`
	}
	s.ask("/api/v1/savings", "meter=M1&baseline_end=2023-01-01T00:00:00%2B08:00&reporting_start=2023-01-01T00:00:00%2B08:00", &answer)
	if math.Abs(answer.Estimate.Fraction-.1) > .005 {
		t.Errorf("got savings of %v, want a tenth", answer.Estimate.Fraction)
	}
	var out, complaints bytes.Buffer
	if code := run(t.Context(), []string{"benchmark", "--year", "2023", "--server", s.Server}, streams{&out, &complaints}); code != exitUsage {
		t.Errorf("neither institution nor class: got exit code %d, want %d", code, exitUsage)
	}
}
