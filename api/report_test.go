package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jouleline/api"
	"jouleline/api/access"
	"jouleline/api/paper"
	"jouleline/metrics/frozen"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/registry"
)

// fakeArchive keeps reports in memory.
type fakeArchive struct {
	recorded schema.Instant
	reports  []frozen.Report
	booked   []frozen.Booked
	received []frozen.Received
}

func (f *fakeArchive) RegistryTables(context.Context, schema.Instant) (map[string][]byte, schema.Instant, error) {
	return nil, f.recorded, nil
}
func (f *fakeArchive) Recorded(context.Context) (schema.Instant, error) { return f.recorded, nil }
func (f *fakeArchive) AddReport(_ context.Context, r frozen.Report) (int64, error) {
	r.ID = int64(len(f.reports) + 1)
	f.reports = append(f.reports, r)
	return r.ID, nil
}
func (f *fakeArchive) Report(_ context.Context, id int64) (r frozen.Report, ok bool, err error) {
	if id > int64(len(f.reports)) {
		return r, false, nil
	}
	return f.reports[id-1], true, nil
}
func (f *fakeArchive) Reports(_ context.Context, before int64, limit int) (list []frozen.Report, err error) {
	for _, r := range slices.Backward(f.reports) {
		if (before == 0 || r.ID < before) && len(list) < limit {
			r.Figures = nil
			list = append(list, r)
		}
	}
	return list, nil
}
func (f *fakeArchive) BookedSince(_ context.Context, _ schema.Instant, days schema.Validity) ([]frozen.Booked, error) {
	if year, _, _ := days.From.Date(); year != 2023 {
		return nil, nil
	}
	return f.booked, nil
}
func (f *fakeArchive) ReceivedSince(context.Context, schema.Instant, []int32) ([]frozen.Received, error) {
	return f.received, nil
}

