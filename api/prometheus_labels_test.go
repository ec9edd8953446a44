package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"jouleline/bench/chance"
)

// listed gives the data of a lookup by a selector.
func listed[T any](t *testing.T, h http.Handler, path, selector string) (data []T) {
	t.Helper()
	var a struct{ Data []T }
	w := get(t, h, "/prometheus/api/v1/"+path+"?"+url.Values{"match[]": {selector}}.Encode())
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s %s: got status %d, %v: %.300s", path, selector, w.Code, err, w.Body)
	}
	return a.Data
}

// Names and values of labels are those of the series, whatever is asked, although
// not all series are made for them.
func TestPrometheus_LabelsAreThoseOfTheSeries(t *testing.T) {
	random := chance.Random(t)
	h := serve(t, panelConfig(t))
	names := listed[string](t, h, "label/__name__/values", `{__name__!=""}`)
	parts := []string{
		`city="370100"`, `county!=""`, `institution=~"S.*"`, `indicator="energy_per_area"`, `indicator!~"energy.*"`, `plan=""`, `unit!=""`, `event="swap"`,
		`bound!="base"`, `name=~".+"`, `parent=""`, `nothing=""`, `latitude!=""`, `carrier="electricity"`, `use!=""`,
	}
	filled := 0
	for range 60 {
		selector := []string{`__name__!=""`, `__name__=~"jouleline_(region|institution).*"`, `__name__="` + names[random.IntN(len(names))] + `"`}[random.IntN(3)]
		for range random.IntN(3) {
			selector += "," + parts[random.IntN(len(parts))]
		}
		selector = "{" + selector + "}"
		values := map[string]map[string]bool{}
		for _, labels := range listed[map[string]string](t, h, "series", selector) {
			for name, value := range labels {
				if values[name] == nil {
					values[name] = map[string]bool{}
				}
				values[name][value] = true
			}
		}
		filled += min(1, len(values))
		if got, want := listed[string](t, h, "labels", selector), slices.Sorted(maps.Keys(values)); !slices.Equal(got, want) {
			t.Errorf("labels of %s: got %v, want %v", selector, got, want)
		}
		for _, name := range []string{"__name__", "city", "department", "indicator", "unit", "event", "bound", "name", "parent", "plan", "nothing"} {
			if got, want := listed[string](t, h, "label/"+name+"/values", selector), slices.Sorted(maps.Keys(values[name])); !slices.Equal(got, want) {
				t.Errorf("%s of %s: got %v, want %v", name, selector, got, want)
			}
		}
	}
	if filled < 10 {
		t.Errorf("got series for %d selectors only", filled)
	}
}
