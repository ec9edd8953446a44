package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jouleline/api"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// granted is an Authorizer that gives the same to everybody.
type granted struct {
	grant api.Grant
	err   error
}

func (g granted) Authorize(*http.Request) (api.Grant, error) { return g.grant, g.err }

// scopes repeats the table of routes by hand: a route that moves from one scope
// to another is meant to be noticed.
var scopes = map[string]api.Scope{
	"GET /{$}": api.Read, "GET /region/{id}": api.Read, "GET /region/{id}/path": api.Read, "GET /region/{id}/institutions": api.Read,
	"GET /region/{id}/quality": api.Read, "GET /institution/{id}": api.Read, "GET /institution/{id}/quality": api.Read,
	"GET /building/{id}": api.Read, "GET /building/{id}/quality": api.Read, "GET /meter/{id}": api.Read, "GET /meter/{id}/readings": api.Read,
	"GET /explain": api.Read, "POST /mute": api.Read, "POST /unmute": api.Read, "GET /assets/{version}/{file}": api.Public, "GET /sign-in": api.Public, "POST /sign-in": api.Public, "POST /sign-out": api.Public,
	"GET /healthz": api.Public, "GET /readyz": api.Public, "GET /openapi.json": api.Public,
	"GET /docs": api.Public, "GET /docs/": api.Public, "GET /metrics": api.Read,
	"POST /peer/v1/{question}": api.Public,
	"POST /api/v1/readings":    api.Push, "POST /api/v2/write": api.Push,
	"GET /api/v1/readings": api.Read, "GET /api/v1/rules": api.Read, "GET /api/v1/consumption": api.Read, "GET /api/v1/indicators": api.Read,
	"GET /api/v1/progress": api.Read, "GET /api/v1/progress/breakdown": api.Read, "GET /api/v1/quality": api.Read,
	"GET /api/v1/plans": api.Read, "GET /api/v1/allocation": api.Read,
	"GET /api/v1/forecast": api.Read, "GET /api/v1/decomposition": api.Read, "GET /api/v1/benchmark": api.Read, "GET /api/v1/savings": api.Read, "GET /api/v1/anomalies": api.Read,
	"GET /api/v1/anomalies/mutes": api.Read, "POST /api/v1/anomalies/mutes": api.Read, "DELETE /api/v1/anomalies/mutes/{id}": api.Read,
	"GET /api/v1/explain": api.Read, "POST /api/v1/reports": api.Read, "GET /api/v1/reports": api.Read,
	"GET /api/v1/reports/{id}": api.Read, "GET /api/v1/reports/{id}/diff": api.Read,
	"GET /prometheus/api/v1/query": api.Read, "POST /prometheus/api/v1/query": api.Read,
	"GET /prometheus/api/v1/query_range": api.Read, "POST /prometheus/api/v1/query_range": api.Read,
	"GET /prometheus/api/v1/series": api.Read, "POST /prometheus/api/v1/series": api.Read,
	"GET /prometheus/api/v1/labels": api.Read, "POST /prometheus/api/v1/labels": api.Read,
	"GET /prometheus/api/v1/label/{name}/values": api.Read, "POST /prometheus/api/v1/label/{name}/values": api.Read,
	"GET /prometheus/api/v1/metadata": api.Read, "POST /prometheus/api/v1/metadata": api.Read,
	"GET /prometheus/api/v1/status/buildinfo": api.Read, "POST /prometheus/api/v1/status/buildinfo": api.Read,
	"GET /api/v1/forms/ny301": api.Read, "GET /api/v1/forms/summary": api.Read,
	"GET /api/v1/reports/midterm":  api.Read,
	"GET /api/v1/registry/{table}": api.Read, "GET /api/v1/rejected": api.Admin, "PUT /api/v1/registry": api.Admin,
	"GET /api/v1/tokens": api.Admin, "POST /api/v1/tokens": api.Admin, "DELETE /api/v1/tokens/{id}": api.Admin,
	"GET /api/v1/backup": api.Admin, "GET /api/v1/export": api.Admin,
	"POST /api/v1/events": api.Admin, "POST /api/v1/bills": api.Admin, "POST /api/v1/forms/ny301": api.Admin, "POST /api/v1/recompute": api.Admin, "POST /api/v1/replay": api.Admin, "POST /api/v1/verify": api.Admin,
	"GET /api/v1/influx": api.Admin, "GET /api/v1/influx/rejected": api.Admin, "POST /api/v1/influx/backfill": api.Admin,
}

