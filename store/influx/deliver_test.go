package influx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/calendar"
	"jouleline/schema/factor"
	"jouleline/store"
	"jouleline/store/influx/influxtest"
)

// jumpClock is a clock that does not wait: it jumps, and notes how far.
type jumpClock struct {
	mu    sync.Mutex // guards what follows, while somebody waits
	now   time.Time
	waits []time.Duration
}

func (c *jumpClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *jumpClock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return ctx.Err()
}

func newDelivery(t *testing.T, url string) (*delivery, *jumpClock) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "books")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	factors, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	clock := &jumpClock{now: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}
	p, err := New(Config{
		URL: url, Org: influxtest.Org, Bucket: influxtest.Bucket, Token: influxtest.Token, Step: calendar.HourStep,
		BatchPoints: 100, Store: s, Factors: factors, MinCoverage: big.NewRat(95, 100), Clock: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p.delivery, clock
}

// Points that are malformed, of another type or beyond the retention stand alone in
// the end: each of them is kept with its reason, and each other one is written.
func TestDelivery_IsolatesWhatIsRefused(t *testing.T) {
	random := chance.Random(t)
	fake := influxtest.New(t)
	fake.Put(t, "other f=1i 0")
	fake.Retain(time.Unix(1000, 0))
	d, _ := newDelivery(t, fake.URL)
	var lines []string
	good, bad := map[string]bool{}, map[string]string{} // line -> what its reason must hold
	for i := range 1000 {
		at := 1000 + i
		switch random.IntN(30) {
		case 0:
			line := fmt.Sprintf(`m,meter=%d\ f=1 %d`, i, at) // the backslash swallows the space
			lines, bad[line] = append(lines, line), "unable to parse"
		case 1:
			line := fmt.Sprintf("other f=1.5 %d", at)
			lines, bad[line] = append(lines, line), "field type conflict"
		case 2:
			line := fmt.Sprintf("m,meter=%d f=1 %d", i, i%1000)
			lines, bad[line] = append(lines, line), "beyond retention"
		default:
			line := fmt.Sprintf("m,meter=%d f=1 %d", i, at)
			lines, good[fmt.Sprintf("m,meter=%d %d", i, at)] = append(lines, line), true
		}
	}
	if err := d.send(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
	points := fake.Points()
	delete(points, "other 0")
	for key := range good {
		if points[key] == nil {
			t.Errorf("lacks %s", key)
		}
	}
	if len(points) != len(good) {
		t.Errorf("got %d points, want %d", len(points), len(good))
	}
	kept, err := d.config.Store.RefusedPoints(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range kept {
		if want, ok := bad[r.Line]; !ok || !strings.Contains(r.Reason, want) || (r.Status != 400 && r.Status != 422) {
			t.Errorf("kept %q with status %d and reason %q, want %q", r.Line, r.Status, r.Reason, want)
		}
		delete(bad, r.Line)
	}
	if len(bad) > 0 {
		t.Errorf("not kept: %v", bad)
	}
}

// Where the answer says that all of a batch was dropped, it is not halved.
func TestDelivery_DoesNotHalveWhatIsDroppedWhole(t *testing.T) {
	fake := influxtest.New(t)
	fake.Retain(time.Unix(1_000_000, 0))
	d, _ := newDelivery(t, fake.URL)
	var lines []string
	for i := range 250 {
		lines = append(lines, fmt.Sprintf("m f=1 %d", i))
	}
	if err := d.send(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
	if got := fake.Writes(); got != 3 {
		t.Errorf("got %d requests for three batches", got)
	}
	if kept, err := d.config.Store.RefusedPoints(t.Context(), 0, 1000); err != nil || len(kept) != 250 {
		t.Errorf("got %d points kept and %v, want 250", len(kept), err)
	}
}

// A body that is too large is halved until it fits.
func TestDelivery_HalvesWhatIsTooLarge(t *testing.T) {
	fake := influxtest.New(t)
	fake.LimitBody(300)
	d, _ := newDelivery(t, fake.URL)
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("measurement,tag=%d f=1 %d", i, i))
	}
	if err := d.send(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
	if got := len(fake.Points()); got != 100 {
		t.Errorf("got %d points, want 100", got)
	}
}

// What a server does not take in time is sent in smaller requests, until it does.
func TestDelivery_HalvesWhatTakesTooLong(t *testing.T) {
	fake := influxtest.New(t)
	fake.Slow(10, 5*time.Second)
	d, clock := newDelivery(t, fake.URL)
	d.client = newClient(&Config{URL: fake.URL, Org: influxtest.Org, Bucket: influxtest.Bucket, Token: influxtest.Token, timeout: 100 * time.Millisecond})
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("m f=1 %d", i))
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := d.send(ctx, lines); err != nil {
		t.Fatal(err)
	}
	if got := len(fake.Points()); got != 100 || len(clock.waits) == 0 {
		t.Errorf("got %d points after %d pauses, want 100", got, len(clock.waits))
	}
	if kept, err := d.config.Store.RefusedPoints(t.Context(), 0, 10); err != nil || len(kept) > 0 {
		t.Errorf("refused: got %d points and %v, want none", len(kept), err)
	}
}

// An hour without InfluxDB, a wrong token, a missing bucket and a busy server all
// end in the points being there; pauses grow to a minute, and keep to Retry-After.
func TestDelivery_OutlivesAnOutage(t *testing.T) {
	fake := influxtest.New(t)
	d, clock := newDelivery(t, fake.URL)
	began := clock.Now()
	for _, f := range []influxtest.Failure{{}, {Status: 401}, {Status: 403}, {Status: 404}, {Status: 500}, {Status: 503}} {
		until := clock.Now().Add(time.Hour)
		fake.Fail(func() *influxtest.Failure {
			if clock.Now().Before(until) {
				return &f
			}
			return nil
		})
		clock.waits = nil
		if err := d.send(t.Context(), []string{fmt.Sprintf("m,status=%d f=1 1", f.Status)}); err != nil {
			t.Fatal(err)
		}
		if n := len(clock.waits); clock.waits[0] != firstPause || slices.Max(clock.waits) != longPause || n > 70 {
			t.Errorf("status %d: got %d pauses, %v to %v", f.Status, n, clock.waits[0], slices.Max(clock.waits))
		}
	}
	if got := len(fake.Points()); got != 6 || clock.Now().Sub(began) < 6*time.Hour {
		t.Errorf("got %d points after %v, want 6 after six hours", got, clock.Now().Sub(began))
	}
	asked := 0
	fake.Fail(func() *influxtest.Failure {
		if asked++; asked == 1 {
			return &influxtest.Failure{Status: 429, RetryAfter: 90}
		}
		return nil
	})
	clock.waits = nil
	if err := d.send(t.Context(), []string{"m f=1 1"}); err != nil || !slices.Equal(clock.waits, []time.Duration{90 * time.Second}) {
		t.Errorf("got pauses %v and %v, want Retry-After's 90 s", clock.waits, err)
	}
}

// An answer that is not about the points refuses none of them: where a proxy or a
// server of another kind answers, where the organization is not named, and where a
// redirection makes a question of the write, they wait.
func TestDelivery_RefusesNothingForTheRequest(t *testing.T) {
	lines := []string{"m f=1 1", "m f=1 2", "m f=1 3"}
	check := func(what string, fake *influxtest.Server, d *delivery, clock *jumpClock) {
		t.Helper()
		if err := d.send(t.Context(), lines); err != nil {
			t.Fatal(err)
		}
		kept, err := d.config.Store.RefusedPoints(t.Context(), 0, 10)
		if err != nil || len(kept) > 0 || len(fake.Points()) != len(lines) || len(clock.waits) == 0 {
			t.Errorf("%s: got %d points after %d pauses, %d refused and %v, want all points and none refused", what, len(fake.Points()), len(clock.waits), len(kept), err)
		}
	}
	for _, status := range []int{400, 422} {
		fake := influxtest.New(t)
		d, clock := newDelivery(t, fake.URL)
		until := clock.Now().Add(time.Minute)
		fake.Fail(func() *influxtest.Failure {
			if clock.Now().Before(until) {
				return &influxtest.Failure{Status: status, Foreign: true}
			}
			return nil
		})
		check(fmt.Sprintf("a foreign %d", status), fake, d, clock)
	}

	fake := influxtest.New(t)
	nobodys, clock := newDelivery(t, fake.URL)
	nobodys.client = newClient(&Config{URL: fake.URL, Bucket: influxtest.Bucket, Token: influxtest.Token})
	nobodys.waiting = func(context.Context) { // somebody mends the configuration
		nobodys.client = newClient(&Config{URL: fake.URL, Org: influxtest.Org, Bucket: influxtest.Bucket, Token: influxtest.Token})
	}
	check("no organization", fake, nobodys, clock)

	fake = influxtest.New(t)
	astray, clock := newDelivery(t, fake.URL)
	login := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/login" {
			http.Redirect(w, r, "/login", http.StatusFound)
		}
	}))
	t.Cleanup(login.Close)
	right := astray.client
	astray.client = newClient(&Config{URL: login.URL, Org: influxtest.Org, Bucket: influxtest.Bucket, Token: influxtest.Token})
	astray.waiting = func(context.Context) { astray.client = right }
	check("a login page", fake, astray, clock)
}