// freeze freezes a report and gives it.
func freeze(t *testing.T, h http.Handler, body string) paper.ReportAnswer {
	t.Helper()
	w := call(t, h, http.MethodPost, "/api/v1/reports", strings.NewReader(body), "Content-Type", "application/json")
	if w.Code != http.StatusCreated {
		t.Fatalf("got status %d: %s", w.Code, w.Body)
	}
	var a paper.ReportAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// withArchive is the school with an archive, known up to the day after its
// readings.
func withArchive(t *testing.T) (api.Config, *fakeArchive) {
	t.Helper()
	config := newConfig(t)
	archive := &fakeArchive{recorded: at(t, "2023-05-03T00:00:00+08:00")}
	config.Archive = archive
	return config, archive
}

func TestReports_AreFrozen(t *testing.T) {
	config, archive := withArchive(t)
	h := serve(t, config)
	a := freeze(t, h, `{"name":"中期","question":{"region":"370000","by":"institution","year":2023}}`)
	if a.ID != 1 || a.Versions.FactorVersion != "1" || a.Versions.Plan.Targets["energy_per_area"] != "5" || a.Question.Plan != "14fyp" || a.KnownAt.UnixMilli() != int64(archive.recorded) {
		t.Errorf("got %+v, want what it rests on", a.ReportHead)
	}
	freeze(t, h, `{"question":{"institution":"S1","year":2022}}`)
	same := get(t, h, "/api/v1/reports/1").Body.String()
	rows := get(t, h, "/api/v1/reports/1", "Accept", "text/csv").Body.String()
	if !strings.Contains(rows, "part,institution,S1,第一中学,2023,2020,energy_per_area,kgce/m2,6.145,5.805480338476854") {
		t.Errorf("got CSV\n%s\nwant the figures of the institution", rows)
	}
	// Another world: the report stays, the same question gives something else.
	other := map[string]string{}
	for name, text := range school {
		other[name] = text
	}
	other["floor_area.csv"] = strings.ReplaceAll(other["floor_area.csv"], "12000", "13000")
	reg := build(t, other)
	then := config.World.(*fakeWorld).RegistryFunc
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	config.World.(*fakeWorld).RegistryAtFunc = func(ctx context.Context, _ schema.Instant) (*registry.Registry, error) { return then(ctx) }
	if got := get(t, h, "/api/v1/reports/1").Body.String(); got != same {
		t.Errorf("the report changed: got\n%s\nwant\n%s", got, same)
	}
	list := decode[paper.ReportsAnswer](t, get(t, h, "/api/v1/reports?limit=1"))
	if len(list.Reports) != 1 || list.Reports[0].ID != 2 || list.Next == nil || *list.Next != 2 {
		t.Errorf("got %+v, want the youngest, and that there is more", list)
	}
	if list = decode[paper.ReportsAnswer](t, get(t, h, "/api/v1/reports?before=2")); len(list.Reports) != 1 || list.Reports[0].Name != "中期" || list.Next != nil {
		t.Errorf("got %+v, want the first", list)
	}
	if rows := get(t, h, "/api/v1/reports", "Accept", "text/csv").Body.String(); strings.Count(rows, "\n") != 3 {
		t.Errorf("got CSV\n%s\nwant two rows", rows)
	}
}

// What differs is followed to its causes in steps that add up.
func TestReportDiff_NamesTheCauses(t *testing.T) {
	config, archive := withArchive(t)
	h := serve(t, config)
	freeze(t, h, `{"question":{"region":"370000","by":"institution","year":2023}}`)
	if d := decode[paper.ReportDiffAnswer](t, get(t, h, "/api/v1/reports/1/diff")); !d.Same || len(d.Figures)+len(d.Causes)+len(d.Meters)+len(d.Sums) != 0 {
		t.Fatalf("nothing changed: got %+v", d)
	}
	// The area, the factor set and the books change.
	other := map[string]string{}
	for name, text := range school {
		other[name] = text
	}
	other["floor_area.csv"] = strings.ReplaceAll(other["floor_area.csv"], "12000", "13000")
	other["regions.csv"] += "440000,广东省,\n"
	reg, then := build(t, other), config.World.(*fakeWorld).RegistryFunc
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	config.World.(*fakeWorld).RegistryAtFunc = func(ctx context.Context, _ schema.Instant) (*registry.Registry, error) { return then(ctx) }
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	db37, err := factor.Load("db37-2019")
	if err != nil {
		t.Fatal(err)
	}
	changed := *set
	changed.Version, changed.Coal = "2", db37.Coal
	config.Factors = []*factor.Set{&changed}
	archive.booked = []frozen.Booked{{Meter: 0, Quantity: -2_500_000, Known: 2 * schema.Hour, First: archive.recorded + 1, Last: archive.recorded + 2}}
	archive.received = []frozen.Received{{Meter: 0, Readings: 3, Revised: 1}}
	h = serve(t, config)
	d := decode[paper.ReportDiffAnswer](t, get(t, h, "/api/v1/reports/1/diff"))
	if d.Same || len(d.Figures) == 0 {
		t.Fatalf("got %+v, want figures that differ", d)
	}
	for _, f := range d.Figures {
		steps, sum := "", 0.0
		for _, e := range f.Effects {
			steps += e.Cause + " "
			if e.Current != nil {
				sum += *e.Current
			}
		}
		want := map[string]string{"energy_per_area": "program registry ", "energy_per_capita": "program ", "carbon_per_area": "registry "}[f.Indicator]
		if steps != want {
			t.Errorf("%s: got steps %q, want %q", f.Indicator, steps, want)
		}
		if apart := *f.Now.Current - *f.Before.Current - sum; apart > 1e-12 || apart < -1e-12 {
			t.Errorf("%s: the effects add up to %v, want %v", f.Indicator, sum, *f.Now.Current-*f.Before.Current)
		}
	}
	var causes []string
	for _, c := range d.Causes {
		causes = append(causes, c.Cause+": "+c.Text)
	}
	if got, want := strings.Join(causes, " | "), "factors: factor set gbt2589-2020: version 1 then, version 2 now | registry: regions.csv: 0 rows taken out, 1 put in | registry: floor_area.csv: 1 rows taken out, 1 put in"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(d.Meters) != 1 || len(d.Sums) != 1 {
		t.Fatalf("got %+v and %+v, want one meter", d.Meters, d.Sums)
	}
	m := d.Meters[0]
	if got := fmt.Sprint(m.Meter, " ", m.Institution, " ", m.Carrier, " ", m.Year, " ", m.Quantity, " ", m.Readings, " ", m.Revised, " ", m.Because, " ", m.KnownHours); got != "E1 S1 electricity 2023 -2.5 3 1 [readings] 2" {
		t.Errorf("got meter %s", got)
	}
	if s := d.Sums[0]; s.Meters != 1 || s.Quantity.String() != "-2.5" || s.Unlisted.Quantity != 0 {
		t.Errorf("got sum %+v, want -2.5, all of it listed", s)
	}
	rows := get(t, h, "/api/v1/reports/1/diff", "Accept", "text/csv").Body.String()
	for _, want := range []string{"figure,region,370000,", "effect,institution,S1,", "cause,,,,floor_area.csv", "meter,meter,E1,S1,electricity,kWh,2023,,,,-2.5,,,books,readings"} {
		if !strings.Contains(rows, "\n"+want) {
			t.Errorf("got CSV\n%s\nwant a row %s", rows, want)
		}
	}
}

func TestReports_Refuse(t *testing.T) {
	config, _ := withArchive(t)
	h := serve(t, config)
	post := func(body string) *responseRecorder {
		return call(t, h, http.MethodPost, "/api/v1/reports", strings.NewReader(body), "Content-Type", "application/json")
	}
	refused(t, post(`{"question":{"year":2023}}`), 422, "exactly one")
	refused(t, post(`{"question":{"region":"370000","year":2019}}`), 422, "base year")
	refused(t, post(`{"question":{"region":"999999","year":2023}}`), 404, "999999")
	refused(t, post(`{"question":{"region":"370000","year":2023,"plan":"x"}}`), 422, "plan")
	refused(t, post(`{"question":{"region":"370000","year":2023,"by":"meter"}}`), 422, "by")
	refused(t, post(`{`), 400)
	refused(t, get(t, h, "/api/v1/reports/7"), 404, "report 7")
	refused(t, get(t, h, "/api/v1/reports/x"), 422)
	// Who may read one institution sees its reports only.
	freeze(t, h, `{"question":{"region":"370000","year":2023}}`)
	freeze(t, h, `{"question":{"institution":"S1","year":2023}}`)
	config.Access = granted{grant: access.Grant{Scope: access.Read, Institution: "S1"}}
	h = serve(t, config)
	refused(t, get(t, h, "/api/v1/reports/1"), 403)
	refused(t, get(t, h, "/api/v1/reports/1/diff"), 403)
	refused(t, post(`{"question":{"region":"370000","year":2023}}`), 403)
	if list := decode[paper.ReportsAnswer](t, get(t, h, "/api/v1/reports")); len(list.Reports) != 1 || list.Reports[0].ID != 2 {
		t.Errorf("got %+v, want the report of the institution only", list)
	}
	config.Archive = nil
	refused(t, get(t, serve(t, config), "/api/v1/reports"), 503)
}
