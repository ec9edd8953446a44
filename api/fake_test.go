package api_test

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jouleline/api"
	"jouleline/api/admin"
	"jouleline/api/monitor"
	"jouleline/api/problem"
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// The mocks have a function for each method; nil answers nothing.

type fakeWorld struct {
	RegistryFunc   func(context.Context) (*registry.Registry, error)
	RegistryAtFunc func(context.Context, schema.Instant) (*registry.Registry, error)
	NumberFunc     func(string) (int32, bool)
}

func (f *fakeWorld) Registry(ctx context.Context) (*registry.Registry, error) {
	return f.RegistryFunc(ctx)
}

func (f *fakeWorld) RegistryAt(ctx context.Context, at schema.Instant) (*registry.Registry, error) {
	if f.RegistryAtFunc == nil {
		return f.RegistryFunc(ctx)
	}
	return f.RegistryAtFunc(ctx, at)
}

func (f *fakeWorld) Number(meter string) (int32, bool) { return f.NumberFunc(meter) }

type fakeBooks struct {
	PointsFunc func(context.Context, []posting.Stretch, schema.Instant) ([]posting.Reading, error)
	CodesFunc  func(context.Context, []int32, schema.Instant, schema.Instant) ([]posting.Code, error)
	BookedFunc func(context.Context, []int32, schema.Validity, schema.Instant) ([]posting.Entry, error)
	UsageFunc  func(context.Context, indicator.UsageQuery) ([]indicator.Usage, error)
}

func (f *fakeBooks) Points(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error) {
	if f.PointsFunc == nil {
		return nil, nil
	}
	return f.PointsFunc(ctx, stretches, knownAt)
}

func (f *fakeBooks) EachMeter(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant, visit func([]posting.Reading) error) error {
	readings, err := f.Points(ctx, stretches, knownAt)
	if err != nil {
		return err
	}
	return posting.EachMeter(readings, visit)
}

func (f *fakeBooks) Latest(ctx context.Context, meters []int32) (known []posting.Known, err error) {
	stretches := make([]posting.Stretch, len(meters))
	for i, meter := range meters {
		stretches[i] = posting.Stretch{Meter: meter, From: schema.MinInstant, To: schema.MaxInstant}
	}
	err = f.EachMeter(ctx, stretches, 0, func(r []posting.Reading) error {
		known = append(known, posting.Known{Meter: r[0].Meter, First: r[0].Time, Seen: r[len(r)-1].Time})
		return nil
	})
	return known, err
}

func (f *fakeBooks) Codes(ctx context.Context, meters []int32, from, to schema.Instant) ([]posting.Code, error) {
	if f.CodesFunc == nil {
		return nil, nil
	}
	return f.CodesFunc(ctx, meters, from, to)
}

func (f *fakeBooks) Booked(ctx context.Context, meters []int32, days schema.Validity, knownAt schema.Instant) ([]posting.Entry, error) {
	if f.BookedFunc == nil {
		return nil, nil
	}
	return f.BookedFunc(ctx, meters, days, knownAt)
}

func (f *fakeBooks) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	if f.UsageFunc == nil {
		return nil, nil
	}
	return f.UsageFunc(ctx, q)
}

type fakeRejects struct {
	RejectedFunc func(context.Context, int64, int) ([]monitor.Reject, error)
	CountsFunc   func(context.Context) (map[schema.Code]int64, error)
	ParkedFunc   func(context.Context) (map[string]int64, error)
}

func (f *fakeRejects) Rejected(ctx context.Context, after int64, limit int) ([]monitor.Reject, error) {
	if f.RejectedFunc == nil {
		return nil, nil
	}
	return f.RejectedFunc(ctx, after, limit)
}

func (f *fakeRejects) RejectedCounts(ctx context.Context) (map[schema.Code]int64, error) {
	if f.CountsFunc == nil {
		return nil, nil
	}
	return f.CountsFunc(ctx)
}

func (f *fakeRejects) ParkedMeters(ctx context.Context) (map[string]int64, error) {
	if f.ParkedFunc == nil {
		return nil, nil
	}
	return f.ParkedFunc(ctx)
}

type fakeDesk struct {
	ImportFunc    func(context.Context, registry.Tables, bool) (admin.Imported, error)
	RecomputeFunc func(context.Context, []string, schema.Validity, bool) (int, error)
	ReplayFunc    func(context.Context, admin.Replay) (admin.Replayed, error)
}

func (f *fakeDesk) Import(ctx context.Context, tables registry.Tables, dryRun bool) (admin.Imported, error) {
	return f.ImportFunc(ctx, tables, dryRun)
}

func (f *fakeDesk) Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (int, error) {
	return f.RecomputeFunc(ctx, meters, days, dryRun)
}

func (f *fakeDesk) Replay(ctx context.Context, q admin.Replay) (admin.Replayed, error) {
	return f.ReplayFunc(ctx, q)
}

// schoolStream has the meter's last reading, and one that waits.
type schoolStream struct{ last schema.Instant }

