package registry_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/third_party/echarts"
)

func TestShandongRegions(t *testing.T) {
	reg := mustBuild(t, registry.Tables{"regions.csv": registry.ShandongRegions()})
	count := func(day schema.Day) (cities, counties int) {
		for _, area := range reg.Regions {
			switch {
			case !area.Contains(day) || area.ID == "370000":
			case area.Parent == "370000":
				cities++
			default:
				counties++
			}
		}
		return cities, counties
	}
	f := func(day schema.Day, wantCities, wantCounties int) {
		t.Helper()
		if cities, counties := count(day); cities != wantCities || counties != wantCounties {
			t.Errorf("%s: got %d cities and %d counties, want %d and %d", day, cities, counties, wantCities, wantCounties)
		}
	}
	f(schema.DayOf(2018, 12, 31), 17, 137)
	f(schema.DayOf(2019, 1, 1), 16, 137)
	f(schema.DayOf(2020, 6, 4), 16, 137)
	f(schema.DayOf(2023, 12, 31), 16, 136)
}

func TestShandongRegions_AgreeWithPublicDivisions(t *testing.T) {
	const path = "../../../shared/data/regions/shandong_regions.csv"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("%s is not beside the checkout: %v", path, err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	reg := mustBuild(t, registry.Tables{"regions.csv": registry.ShandongRegions()})
	today, valid := schema.DayOf(2024, 1, 1), 0
	for _, area := range reg.Regions {
		if area.Contains(today) {
			valid++
		}
	}
	if valid != len(rows)-1 {
		t.Errorf("got %d valid regions, want %d", valid, len(rows)-1)
	}
	for _, row := range rows[1:] { // code,name,level,parent
		area, ok := reg.Region(row[0], today)
		if !ok || area.Name != row[1] || area.Parent != row[3] || !area.Contains(today) {
			t.Errorf("%v: got %+v", row, area)
		}
	}
}

// The places of the cities are those of the outline that the page draws.
func TestShandongRegions_PlacesAreThoseOfTheOutline(t *testing.T) {
	var outline struct {
		Features []struct {
			ID         string
			Properties struct{ CP [2]float64 }
		}
	}
	if err := json.Unmarshal(echarts.Shandong(), &outline); err != nil {
		t.Fatal(err)
	}
	reg := mustBuild(t, registry.Tables{"regions.csv": registry.ShandongRegions()})
	placed := 0
	for _, area := range reg.Regions {
		if area.Given() {
			placed++
		}
	}
	if placed != len(outline.Features) || placed != 17 {
		t.Errorf("got %d regions with a place, the outline has %d, want 17", placed, len(outline.Features))
	}
	for _, city := range outline.Features {
		area, ok := reg.Region(city.ID, schema.DayOf(2018, 1, 1))
		if want := (schema.Position{Latitude: city.Properties.CP[1], Longitude: city.Properties.CP[0]}); !ok || area.Position != want {
			t.Errorf("%s: got %v, want %v", city.ID, area.Position, want)
		}
	}
}