// A stop in the middle of an outage ends at once, and nothing is refused by it.
func TestDelivery_Stops(t *testing.T) {
	fake := influxtest.New(t)
	d, _ := newDelivery(t, fake.URL)
	ctx, stop := context.WithCancel(t.Context())
	asked := 0
	fake.Fail(func() *influxtest.Failure {
		if asked++; asked == 3 {
			stop()
		}
		return &influxtest.Failure{Status: 503}
	})
	if err := d.send(ctx, []string{"m f=1 1"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// The token is in no log, whatever fails.
func TestDelivery_NeverLogsTheToken(t *testing.T) {
	fake := influxtest.New(t)
	d, clock := newDelivery(t, fake.URL)
	var text strings.Builder
	d.config.Log = slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d.client.org = "another" // deletions find no organization
	until := clock.Now().Add(time.Minute)
	fake.Fail(func() *influxtest.Failure {
		if clock.Now().Before(until) {
			return &influxtest.Failure{Status: 401}
		}
		return nil
	})
	if err := d.send(t.Context(), []string{"m f=1 1", "bad line"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "denied") || strings.Contains(text.String(), influxtest.Token) {
		t.Errorf("got log %s", &text)
	}
}

func TestConfig_Refuses(t *testing.T) {
	f := func(change func(*Config), text string) {
		t.Helper()
		d, _ := newDelivery(t, "http://127.0.0.1:1")
		config := *d.config
		change(&config)
		if _, err := New(config); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), text) {
			t.Errorf("got %v, want %q", err, text)
		}
	}
	f(func(c *Config) { c.URL = "influx:8086" }, "http://host:port")
	f(func(c *Config) { c.URL = "http://user:secret@127.0.0.1" }, "token apart")
	f(func(c *Config) { c.Bucket = "" }, "bucket")
	f(func(c *Config) { c.Step = calendar.DayStep }, "PT15M or PT1H")
	f(func(c *Config) { c.Store = nil }, "required")
}

func TestErasure_QuotesIDs(t *testing.T) {
	e := whole("m", "meter", `a"b'c\`)
	if got, want := e.predicate(), `_measurement="m" AND meter="a\"b'c\\"`; got != want {
		t.Errorf("predicate: got %s, want %s", got, want)
	}
	e.step = "P1M"
	if got, want := e.query(), `DELETE FROM "m" WHERE "meter" = 'a"b\'c\\' AND step = 'P1M' AND time >= '1900-01-01T00:00:00Z' AND time < '2200-01-01T00:00:00Z'`; got != want {
		t.Errorf("query: got %s, want %s", got, want)
	}
}

// An answer of InfluxDB that is no JSON, or none at all, is an error and no panic.
func FuzzQueryError(f *testing.F) {
	for _, seed := range []string{`{"results":[{"statement_id":0}]}`, `{"error":"x"}`, `{"results":[{"error":"x"}]}`, ``, `[]`, `<html>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if err := queryError(strings.NewReader(body)); err == nil && !strings.HasPrefix(strings.TrimSpace(body), "{") && strings.TrimSpace(body) != "null" {
			t.Errorf("got no error for %q", body)
		}
	})
}