func (s schoolStream) Latest(_ context.Context, meters []int32) (known []posting.Known, err error) {
	if slices.Contains(meters, 0) {
		known = append(known, posting.Known{Meter: 0, Seen: s.last})
	}
	return known, nil
}

func (s schoolStream) CodeCounts(context.Context, []int32, schema.Instant, schema.Instant) ([]posting.CodeCount, error) {
	return []posting.CodeCount{{Code: schema.Duplicate, Readings: 1, Meters: 1}}, nil
}

// reasons is a Health that gives them.
type reasons []string

func (r reasons) NotReady(context.Context) []string { return r }

// school is a world small enough to check by hand: one school, one meter, seven
// readings, and declared figures of 2020 and 2023.
var school = map[string]string{
	"regions.csv":      "code,name,parent\n370000,山东省,\n370100,济南市,370000\n370102,历下区,370100\n",
	"institutions.csv": "id,name,class,region\nS1,第一中学,education,370102\n",
	"buildings.csv":    "id,institution,name\nS1-B1,S1,教学楼\n",
	"floor_area.csv":   "building,valid_from,area_m2\nS1-B1,2020-01-01,10000\nS1-B1,2023-07-01,12000\n",
	"headcount.csv":    "institution,valid_from,people\nS1,2020-01-01,1000\nS1,2023-01-01,1100\n",
	"meters.csv": "id,building,carrier,use,kind,unit,multiplier,register_max,max_rate,interval,gap_limit\n" +
		"E1,S1-B1,electricity,building,register,kWh,1,99999.99,60,PT1H,PT3H\n",
	"declared.csv": "scope,id,year,quantity,unit,value,source\n" +
		"institution,S1,2020,electricity,kWh,500000,NY301\ninstitution,S1,2020,water,m3,12000,NY301\n" +
		"institution,S1,2020,gasoline:vehicle,L,2000,NY301\ninstitution,S1,2023,electricity,kWh,520000,NY301\n" +
		"institution,S1,2023,water,m3,12100,NY301\ninstitution,S1,2023,gasoline:vehicle,L,1500,NY301\n",
}

func tablesOf(text map[string]string) registry.Tables {
	tables := registry.Tables{}
	for name, content := range text {
		tables[name] = []byte(content)
	}
	return tables
}

func build(tb testing.TB, text map[string]string) *registry.Registry {
	tb.Helper()
	reg, err := registry.Build(tablesOf(text), registry.Options{})
	if err != nil {
		tb.Fatalf("registry: %v", err)
	}
	return reg
}

// schoolReadings are the seven readings in the order in which they came, each
// recorded a second after the other.
func schoolReadings(tb testing.TB) []posting.Reading {
	var list []posting.Reading
	for i, r := range []struct{ time, value string }{
		{"2023-05-01T22:00:00+08:00", "100.00"}, {"2023-05-01T23:00:00+08:00", "103.00"}, {"2023-05-02T01:00:00+08:00", "109.00"},
		{"2023-05-02T02:00:00+08:00", "112.50"}, {"2023-05-02T00:00:00+08:00", "105.50"}, {"2023-05-02T01:00:00+08:00", "109.00"},
		{"2023-05-02T02:00:00+08:00", "113.00"},
	} {
		q, _, err := schema.ParseQuantity(r.value)
		if err != nil {
			tb.Fatal(err)
		}
		came := at(tb, "2023-05-02T03:00:00+08:00") + schema.Instant(i)*1000
		list = append(list, posting.Reading{Meter: 0, Recorded: came, Point: books.Point{
			Time: at(tb, r.time), Received: came, Value: q, Unit: schema.KilowattHour, Kind: schema.Register,
		}})
	}
	list[6].Revision = 1
	return list
}