// target gives a request for a pattern.
func target(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	return method, strings.NewReplacer("{$}", "", "{table}", "meters", "{id}", "E1", "{name}", "city", "{version}", "1", "{file}", "x.css").Replace(path)
}

func TestRoutes_DemandTheirScope(t *testing.T) {
	if got := len(api.Routes()); got != len(scopes) {
		t.Fatalf("got %d routes, want the %d that are listed here", got, len(scopes))
	}
	f := func(access api.Authorizer, allows func(demanded api.Scope) bool, refusedWith int) {
		t.Helper()
		config := newConfig(t)
		config.Access = access
		h := serve(t, config)
		for _, pattern := range api.Routes() {
			demanded, ok := scopes[pattern]
			if !ok {
				t.Errorf("%s: not listed here", pattern)
				continue
			}
			method, path := target(pattern)
			got := call(t, h, method, path, strings.NewReader("{}"), "Content-Type", "application/json").Code
			isRefused := got == 401 || got == 403
			if isRefused == allows(demanded) || isRefused && got != refusedWith {
				t.Errorf("%s, which demands %s, for %+v: got status %d", pattern, demanded, access, got)
			}
		}
	}
	public := func(demanded api.Scope) bool { return demanded == api.Public }
	f(granted{err: fmt.Errorf("token: %w", api.ErrUnauthorized)}, public, 401)
	f(granted{}, public, 403) // the zero grant allows nothing
	for _, scope := range []api.Scope{api.Push, api.Read, api.Admin} {
		f(granted{grant: api.Grant{Scope: scope}}, func(demanded api.Scope) bool {
			return demanded == api.Public || demanded == scope || scope == api.Admin
		}, 403)
	}
}

// county is two regions with an institution each.
var county = map[string]string{
	"regions.csv":      "code,name,parent\n370000,省,\n370100,甲市,370000\n370200,乙市,370000\n",
	"departments.csv":  "id,name\nedu,教育\n",
	"institutions.csv": "id,name,class,region,department\nA,甲,education,370100,edu\nB,乙,health,370200,\n",
	"buildings.csv":    "id,institution,name,time_zone\nA1,A,,\nB1,B,,\nB2,B,,Asia/Urumqi\n",
	"floor_area.csv":   "building,valid_from,area_m2\nA1,2020-01-01,100\nB1,2020-01-01,200\n",
	"headcount.csv":    "institution,valid_from,people\nA,2020-01-01,10\nB,2020-01-01,20\n",
	"meters.csv": "id,building,carrier,kind,unit,interval\n" +
		"a,A1,electricity,register,kWh,PT1H\nb,B1,electricity,register,kWh,PT1H\nb2,B2,electricity,register,kWh,PT1H\nw,B1,water,register,m3,PT1H\n",
}

// countyConfig is a server for the county. Every institution uses 24 kWh a day.
func countyConfig(tb testing.TB) api.Config {
	tb.Helper()
	config := newConfig(tb)
	reg := build(tb, county)
	numbers := map[string]int32{"a": 0, "b": 1, "b2": 2, "w": 3}
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { n, ok := numbers[meter]; return n, ok },
	}
	config.Books = &fakeBooks{UsageFunc: func(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
		days := int64(q.To - q.From)
		return []indicator.Usage{
			{Institution: 0, Carrier: schema.Electricity, Use: schema.ForBuilding, Quantity: schema.Quantity(days) * 24 * schema.Micro, Known: days * 24 * schema.Hour},
			{Institution: 1, Carrier: schema.Electricity, Use: schema.ForBuilding, Quantity: schema.Quantity(days) * 24 * schema.Micro, Estimated: schema.Quantity(days) * 6 * schema.Micro, Known: days * 24 * schema.Hour},
		}, nil
	}}
	return config
}

