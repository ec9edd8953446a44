package promql

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jouleline/schema"
)

// oneSeries is a source with one gauge that holds over one day.
type oneSeries struct{}

var oneFamily = Family{Name: "g", Type: Gauge, Help: "A gauge", Labels: []string{"a"}}

func (oneSeries) Families() []Family { return []Family{oneFamily} }

func (oneSeries) Series(_ context.Context, q Listing, yield func(Labels) bool) error {
	if l := LabelsOf("a", "b"); q.Matches(l) {
		yield(l)
	}
	return nil
}

func (oneSeries) Select(_ context.Context, s Selection) ([]Series, error) {
	var c Course
	c.Hold(0, schema.Instant(24*schema.Hour), 1)
	if l := LabelsOf("a", "b"); s.Matches(l) {
		return []Series{c.Series(l)}, nil
	}
	return nil, nil
}

func handlerOf(tb testing.TB) http.Handler {
	tb.Helper()
	h, err := New(Config{Source: oneSeries{}, Limits: Limits{Timeout: time.Second, Points: 50, Samples: 10_000, Steps: 1000}, Now: func() time.Time { return time.Unix(3600, 0) }})
	if err != nil {
		tb.Fatal(err)
	}
	mux := http.NewServeMux()
	for path, f := range map[string]http.HandlerFunc{
		"query": h.Query, "query_range": h.QueryRange, "series": h.Series, "labels": h.LabelNames, "label/{name}/values": h.LabelValues,
		"metadata": h.Metadata, "status/buildinfo": h.Build,
	} {
		mux.HandleFunc("/"+path, f)
	}
	return mux
}

func TestForm_Moments(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		got := "refused"
		if at, err := parseTime(text); err == nil {
			got = at.UTC().Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	f("1682870833", "2023-04-30T16:07:13Z")
	f("1682870833.25", "2023-04-30T16:07:13.25Z")
	f("1682870833.0004", "2023-04-30T16:07:13Z") // to the millisecond
	f("-1", "1969-12-31T23:59:59Z")
	f("2023-05-01T00:07:13+08:00", "2023-04-30T16:07:13Z")
	f("NaN", "refused")
	f("Inf", "refused")
	f("1e300", "refused")
	f("9999-01-01T00:00:00Z", "refused")
	f("yesterday", "refused")
	f("", "refused")
}

func TestForm_Durations(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		got := "refused"
		if d, err := parseDuration(text); err == nil {
			got = d.String()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	f("90", "1m30s")
	f("0.5", "500ms")
	f("1h30m", "1h30m0s")
	f("1w", "168h0m0s")
	f("-5", "-5s") // whoever wants none refuses it
	f("1e19", "refused")
	f("NaN", "refused")
	f("-1h", "refused")
	f("1 h", "refused")
}

// Whatever is asked, the answer is Prometheus' envelope, and no fault.
func FuzzForm(f *testing.F) {
	for _, seed := range [][2]string{
		{"query", "query=g&time=3600.5"}, {"query", "query=sum+by(a)(rate(g[1h]))&time=1970-01-01T08:00:00%2B08:00&timeout=1s&limit=1&lookback_delta=5m"},
		{"query_range", "query=g&start=0&end=90000&step=1h"}, {"query_range", "query=1&start=-8589934592&end=34359738368&step=1e9"},
		{"query_range", "query=g[5m:1m]&start=1&end=0&step=-0"}, {"query", "query=%00&time=NaN"}, {"query", "query=" + strings.Repeat("(", 500)},
		{"series", "match[]=g&match[]={a=~\"b|\"}&start=x"}, {"labels", "match[]={}&limit=-1"}, {"label/a/values", "limit=1&match[]=g"},
		{"label/%ff/values", ""}, {"metadata", "metric=g&limit=0"}, {"status/buildinfo", "a=%zz"},
	} {
		f.Add(seed[0], seed[1], true)
		f.Add(seed[0], seed[1], false)
	}
	h := handlerOf(f)
	f.Fuzz(func(t *testing.T, path, form string, post bool) {
		u := url.URL{Path: "/" + strings.TrimPrefix(path, "/"), RawQuery: form}
		r := &http.Request{Method: http.MethodGet, URL: &u, Header: http.Header{}, Body: http.NoBody, Host: "localhost"}
		if post {
			u.RawQuery = ""
			r = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
			r.URL = &u
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code == http.StatusNotFound || w.Code >= 300 && w.Code < 400 {
			return // no path of the API, or sent to a clean one
		}
		var e envelope
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
			t.Fatalf("got %q, want JSON: %v", w.Body, err)
		}
		if isGood := w.Code == http.StatusOK; isGood != (e.Status == "success") || isGood != (e.Error == "") || isGood != (e.ErrorType == "") || w.Code == http.StatusInternalServerError {
			t.Errorf("got status %d with %s", w.Code, w.Body)
		}
	})
}

// A subquery of more steps than a machine has room for is refused, however it is
// hidden, before the engine makes the room.
func TestQuery_SubquerySteps(t *testing.T) {
	h := handlerOf(t) // 1,000 steps
	f := func(path, query string, isGood bool) {
		t.Helper()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+path+"&query="+url.QueryEscape(query), nil))
		if isGood != (w.Code == http.StatusOK) || !isGood && (w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "steps of subqueries, want at most 1000")) {
			t.Errorf("%s %s: got status %d: %.300s", path, query, w.Code, w.Body)
		}
	}
	const once, thrice = "query?time=3600", "query_range?start=0&end=7200&step=3600"
	f(once, "g[5y:1ms]", false)
	f(once, "max_over_time(vector(1)[290y:1ms])", false)
	f(once, "1 + max_over_time(max_over_time(g[1h:1m])[5y:1ms] offset 1d)", false)
	f(once, "max_over_time(max_over_time(g[5y:1ms] @ 5)[1h:1m])", false)
	f(once, "max_over_time(max_over_time(g[200y:1ms])[200y:50y])", false) // 400 years
	f(once, "max_over_time(g[1s:0.0099])", true)
	f(once, "max_over_time(g[0.01:0.0001])", false)
	f(once, "max_over_time(g[12h])", true)
	f(once, "max_over_time(g[15h:1m])", true)
	f(once, "max_over_time(g[17h:1m])", false)
	f(once, "max_over_time(g[17h:])", false)
	f(once, "max_over_time(g[10h:1m]) + max_over_time(g[10h:1m])", false) // together
	f(once, "max_over_time(max_over_time(g[10h:1m])[8h:1m])", false)      // the inner one takes 18 hours
	f(thrice, "max_over_time(g[14h:1m])", true)
	f(thrice, "max_over_time(g[15h:1m])", false) // and two of the stretch
	f(thrice, "max_over_time(g[15h:1m] @ 3600)", true)
}

// What the selectors of a query find is held until all of them are read, so it is
// bounded together.
func TestQuery_SelectorsHoldTogether(t *testing.T) {
	h := handlerOf(t) // 10,000 samples; g has one and a stale marker, and its labels count as 25
	f := func(selectors int, isGood bool) {
		t.Helper()
		query := strings.Repeat("g+", selectors-1) + "g"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/query?time=3600&query="+url.QueryEscape(query), nil))
		if isGood != (w.Code == http.StatusOK) || !isGood && (w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "asks for too much")) {
			t.Errorf("%d selectors: got status %d: %.300s", selectors, w.Code, w.Body)
		}
	}
	f(10_000/27, true)
	f(10_000/27+1, false)
}