func at(tb testing.TB, text string) schema.Instant {
	tb.Helper()
	t, err := schema.ParseInstant(text)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// schoolBooks answers from the school's readings.
func schoolBooks(tb testing.TB, reg *registry.Registry) *fakeBooks {
	return booksOf(reg, []string{"E1"}, schoolReadings(tb))
}

// booksOf judges readings of meters, which are numbered in the order of their
// ids, as many of them as are recorded by a moment, and answers from that.
func booksOf(reg *registry.Registry, ids []string, stored []posting.Reading) *fakeBooks {
	known := func(knownAt schema.Instant) (found []posting.Reading) {
		for _, r := range stored {
			if knownAt == 0 || r.Recorded <= knownAt {
				found = append(found, r)
			}
		}
		slices.SortFunc(found, func(a, b posting.Reading) int {
			return cmp.Or(cmp.Compare(a.Meter, b.Meter), books.Compare(&a.Point, &b.Point))
		})
		return found
	}
	judge := func(knownAt schema.Instant) (list []posting.Entry) {
		points := make([][]books.Point, len(ids))
		for _, r := range known(knownAt) {
			points[r.Meter] = append(points[r.Meter], r.Point)
		}
		for meter, id := range ids {
			zone := calendar.NewZone(reg.Zone(id))
			facts := books.Compile(reg.MeterVersions(id), reg.EventsOf(id), zone)
			for _, e := range books.Entries(books.Judge(facts, books.Resolve(points[meter]), false, schema.MaxInstant).Spans, zone) {
				list = append(list, posting.Entry{Meter: int32(meter), Entry: e})
			}
		}
		return list
	}
	now := sync.OnceValue(func() []posting.Entry { return judge(0) })
	entries := func(knownAt schema.Instant) []posting.Entry {
		if knownAt == 0 {
			return now()
		}
		return judge(knownAt)
	}
	return &fakeBooks{
		PointsFunc: func(_ context.Context, stretches []posting.Stretch, knownAt schema.Instant) (found []posting.Reading, err error) {
			for _, r := range known(knownAt) {
				for _, s := range stretches {
					if s.Meter == r.Meter && s.From <= r.Time && r.Time <= s.To {
						found = append(found, r)
					}
				}
			}
			return found, nil
		},
		BookedFunc: func(_ context.Context, meters []int32, days schema.Validity, knownAt schema.Instant) (found []posting.Entry, err error) {
			for _, e := range entries(knownAt) {
				if days.Contains(e.Day) && slices.Contains(meters, e.Meter) {
					found = append(found, e)
				}
			}
			return found, nil
		},
		UsageFunc: func(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
			var list []indicator.Usage
			for _, e := range entries(q.KnownAt) {
				m := reg.MeterVersions(ids[e.Meter])[0]
				owner, _ := reg.Owner(m.Building)
				if e.Day < q.From || e.Day >= q.To || q.Institutions != nil && !slices.Contains(q.Institutions, owner) {
					continue
				}
				i := slices.IndexFunc(list, func(u indicator.Usage) bool {
					return u.Institution == owner && u.Carrier == m.Carrier && u.Use == m.Use
				})
				if i < 0 {
					i = len(list)
					list = append(list, indicator.Usage{Institution: owner, Carrier: m.Carrier, Use: m.Use})
				}
				u := &list[i]
				u.Quantity, u.Estimated, u.Known = u.Quantity+e.Quantity, u.Estimated+e.Estimated, u.Known+e.Known
			}
			list = slices.DeleteFunc(list, func(u indicator.Usage) bool { return u.Known == 0 })
			slices.SortStableFunc(list, func(a, b indicator.Usage) int { return cmp.Compare(a.Institution, b.Institution) })
			return list, nil
		},
	}
}

// clock is when the tests are.
var clock = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// newConfig is a server for the school.
func newConfig(tb testing.TB) api.Config {
	tb.Helper()
	reg := build(tb, school)
	return api.Config{
		World: &fakeWorld{
			RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
			NumberFunc:   func(meter string) (int32, bool) { return 0, meter == "E1" },
		},
		Books: schoolBooks(tb, reg), Rejects: &fakeRejects{}, Desk: &fakeDesk{}, Health: reasons(nil),
		Stream:  schoolStream{at(tb, "2023-05-02T02:00:00+08:00")},
		Archive: &fakeArchive{}, Verifier: &fakeVerifier{}, Forms: fakeForms{},
		Now: func() time.Time { return clock },
	}
}

// serve makes a server of a configuration.
func serve(tb testing.TB, config api.Config) http.Handler {
	tb.Helper()
	s, err := api.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Handler()
}

// call sends a request from the same machine.
func call(tb testing.TB, h http.Handler, method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequest(method, target, body)
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "127.0.0.1:8080"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(tb testing.TB, h http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	return call(tb, h, http.MethodGet, target, nil, headers...)
}

// decode reads an answer, refusing fields that its type does not have.
func decode[T any](tb testing.TB, w *httptest.ResponseRecorder) T {
	tb.Helper()
	var answer T
	if w.Code != http.StatusOK {
		tb.Fatalf("got status %d, want 200: %s", w.Code, w.Body)
	}
	d := json.NewDecoder(w.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&answer); err != nil {
		tb.Fatal(err)
	}
	return answer
}

// refused expects a problem with a status and a text in its detail.
func refused(tb testing.TB, w *httptest.ResponseRecorder, status int, texts ...string) problem.Problem {
	tb.Helper()
	var p problem.Problem
	if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
		tb.Errorf("got status %d, %s, want %d as a problem: %s", w.Code, w.Header().Get("Content-Type"), status, w.Body)
		return p
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		tb.Errorf("problem: %v: %s", err, w.Body)
	}
	if p.Status != status || p.Title != http.StatusText(status) || p.Type != "about:blank" || p.Code == "" {
		tb.Errorf("got problem %+v, want status %d, its title and a code", p, status)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			tb.Errorf("got %s, want %q in it", w.Body, text)
		}
	}
	return p
}

type responseRecorder = httptest.ResponseRecorder

// newRequest makes a GET from the same machine with a context.
func newRequest(ctx context.Context, target string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "127.0.0.1:8080"
	return r
}

// record answers a request.
func record(h http.Handler, r *http.Request) *responseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