func TestAccess_LimitedCallersSeeTheirPartOnly(t *testing.T) {
	const stretch = "&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00"
	ask := map[string]func(about string) string{
		"anomalies":   func(about string) string { return "/api/v1/anomalies?" + about + stretch },
		"consumption": func(about string) string { return "/api/v1/consumption?carrier=electricity" + stretch + "&" + about },
		"quality":     func(about string) string { return "/api/v1/quality?" + about + stretch },
		"indicators":  func(about string) string { return "/api/v1/indicators?" + about + stretch },
		"progress":    func(about string) string { return "/api/v1/progress?year=2023&" + about },
		"breakdown":   func(about string) string { return "/api/v1/progress/breakdown?by=class&year=2023&" + about },
	}
	f := func(grant api.Grant, about string, allowed bool, questions ...string) {
		t.Helper()
		config := countyConfig(t)
		config.Access = granted{grant: grant}
		h := serve(t, config)
		for _, q := range questions {
			w := get(t, h, ask[q](about))
			if allowed && w.Code != 200 {
				t.Errorf("%+v: %s of %s: got status %d, want an answer: %s", grant, q, about, w.Code, w.Body)
			}
			if !allowed {
				refused(t, w, 403, "token")
			}
		}
	}
	all := []string{"anomalies", "consumption", "quality", "indicators", "progress", "breakdown"}
	fine := []string{"anomalies", "consumption", "quality"}
	city, school := api.Grant{Scope: api.Read, Region: "370100"}, api.Grant{Scope: api.Read, Institution: "A"}
	province := api.Grant{Scope: api.Read, Region: "370000"}
	f(city, "region=370100", true, all...)
	f(city, "institution=A", true, all...)
	f(city, "building=A1", true, fine...)
	f(city, "meter=a", true, fine...)
	f(city, "region=370000", false, all...)
	f(city, "region=370200", false, all...)
	f(city, "region=999999", false, all...)
	f(city, "institution=B", false, all...)
	f(city, "institution=nobody", false, all...)
	f(city, "building=B1", false, fine...)
	f(city, "meter=b", false, fine...)
	f(city, "meter=nothing", false, fine...)
	f(city, "class=education", false, all...)
	f(city, "department=edu", false, all...)
	f(school, "institution=A", true, all...)
	f(school, "meter=a", true, fine...)
	f(school, "institution=B", false, all...)
	f(school, "region=370100", false, all...)
	f(province, "region=370200", true, all...)
	f(province, "meter=b2", true, fine...)
	f(api.Grant{Scope: api.Read, Region: "370200", Institution: "A"}, "institution=A", false, all...)

	config := countyConfig(t)
	config.Access = granted{grant: city}
	h := serve(t, config)
	refused(t, get(t, h, "/api/v1/readings?meter=b"+stretch), 403)
	for _, whole := range []string{"/api/v1/registry/meters", "/metrics"} {
		refused(t, get(t, h, whole), 403, "of a part")
	}
	// What waits and was rejected is everybody's, so it is not told.
	if a := decode[api.QualityAnswer](t, get(t, h, ask["quality"]("institution=A"))); a.Parked != nil || a.Rejected != nil {
		t.Errorf("got parked %v and rejected %v, want neither", a.Parked, a.Rejected)
	}
}

func TestLoopback(t *testing.T) {
	f := func(remote, host string, allowed bool) {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr, r.Host = remote, host
		if g, err := (api.Loopback{}).Authorize(r); (err == nil && g.Scope == api.Admin) != allowed {
			t.Errorf("from %s to %s: got %+v, %v; want allowed %v", remote, host, g, err, allowed)
		}
	}
	f("127.0.0.1:5000", "127.0.0.1:8080", true)
	f("127.0.0.1:5000", "localhost:8080", true)
	f("[::1]:5000", "[::1]:8080", true)
	f("127.8.8.8:5000", "LOCALHOST", true)
	f("192.0.2.7:5000", "127.0.0.1:8080", false)
	f("127.0.0.1:5000", "evil.example:8080", false) // a name that resolves to this machine
	f("", "", false)
	f("::1", "::1", true)
}

func TestAccess_PagesOfOtherSitesChangeNothing(t *testing.T) {
	h := serve(t, newConfig(t))
	refused(t, call(t, h, http.MethodPost, "/api/v1/recompute", strings.NewReader(`{"all":true}`),
		"Content-Type", "application/json", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"), 403, "another site")
}

func TestGrantOf_WithoutARequest(t *testing.T) {
	if g := api.GrantOf(context.Background()); g != (api.Grant{}) {
		t.Errorf("got %+v, want the zero grant", g)
	}
}
