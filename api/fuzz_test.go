package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jouleline/api/admin"
	"jouleline/api/problem"
	"jouleline/schema/registry"
)

// answered checks that a request got an answer or a problem, and never a fault.
func answered(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 500 || w.Code < 200 {
		t.Fatalf("got status %d: %s", w.Code, w.Body)
	}
	if w.Code >= 400 {
		var p problem.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code || p.Detail == "" {
			t.Fatalf("got status %d and no problem that says why (%v): %s", w.Code, err, w.Body)
		}
	}
}

// No question, however odd, is answered by a fault.
func FuzzQuestions(f *testing.F) {
	for _, q := range questions {
		path, query, _ := strings.Cut(q, "?")
		f.Add(path, query, "text/csv")
	}
	f.Add("/api/v1/progress", "year=2023&region=%zz", "a;,b")
	f.Add("/api/v1/consumption", "meter=E1&from=1970-01-01T00:00:00Z&to=2199-12-31T00:00:00Z&step=P1Y", "*/*;q=0.1")
	f.Add("/api/v1/consumption", "region=370000&carrier=electricity&step=P1Y&from=1970-01-01T00:00:00%2B08:00&to=2024-01-01T00:00:00%2B08:00", "")
	f.Add("/api/v1/registry/meters", "limit=1&after=99999999999999999999", ";;;")
	f.Add("/api/v1/quality", "class=education&from=1999-12-31T00:00:00%2B08:00&to=2000-01-01T00:00:00%2B08:00&limit=0", "text/csv;q=")
	f.Add("//api/../docs/", "", "text/html")
	h := serve(f, newConfig(f))
	f.Fuzz(func(t *testing.T, path, query, accept string) {
		u := url.URL{Path: "/" + strings.TrimPrefix(path, "/"), RawQuery: query}
		r := &http.Request{Method: http.MethodGet, URL: &u, Header: http.Header{"Accept": {accept}}, RemoteAddr: "127.0.0.1:1", Host: "localhost", Body: http.NoBody}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(context.Background()))
		if w.Code >= 300 && w.Code < 400 || strings.HasPrefix(u.Path, "/docs") {
			return // sent to a clean path, or a file of the documentation
		}
		if u.Path == "/metrics" {
			return // not served here: 503
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || strings.HasPrefix(u.Path, "/assets/") {
			return // a page: FuzzPages
		}
		answered(t, w)
	})
}

// No body of events is answered by a fault, and none that is taken breaks the
// table that it becomes part of.
func FuzzEvents(f *testing.F) {
	f.Add([]byte(`[{"meter":"E1","time":"2023-06-01T09:30:00+08:00","event":"swap","final":4711.5,"initial":0,"note":"a,\"b\"\n"}]`))
	f.Add([]byte(`[{"meter":"E1","time":"2023-06-01T09:30:00+08:00","event":"multiplier","multiplier":1e-3},{"meter":"E1","time":"2023-06-01T09:30:00+08:00","event":"multiplier","multiplier":2}]`))
	f.Add([]byte(`[{"meter":"E1","time":"2023-06-01T09:30:00Z","event":"reset","final":-0e9999,"note":"\u0000\r"}]`))
	f.Add([]byte(`[null,{}]`))
	config := newConfig(f)
	config.Desk = &fakeDesk{ImportFunc: func(_ context.Context, tables registry.Tables, _ bool) (admin.Imported, error) {
		reg, err := registry.Build(tablesOf(school).Merge(tables), registry.Options{})
		if err == nil && len(reg.Events) == 0 {
			panic("events were taken, and none came")
		}
		return admin.Imported{}, err
	}}
	h := serve(f, config)
	f.Fuzz(func(t *testing.T, body []byte) {
		answered(t, call(t, h, http.MethodPost, "/api/v1/events", bytes.NewReader(body), "Content-Type", "application/json"))
	})
}

// No archive is answered by a fault.
func FuzzImport(f *testing.F) {
	f.Add(archive(f, school))
	f.Add(archive(f, map[string]string{"a/meters.csv": "id\n", "__MACOSX/x": ""}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte{})
	config := newConfig(f)
	config.Desk = &fakeDesk{ImportFunc: func(_ context.Context, tables registry.Tables, _ bool) (admin.Imported, error) {
		_, err := registry.Build(tables, registry.Options{})
		return admin.Imported{}, err
	}}
	h := serve(f, config)
	f.Fuzz(func(t *testing.T, body []byte) {
		answered(t, call(t, h, http.MethodPut, "/api/v1/registry", bytes.NewReader(body), "Content-Type", "application/zip"))
	})
}
