package page

import (
	"strconv"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// The outline has the 16 cities of the region table, by code and name.
func TestOutlines_AreTheCities(t *testing.T) {
	list, err := decodeOutlines(shandong())
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Build(registry.Tables{registry.RegionsFile: registry.ShandongRegions()}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	today := schema.DayOf(2025, 1, 1)
	cities := map[string]string{}
	for _, area := range reg.Regions {
		if area.Parent == "370000" && area.Contains(today) {
			cities[area.ID] = area.Name
		}
	}
	if len(cities) != 16 || len(list) != 16 {
		t.Fatalf("got %d cities and %d outlines, want 16", len(cities), len(list))
	}
	for i := range list {
		o := &list[i]
		if cities[o.code] != o.name {
			t.Errorf("%s: got %s, want %s", o.code, o.name, cities[o.code])
		}
		if !(o.x > 0 && o.x < mapWidth && o.y > 0 && o.y < 408) {
			t.Errorf("%s: its name stands at %g, %g: outside the box", o.name, o.x, o.y)
		}
		for _, pair := range strings.FieldsFunc(o.path.String(), func(r rune) bool { return strings.ContainsRune("MLZ", r) }) {
			x, y, ok := strings.Cut(pair, " ")
			px, errX := strconv.ParseFloat(x, 64)
			py, errY := strconv.ParseFloat(y, 64)
			if !ok || errX != nil || errY != nil || px < 0 || px > mapWidth || py < 0 || py > 408 {
				t.Fatalf("%s: got point %q, want one in the box", o.name, pair)
			}
		}
	}
	if rings := strings.Count(list[0].path.String(), "M"); list[0].code != "370100" || rings != 2 {
		t.Errorf("%s: got %d rings, want Jinan with Laiwu", list[0].name, rings)
	}
}

func TestAreas_OnlyOfWholeProvince(t *testing.T) {
	list, err := decodeOutlines(shandong())
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{outlines: list}
	if got := s.areas(&Ranking{Rows: []RankRow{{Code: "370100"}}}); got != nil {
		t.Errorf("got a map of %d, want none: 15 cities lack", len(got))
	}
}

// No outline, however broken, breaks the program.
func FuzzDecodeOutlines(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"id":"370100","properties":{"name":"a","cp":[117,36]},"geometry":{"type":"Polygon","coordinates":["@@AB"],"encodeOffsets":[[120000,37000]]}}],"UTF8Encoding":true}`))
	f.Add([]byte(`{"features":[{"geometry":{"type":"MultiPolygon","coordinates":[["@"]],"encodeOffsets":[[]]}}],"UTF8Encoding":true}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := decodeOutlines(text)
		for i := range list {
			if err == nil && strings.Contains(list[i].path.String(), "NaN") {
				t.Errorf("got %s", list[i].path.String())
			}
		}
	})
}
