package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jouleline/api/admin"
	"jouleline/api/monitor"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// archive packs files into a ZIP.
func archive(tb testing.TB, files map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		f, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(f, content); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// importing is a desk that builds what it is given, on top of the school.
func importing(got *registry.Tables, dry *bool) *fakeDesk {
	return &fakeDesk{ImportFunc: func(_ context.Context, tables registry.Tables, dryRun bool) (admin.Imported, error) {
		*got, *dry = tables, dryRun
		_, err := registry.Build(tablesOf(school).Merge(tables), registry.Options{})
		return admin.Imported{Meters: 1, Recorded: schema.InstantOf(clock)}, err
	}}
}

func TestImport(t *testing.T) {
	var got registry.Tables
	var dry bool
	config := newConfig(t)
	config.Desk = importing(&got, &dry)
	h := serve(t, config)
	put := func(target string, body []byte) *responseRecorder {
		return call(t, h, http.MethodPut, target, bytes.NewReader(body), "Content-Type", "application/zip")
	}
	a := decode[admin.Imported](t, put("/api/v1/registry", archive(t, map[string]string{"registry/headcount.csv": school["headcount.csv"]})))
	if a.Meters != 1 || a.Tables == nil || dry || string(got["headcount.csv"]) != school["headcount.csv"] || len(got) != 1 {
		t.Errorf("got %+v, dry run %v, tables %v; want the one table as it was sent", a, dry, got)
	}
	put("/api/v1/registry?dry_run=true", archive(t, school))
	if !dry {
		t.Error("dry_run=true: got a real import")
	}
	w := put("/api/v1/registry", archive(t, map[string]string{"headcount.csv": "institution,valid_from,people\nS1,2020-01-01,many\nS9,2020-01-01,3\n"}))
	p := refused(t, w, 422, "nothing was changed: 2 things")
	if len(p.Problems) != 2 || p.Problems[0].File != "headcount.csv" || p.Problems[0].Line != 2 || p.Problems[0].Column != 15 || p.Problems[0].Field != "people" || p.Problems[1].Line != 3 {
		t.Errorf("got %+v, want the places of both problems", p.Problems)
	}
	refused(t, put("/api/v1/registry", []byte("no archive")), 400, "ZIP")
	refused(t, put("/api/v1/registry", archive(t, map[string]string{"readme.txt": "x"})), 400, "no table")
	refused(t, put("/api/v1/registry", archive(t, map[string]string{"secrets.csv": "x"})), 422, "unknown table")
	refused(t, put("/api/v1/registry?dry_run=maybe", archive(t, school)), 422, "dry_run")

	config.Limits.Registry = 100
	h = serve(t, config)
	refused(t, put("/api/v1/registry", archive(t, school)), 413)
}

func TestEvents(t *testing.T) {
	var got registry.Tables
	var dry bool
	config := newConfig(t)
	before := map[string]string{"meter_events.csv": "meter,time,event,final,initial,multiplier,note\n" +
		"E1,2023-06-01T09:30:00+08:00,swap,100,0,,\"old, with\nline\"\nE1,2023-07-01T00:00:00+08:00,reset,,,,\n"}
	for name, content := range school {
		before[name] = content
	}
	reg := build(t, before)
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	config.Desk = importing(&got, &dry)
	h := serve(t, config)
	post := func(target, body string) *responseRecorder {
		return call(t, h, http.MethodPost, target, strings.NewReader(body), "Content-Type", "application/json")
	}
	decode[admin.Imported](t, post("/api/v1/events?dry_run=true",
		`[{"meter":"E1","time":"2023-06-01T01:30:00Z","event":"swap","final":4711.50,"initial":0.000001,"note":"battery"},{"meter":"E1","time":"2023-08-01T00:00:00+08:00","event":"multiplier","multiplier":0.1}]`))
	const want = "meter,time,event,final,initial,multiplier,note\n" +
		"E1,2023-07-01T00:00:00+08:00,reset,,,,\n" +
		"E1,2023-06-01T01:30:00Z,swap,4711.50,0.000001,,battery\n" +
		"E1,2023-07-31T16:00:00Z,multiplier,,,0.1,\n"
	if text := string(got["meter_events.csv"]); text != want || !dry || len(got) != 1 {
		t.Errorf("got, dry run %v,\n%s\nwant\n%s", dry, text, want)
	}

	f := func(body string, status int, location string, texts ...string) {
		t.Helper()
		p := refused(t, post("/api/v1/events", body), status, texts...)
		if location != "" && (len(p.Errors) == 0 || p.Errors[0].Location != location) {
			t.Errorf("got %+v, want an error at %s", p.Errors, location)
		}
	}
	f(`[{"meter":"E1","time":"2023-06-02T01:30:00Z","event":"reset"},{"meter":"E9","time":"2023-06-01T01:30:00Z","event":"swap"}]`, 422, "body[1].meter", "E9", "nothing was changed")
	f(`[{"meter":"E1","time":"2023-06-02T01:30:00Z","event":"multiplier"}]`, 422, "body[0].multiplier", "empty")
	f(`[{"meter":"E1","time":"2023-06-02T01:30:00Z","event":"swap","note":"a\nb"},{"meter":"E1","time":"2023-06-02T01:31:00Z","event":"reset","final":1e40}]`, 422, "body[1].final")
	f(`[{"meter":"E1","time":"2023-06-02T01:30:00Z","event":"explosion"}]`, 422, "body[0].event")
	f(`[{"meter":"E1","event":"swap"}]`, 422, "body[0]", "time")
	f(`[{"meter":"E1","time":"noon","event":"swap"}]`, 422, "", "noon")
	f(`[{"meter":"E1","time":"2023-06-02T01:30:00Z","event":"swap","finale":3}]`, 422, "", "finale")
	f(`[{"meter":"","time":"2023-06-02T01:30:00Z","event":"swap"}]`, 422, "body[0].meter")
	f(`[]`, 422, "body")
	f(`{}`, 422, "body")
	f(`null`, 422, "")
	f(`[`, 400, "")
	f(``, 400, "")
	many := `[` + strings.TrimSuffix(strings.Repeat(`{"meter":"E1","time":"2023-06-02T01:30:00Z","event":"reset"},`, 1001), ",") + `]`
	f(many, 422, "", "want at most 1000")
	f(`["`+strings.Repeat("x", 2<<20)+`"]`, 413, "")
	if w := call(t, h, http.MethodPost, "/api/v1/events", strings.NewReader("<x/>"), "Content-Type", "application/xml"); w.Code != 415 && w.Code != 400 && w.Code != 422 {
		t.Errorf("XML: got status %d, want 415, 400 or 422: %s", w.Code, w.Body)
	}
}

// Two changes at once do not lose one: each rests on the registry that it found.
func TestEvents_OneAfterTheOther(t *testing.T) {
	config := newConfig(t)
	reg := build(t, school)
	config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	config.Desk = &fakeDesk{ImportFunc: func(_ context.Context, tables registry.Tables, _ bool) (admin.Imported, error) {
		next, err := registry.Build(tablesOf(school).Merge(tables), registry.Options{})
		if err == nil {
			reg = next // a data race where two imports run at once
		}
		return admin.Imported{}, err
	}}
	h := serve(t, config)
	done := make(chan int)
	const n = 20
	for i := range n {
		go func() {
			body := fmt.Sprintf(`[{"meter":"E1","time":"2023-06-02T01:%02d:00Z","event":"reset"}]`, i)
			done <- call(t, h, http.MethodPost, "/api/v1/events", strings.NewReader(body), "Content-Type", "application/json").Code
		}()
	}
	for range n {
		if status := <-done; status != 200 {
			t.Errorf("got status %d, want 200", status)
		}
	}
	if got := len(reg.EventsOf("E1")); got != n {
		t.Errorf("got %d events, want %d", got, n)
	}
}

func TestRecompute(t *testing.T) {
	var got []string
	var days schema.Validity
	var dry bool
	config := newConfig(t)
	config.Desk = &fakeDesk{RecomputeFunc: func(_ context.Context, meters []string, some schema.Validity, dryRun bool) (int, error) {
		got, days, dry = meters, some, dryRun
		return 3, nil
	}}
	h := serve(t, config)
	post := func(body string) *responseRecorder {
		return call(t, h, http.MethodPost, "/api/v1/recompute", strings.NewReader(body), "Content-Type", "application/json")
	}
	if a := decode[admin.RecomputeAnswer](t, post(`{"meters":["E1"],"dry_run":true}`)); a.Changed != 3 || !a.DryRun || !dry || !slices.Equal(got, []string{"E1"}) {
		t.Errorf("got %+v of %v", a, got)
	}
	if a := decode[admin.RecomputeAnswer](t, post(`{"all":true}`)); a.DryRun || dry || got != nil || days != schema.Open {
		t.Errorf("all: got %+v of %v on %v, want nil meters and all days", a, got, days)
	}
	for body, want := range map[string]schema.Validity{
		`{"all":true,"from":"2023-05-01","to":"2023-05-03"}`: {From: schema.DayOf(2023, 5, 1), To: schema.DayOf(2023, 5, 3)},
		`{"all":true,"from":"2023-05-01"}`:                   {From: schema.DayOf(2023, 5, 1), To: schema.Never},
		`{"all":true,"to":"2023-05-03"}`:                     {From: schema.Always, To: schema.DayOf(2023, 5, 3)},
	} {
		if a := decode[admin.RecomputeAnswer](t, post(body)); a.Changed != 3 || days != want {
			t.Errorf("%s: got %+v on %v, want %v", body, a, days, want)
		}
	}
	refused(t, post(`{"all":true,"from":"2023-05-03","to":"2023-05-03"}`), 422, "want a later day")
	refused(t, post(`{"all":true,"from":"May"}`), 422, "body.from")
	refused(t, post(`{}`), 422, "either meters or all")
	refused(t, post(`{"meters":["E1"],"all":true}`), 422, "either meters or all")
	refused(t, post(`{"meters":["E9"]}`), 404, "E9")
	refused(t, post(`{"meters":[]}`), 422, "body.meters")
	refused(t, post(`{"meters":[`+strings.Repeat(`"E1",`, 10_000)+`"E1"]}`), 422, "want at most 10000")
}

func TestReplay(t *testing.T) {
	var got admin.Replay
	config := newConfig(t)
	config.Desk = &fakeDesk{ReplayFunc: func(_ context.Context, q admin.Replay) (admin.Replayed, error) {
		got = q
		return admin.Replayed{Offered: 2, Last: 9}, nil
	}}
	h := serve(t, config)
	post := func(body string) *responseRecorder {
		return call(t, h, http.MethodPost, "/api/v1/replay", strings.NewReader(body), "Content-Type", "application/json")
	}
	if a := decode[admin.Replayed](t, post(`{"after":7,"codes":["unknown_unit"]}`)); a.Last != 9 || got.After != 7 || got.Limit != 1000 || len(got.Codes) != 1 || got.Codes[0] != schema.UnknownUnit {
		t.Errorf("got %+v from %+v", a, got)
	}
	decode[admin.Replayed](t, post(`{"limit":5}`))
	if got.Limit != 5 || got.Codes != nil {
		t.Errorf("got %+v, want 5 of all codes", got)
	}
	refused(t, post(`{"limit":5000}`), 422, "want at most 1000")
	refused(t, post(`{"after":-1}`), 422, "body.after")
}

func TestRejected(t *testing.T) {
	config := newConfig(t)
	config.Rejects = &fakeRejects{RejectedFunc: func(_ context.Context, after int64, limit int) (rows []monitor.Reject, err error) {
		for n := after + 1; n <= 5 && len(rows) < limit; n++ {
			rows = append(rows, monitor.Reject{Sequence: n, Received: schema.InstantOf(clock), Code: schema.BadTime, Original: []byte(fmt.Sprint("x", n)), Partition: -1})
		}
		if after == 4 {
			rows[0].Original = []byte{0xff, 0xfe}
		}
		return rows, nil
	}}
	h := serve(t, config)
	a := decode[monitor.RejectedAnswer](t, get(t, h, "/api/v1/rejected?limit=2&after=1"))
	if len(a.Rejected) != 2 || a.Rejected[0].Sequence != 2 || a.Rejected[0].Original != "x2" || a.Next == nil || *a.Next != 3 {
		t.Errorf("got %+v, want rows 2 and 3 and the next page after 3", a)
	}
	a = decode[monitor.RejectedAnswer](t, get(t, h, "/api/v1/rejected?after=4"))
	if len(a.Rejected) != 1 || a.Rejected[0].Base64 != "//4=" || a.Rejected[0].Original != "" || a.Next != nil {
		t.Errorf("got %+v, want one row of bytes that are no text, and no page more", a)
	}
	const want = "sequence,received,recorded,source,partition,offset,code,detail,original,original_base64\n"
	if got := get(t, h, "/api/v1/rejected?after=3", "Accept", "text/csv").Body.String(); !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 3 {
		t.Errorf("got %s, want a header and two rows", got)
	}
}
