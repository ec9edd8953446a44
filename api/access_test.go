package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jouleline/api"
	"jouleline/api/access"
	"jouleline/api/monitor"
	"jouleline/api/problem"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// granted is an Authorizer that gives the same to everybody.
type granted struct {
	grant access.Grant
	err   error
}

func (g granted) Authorize(*http.Request) (access.Grant, error) { return g.grant, g.err }

// scopes repeats the table of routes by hand: a route that moves from one scope
// to another is meant to be noticed.
var scopes = map[string]access.Scope{
	"GET /{$}": access.Read, "GET /region/{id}": access.Read, "GET /region/{id}/path": access.Read, "GET /region/{id}/institutions": access.Read,
	"GET /region/{id}/quality": access.Read, "GET /institution/{id}": access.Read, "GET /institution/{id}/quality": access.Read,
	"GET /building/{id}": access.Read, "GET /building/{id}/quality": access.Read, "GET /meter/{id}": access.Read, "GET /meter/{id}/readings": access.Read,
	"GET /explain": access.Read, "POST /mute": access.Read, "POST /unmute": access.Read, "GET /assets/{version}/{file}": access.Public, "GET /sign-in": access.Public, "POST /sign-in": access.Public, "POST /sign-out": access.Public,
	"GET /healthz": access.Public, "GET /readyz": access.Public, "GET /openapi.json": access.Public,
	"GET /docs": access.Public, "GET /docs/": access.Public, "GET /metrics": access.Read,
	"POST /peer/v1/{question}": access.Public,
	"POST /api/v1/readings":    access.Push, "POST /api/v2/write": access.Push,
	"GET /api/v1/readings": access.Read, "GET /api/v1/rules": access.Read, "GET /api/v1/consumption": access.Read, "GET /api/v1/indicators": access.Read,
	"GET /api/v1/progress": access.Read, "GET /api/v1/progress/breakdown": access.Read, "GET /api/v1/quality": access.Read,
	"GET /api/v1/plans": access.Read, "GET /api/v1/allocation": access.Read,
	"GET /api/v1/forecast": access.Read, "GET /api/v1/decomposition": access.Read, "GET /api/v1/benchmark": access.Read, "GET /api/v1/savings": access.Read, "GET /api/v1/anomalies": access.Read,
	"GET /api/v1/anomalies/mutes": access.Read, "POST /api/v1/anomalies/mutes": access.Read, "DELETE /api/v1/anomalies/mutes/{id}": access.Read,
	"GET /api/v1/explain": access.Read, "POST /api/v1/reports": access.Read, "GET /api/v1/reports": access.Read,
	"GET /api/v1/reports/{id}": access.Read, "GET /api/v1/reports/{id}/diff": access.Read,
	"GET /prometheus/api/v1/query": access.Read, "POST /prometheus/api/v1/query": access.Read,
	"GET /prometheus/api/v1/query_range": access.Read, "POST /prometheus/api/v1/query_range": access.Read,
	"GET /prometheus/api/v1/series": access.Read, "POST /prometheus/api/v1/series": access.Read,
	"GET /prometheus/api/v1/labels": access.Read, "POST /prometheus/api/v1/labels": access.Read,
	"GET /prometheus/api/v1/label/{name}/values": access.Read, "POST /prometheus/api/v1/label/{name}/values": access.Read,
	"GET /prometheus/api/v1/metadata": access.Read, "POST /prometheus/api/v1/metadata": access.Read,
	"GET /prometheus/api/v1/status/buildinfo": access.Read, "POST /prometheus/api/v1/status/buildinfo": access.Read,
	"GET /api/v1/forms/ny301": access.Read, "GET /api/v1/forms/summary": access.Read,
	"GET /api/v1/reports/midterm":  access.Read,
	"GET /api/v1/registry/{table}": access.Read, "GET /api/v1/rejected": access.Admin, "PUT /api/v1/registry": access.Admin,
	"GET /api/v1/tokens": access.Admin, "POST /api/v1/tokens": access.Admin, "DELETE /api/v1/tokens/{id}": access.Admin,
	"GET /api/v1/backup": access.Admin, "GET /api/v1/export": access.Admin,
	"POST /api/v1/events": access.Admin, "POST /api/v1/bills": access.Admin, "POST /api/v1/forms/ny301": access.Admin, "POST /api/v1/recompute": access.Admin, "POST /api/v1/replay": access.Admin, "POST /api/v1/verify": access.Admin,
	"GET /api/v1/influx": access.Admin, "GET /api/v1/influx/rejected": access.Admin, "POST /api/v1/influx/backfill": access.Admin,
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
	f := func(by access.Authorizer, allows func(demanded access.Scope) bool, refusedWith int) {
		t.Helper()
		config := newConfig(t)
		config.Access = by
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
				t.Errorf("%s, which demands %s, for %+v: got status %d", pattern, demanded, by, got)
			}
		}
	}
	public := func(demanded access.Scope) bool { return demanded == access.Public }
	f(granted{err: fmt.Errorf("token: %w", problem.ErrUnauthorized)}, public, 401)
	f(granted{}, public, 403) // the zero grant allows nothing
	for _, scope := range []access.Scope{access.Push, access.Read, access.Admin} {
		f(granted{grant: access.Grant{Scope: scope}}, func(demanded access.Scope) bool {
			return demanded == access.Public || demanded == scope || scope == access.Admin
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
	f := func(grant access.Grant, about string, allowed bool, questions ...string) {
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
	city, school := access.Grant{Scope: access.Read, Region: "370100"}, access.Grant{Scope: access.Read, Institution: "A"}
	province := access.Grant{Scope: access.Read, Region: "370000"}
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
	f(access.Grant{Scope: access.Read, Region: "370200", Institution: "A"}, "institution=A", false, all...)

	config := countyConfig(t)
	config.Access = granted{grant: city}
	h := serve(t, config)
	refused(t, get(t, h, "/api/v1/readings?meter=b"+stretch), 403)
	for _, whole := range []string{"/api/v1/registry/meters", "/metrics"} {
		refused(t, get(t, h, whole), 403, "of a part")
	}
	// What waits and was rejected is everybody's, so it is not told.
	if a := decode[monitor.QualityAnswer](t, get(t, h, ask["quality"]("institution=A"))); a.Parked != nil || a.Rejected != nil {
		t.Errorf("got parked %v and rejected %v, want neither", a.Parked, a.Rejected)
	}
}

func TestAccess_PagesOfOtherSitesChangeNothing(t *testing.T) {
	h := serve(t, newConfig(t))
	refused(t, call(t, h, http.MethodPost, "/api/v1/recompute", strings.NewReader(`{"all":true}`),
		"Content-Type", "application/json", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"), 403, "another site")
}
