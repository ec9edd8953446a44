package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"jouleline/api/access"
	"jouleline/schema/registry"
)

// askers grants what the caller's name says, so that one server has several.
type askers map[string]access.Grant

func (a askers) Authorize(r *http.Request) (access.Grant, error) {
	return a[r.Header.Get("X-Asker")], nil
}

// asker asks a handler as one of them.
func asker(h http.Handler, name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Asker", name)
		h.ServeHTTP(w, r)
	})
}

// What is kept of a question for the next one is no other caller's, and no other
// question's.
func TestPrometheus_KeptForOneReach(t *testing.T) {
	config := countyConfig(t)
	config.Panels = panelsOf{books: config.Books.(*fakeBooks)}
	config.Access = askers{
		"all": {Scope: access.Read}, "city": {Scope: access.Read, Region: "370200"}, "one": {Scope: access.Read, Institution: "A"},
	}
	h := serve(t, config)
	f := func(name, query, want string) {
		t.Helper()
		_, metrics := ask(t, asker(h, name), query, "2023-05-20T00:00:01Z")
		var got []string
		for _, m := range metrics {
			got = append(got, m["institution"]+m["city"]+m["class"])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s: got %v, want %s", name, query, got, want)
		}
	}
	const carbon = "jouleline_institution_carbon_month_kg"
	for range 2 {
		f("all", "sum by (city) ("+carbon+")", "370100 370200")
		f("city", "sum by (city) ("+carbon+")", "370200")
		f("one", "sum by (city) ("+carbon+")", "370100")
		f("all", "sum by (institution) ("+carbon+")", "A B")
		f("all", `sum by (city) (`+carbon+`{institution="A"})`, "370100")
		f("all", `sum by (city) (`+carbon+`{institution="A",city!="370100"})`, "")
		f("all", `sum by (city) (`+carbon+`{city!="370100",institution!="A"})`, "370200")
		f("all", "sum by (city) (jouleline_institution_energy_year_kgce)", "370100 370200")
		f("all", `sum by (city) (`+carbon+`{carrier="water"})`, "")
	}
	for i := range 40 { // more than are kept
		f("all", fmt.Sprintf(`sum by (city) (%s{institution!="X%d"})`, carbon, i), "370100 370200")
		f("city", fmt.Sprintf(`sum by (city) (%s{institution!="X%d"})`, carbon, i), "370200")
	}
}

// Labels are kept from day to day until something stands elsewhere, and are right
// however the clock goes.
func TestPrometheus_LabelsOfTheDay(t *testing.T) {
	reg := build(t, map[string]string{
		"regions.csv": "code,name,parent,valid_from,valid_to\n370000,x,,,\n370100,y,370000,,\n370200,z,370000,,\n370300,q,370000,2023-09-01,\n",
		"institutions.csv": "id,name,class,region,valid_from,valid_to\nA,a,education,370100,2015-01-01,2023-06-01\n" +
			"A,a,education,370200,2023-06-01,\nB,b,health,370200,2015-01-01,\n",
		"buildings.csv": "id,institution\nA1,A\nB1,B\n",
		"meters.csv":    "id,building,carrier,use,kind,unit\na,A1,electricity,building,register,kWh\nb,B1,electricity,building,register,kWh\n",
	})
	config := countyConfig(t)
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { return map[string]int32{"a": 0, "b": 1}[meter], true },
	}
	config.Panels = panelsOf{books: config.Books.(*fakeBooks)}
	now := time.Time{}
	config.Now = func() time.Time { return now }
	h := serve(t, config)
	for _, c := range []struct{ day, want string }{
		{"2023-05-30", "map[370100:1 370200:1]"}, {"2023-05-31", "map[370100:1 370200:1]"}, {"2023-06-01", "map[370200:2]"}, {"2023-08-31", "map[370200:2]"},
		{"2023-09-01", "map[370200:2]"}, {"2023-05-31", "map[370100:1 370200:1]"}, {"2023-12-31", "map[370200:2]"},
	} {
		var err error
		if now, err = time.Parse(time.RFC3339, c.day+"T12:00:00+08:00"); err != nil {
			t.Fatal(err)
		}
		values, metrics := ask(t, h, "count by (city) (jouleline_institution_info)", now.Format(time.RFC3339))
		got := map[string]float64{}
		for i, m := range metrics {
			got[m["city"]] = values[i]
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("on %s: got %v, want %s", c.day, got, c.want)
		}
	}
}
