package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jouleline/api/access"
	"jouleline/api/problem"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// schoolPages are all pages about the school.
var schoolPages = []string{
	"/", "/region/370000", "/region/370102?year=2023", "/region/370000/path?indicator=water_per_capita", "/region/370000/institutions?year=2023",
	"/region/370000/quality?year=2023", "/institution/S1", "/institution/S1?year=2023&carrier=electricity", "/institution/S1/quality?from=2023-05-01&to=2023-05-03",
	"/building/S1-B1", "/building/S1-B1/quality", "/meter/E1", "/meter/E1/readings", "/meter/E1/readings?from=2023-05-01&to=2023-05-03", "/sign-in",
	"/explain?region=370000&indicator=energy_per_area&year=2023", "/explain?meter=E1&from=2023-05-01&to=2023-05-03", "/explain?institution=S1&carrier=electricity&from=2023-05-01&to=2023-05-03",
}

// Pages hold no script and no style of their own: the security policy would
// refuse them.
func TestPages_KeepTheirPolicy(t *testing.T) {
	h := serve(t, newConfig(t))
	forbidden := regexp.MustCompile(`(?i)<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:`)
	script := regexp.MustCompile(`<script[^>]*>`)
	for _, page := range schoolPages {
		for _, language := range []string{"en", "zh-CN,zh;q=0.9"} {
			w := get(t, h, page, "Accept-Language", language)
			body := w.Body.String()
			if w.Code != 200 || strings.Contains(w.Header().Get("Content-Security-Policy"), "unsafe") {
				t.Errorf("%s: got status %d, policy %q", page, w.Code, w.Header().Get("Content-Security-Policy"))
			}
			if found := forbidden.FindString(body); found != "" {
				t.Errorf("%s: got %q in the page", page, found)
			}
			for _, s := range script.FindAllString(body, -1) {
				if !strings.Contains(s, `type="application/json"`) && !strings.Contains(s, `src="/assets/`) {
					t.Errorf("%s: got %s", page, s)
				}
			}
			for _, bad := range []string{"NaN", "&lt;nil&gt;", "%!", "ZgotmplZ", "0001-01-01"} {
				if strings.Contains(body, bad) {
					t.Errorf("%s in %s: got %q in the page", page, language, bad)
				}
			}
		}
	}
}

// The numbers are in the page without a script, with their units, and say what
// they rest on.
func TestPages_Numbers(t *testing.T) {
	h := serve(t, newConfig(t))
	f := func(page string, texts ...string) {
		t.Helper()
		body := text(get(t, h, page).Body.String())
		for _, want := range texts {
			if !strings.Contains(body, want) {
				t.Errorf("%s: got no %q in %.2000s", page, want, body)
			}
		}
	}
	f("/region/370000?year=2023", "山东省 2023", "4 of 4 indicators are on pace", "5.53 %", "110.50 %", "target reached", "kgce/m²", "m³/person", "Baseline 2020")
	f("/region/370000/path", "Path 1.00 % 2.00 % 3.00 %", "济南市", "5.53 %")
	f("/institution/S1?year=2023", "第一中学", "Local time: Asia/Shanghai (UTC+08:00)", "Education", "Floor area 12,000 m²", "1,100 people")
	f("/meter/E1", "2023-05-01 22:00 3.00", "2023-05-02 01:00 4.00", "Load (kW)", "no readings", "13.00 kWh")
	f("/meter/E1/readings?from=2023-05-01&to=2023-05-03", "They were booked as 13.00 kWh", "2023-05-02 02:00:00 113 kWh", "superseded by another version", "duplicate")
	f("/institution/S1/quality?from=2023-05-01&to=2023-05-03", "2023-05-01 to 2023-05-02", "13.00 kWh", "8.3 %",
		"How lately meters were read (now)", "0 of 1 meters that should report today are up to date", "Meters that are late: 1", "Readings that were not plainly accepted", "duplicate 1 1")
	f("/institution/S1/quality?from=2023-05-01&to=2023-05-03&lang=zh", "最近读数（当前）", "0 个及时（今日应报 1 个表计）", "逾期表计：1", "重复 1 1")
	f("/explain?meter=E1&from=2023-05-01&to=2023-05-03", "How the figure came about", "meter E1", "13 kWh", "superseded by another version")
	f("/explain?region=370000&indicator=energy_per_area&year=2023", "5.525136884022 %", "kgce/m2", "factor set gbt2589-2020")
	f("/region/370000?year=2021", "For 2021 no indicator can be judged", "not enough data", "— 2021: 0 of 1 institutions counted")
}

// A page about a meter keeps the calendar of its building, whichever it has.
func TestPages_CalendarOfTheBuilding(t *testing.T) {
	config, tables := newConfig(t), maps.Clone(school)
	tables["buildings.csv"] = "id,institution,name,time_zone\nS1-B1,S1,教学楼,America/Los_Angeles\n"
	reg := build(t, tables)
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc:   func(meter string) (int32, bool) { return 0, meter == "E1" },
	}
	config.Books = schoolBooks(t, reg)
	h := serve(t, config)
	for _, about := range []string{"meter=E1", "building=S1-B1", "institution=S1"} {
		body := text(get(t, h, "/explain?carrier=electricity&from=2023-05-01&to=2023-05-02&"+about).Body.String())
		for _, want := range []string{"Local time: America/Los_Angeles", "2023-05-01 00:00 – 2023-05-02 00:00"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: got no %q in %.1500s", about, want, body)
			}
		}
	}
}

// A manager sees what is wrong, in words, with its size, and the readings of it.
func TestPages_Findings(t *testing.T) {
	h := serve(t, leakyConfig(t))
	body := get(t, h, "/institution/S1").Body.String()
	for _, want := range []string{"alarm leak · W1 · 2023-05-09 02:00 to 2023-05-14 05:00", "More than usual 0.4 m³/h", "Cost — no price is registered", "too little is known: 2", "Load: Water", "In all — no readings", "the readings are in doubt"} {
		if !strings.Contains(text(body), want) {
			t.Errorf("got no %q in %s", want, text(body))
		}
	}
	if !strings.Contains(body, `href="/meter/W1/readings?from=2023-05-09&amp;to=2023-05-15"`) {
		t.Error("the finding does not lead to its readings")
	}
	if body := text(get(t, h, "/meter/W1?lang=zh").Body.String()); !strings.Contains(body, "报警 漏水 · W1") || !strings.Contains(body, "夜间水流不断") {
		t.Errorf("got %.4000s, want the leak in Chinese", body)
	}
	if body := text(get(t, h, "/institution/S2").Body.String()); !strings.Contains(body, "No meter is read hourly") {
		t.Errorf("got %.2000s, want to hear that nothing was looked through", body)
	}
}

// text gives the text of a page.
func text(page string) string {
	page = regexp.MustCompile(`(?s)<script[^>]*>.*?</script>`).ReplaceAllString(page, " ")
	page = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")
	return strings.Join(strings.Fields(html.UnescapeString(page)), " ")
}

func TestPages_Language(t *testing.T) {
	h := serve(t, newConfig(t))
	f := func(page, accept, cookie, want string) {
		t.Helper()
		w := get(t, h, page, "Accept-Language", accept, "Cookie", cookie)
		if !strings.Contains(w.Body.String(), `<html lang="`+want+`">`) {
			t.Errorf("%s for %q with %q: want %s", page, accept, cookie, want)
		}
	}
	f("/", "", "", "en")
	f("/", "fr", "", "en")
	f("/", "zh-CN,zh;q=0.9,en;q=0.8", "", "zh-CN")
	f("/", "zh-TW", "", "zh-CN")
	f("/", "en", "jouleline_lang=zh", "zh-CN")
	f("/?lang=en", "zh", "jouleline_lang=zh", "en")
	f("/?lang=fr", "zh", "", "zh-CN")
	f("/", ";;q=x", "", "en")
	if c := get(t, h, "/?lang=zh").Header().Get("Set-Cookie"); !strings.Contains(c, "jouleline_lang=zh") {
		t.Errorf("got %q, want the language remembered", c)
	}
}

// Who may see a part sees a page of that part, and no other.
func TestPages_Rights(t *testing.T) {
	f := func(grant access.Grant, page string, status int, texts ...string) {
		t.Helper()
		config := countyConfig(t)
		config.Access = granted{grant: grant}
		w := get(t, serve(t, config), page)
		if w.Code != status {
			t.Errorf("%+v: %s: got status %d, want %d", grant, page, w.Code, status)
		}
		for _, want := range texts {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%+v: %s: got no %q", grant, page, want)
			}
		}
	}
	city, school := access.Grant{Scope: access.Read, Region: "370100"}, access.Grant{Scope: access.Read, Institution: "A"}
	f(city, "/", 200, "甲市")
	f(city, "/region/370000", 403, "<html", "your token does not reach")
	f(city, "/region/370200/path", 403)
	f(city, "/region/370200/institutions", 403)
	f(city, "/region/370200/quality", 403)
	f(city, "/institution/B", 403)
	f(city, "/building/B1", 403)
	f(city, "/meter/b", 403)
	f(city, "/meter/b/readings", 403)
	f(city, "/explain?institution=B&carrier=electricity&from=2023-05-01", 403)
	f(city, "/explain?region=370000&indicator=energy_per_area", 403)
	f(city, "/explain", 403)
	f(access.Grant{Scope: access.Read}, "/explain", 404, "names no region, institution, building or meter")
	f(city, "/institution/A", 200)
	f(city, "/meter/a", 200)
	f(school, "/", 200, ">甲<")
	f(school, "/region/370100", 403)
	f(access.Grant{Scope: access.Read}, "/", 200, "省")
	f(access.Grant{Scope: access.Read}, "/institution/nobody", 404, "nobody")
	f(access.Grant{Scope: access.Read}, "/region/nowhere", 404)
	f(access.Grant{Scope: access.Read}, "/building/none/quality", 404)
	f(access.Grant{Scope: access.Push}, "/", 403)

	config := countyConfig(t)
	config.Access = granted{grant: city}
	if body := get(t, serve(t, config), "/institution/A").Body.String(); strings.Contains(body, `href="/region/370000"`) {
		t.Error("the way up leads to a region that the caller may not see")
	}
}

// tokens knows one.
type tokens struct{}

func (tokens) Authorize(r *http.Request) (access.Grant, error) {
	if r.Header.Get("Authorization") == "Bearer secret" {
		return access.Grant{Scope: access.Read}, nil
	}
	return access.Grant{}, problem.ErrUnauthorized
}

func TestSignIn(t *testing.T) {
	config := newConfig(t)
	config.Access = tokens{}
	h := serve(t, config)
	w := get(t, h, "/institution/S1?year=2023")
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") == "" || !strings.Contains(w.Body.String(), `value="/institution/S1?year=2023"`) {
		t.Errorf("got status %d, want the form with the way back: %s", w.Code, w.Body)
	}
	send := func(token, next string) *responseRecorder {
		form := url.Values{"token": {token}, "next": {next}}.Encode()
		return call(t, h, http.MethodPost, "/sign-in", strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded")
	}
	for _, wrong := range []string{"", "guess", "sec ret", strings.Repeat("x", 10_000)} {
		if w := send(wrong, "/"); w.Code < 400 || w.Code >= 500 || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("token of %d bytes: got status %d", len(wrong), w.Code)
		}
	}
	w = send("secret", "/institution/S1?year=2023")
	cookie := w.Header().Get("Set-Cookie")
	if w.Code != 303 || w.Header().Get("Location") != "/institution/S1?year=2023" || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") {
		t.Fatalf("got status %d to %s, cookie %q", w.Code, w.Header().Get("Location"), cookie)
	}
	for _, elsewhere := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil"} {
		if to := send("secret", elsewhere).Header().Get("Location"); to != "/" {
			t.Errorf("%s: leads to %s", elsewhere, to)
		}
	}
	cookie, _, _ = strings.Cut(cookie, ";")
	for _, page := range []string{"/institution/S1", "/api/v1/progress?region=370000&year=2023"} {
		if w := get(t, h, page, "Cookie", cookie); w.Code != 200 {
			t.Errorf("%s with the cookie: got status %d", page, w.Code)
		}
	}
	refused(t, call(t, h, http.MethodPost, "/api/v1/readings", strings.NewReader("{}"), "Cookie", cookie), 401)
	if w := call(t, h, http.MethodPost, "/sign-out", nil, "Cookie", cookie); w.Code != 303 || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign out: got status %d, %q", w.Code, w.Header().Get("Set-Cookie"))
	}
}

func TestPages_NotReadyAndEmpty(t *testing.T) {
	config := newConfig(t)
	config.Health = reasons{"<b>broken</b>"}
	if body := get(t, serve(t, config), "/").Body.String(); !strings.Contains(body, "&lt;b&gt;broken") || !strings.Contains(body, "not ready") {
		t.Errorf("got %s, want the reason as text", body)
	}
	config = newConfig(t)
	empty := build(t, map[string]string{})
	config.World = &fakeWorld{RegistryFunc: func(context.Context) (*registry.Registry, error) { return empty, nil }}
	if body := text(get(t, serve(t, config), "/").Body.String()); !strings.Contains(body, "Nothing is registered yet") || !strings.Contains(body, "import registry") {
		t.Errorf("got %s, want the first steps", body)
	}
}

// A question that breaks is a page with its status, and no word of why.
func TestPages_Broken(t *testing.T) {
	config := newConfig(t)
	broken := errors.New("secret of the disk")
	config.Books = &fakeBooks{BookedFunc: func(context.Context, []int32, schema.Validity, schema.Instant) ([]posting.Entry, error) {
		return nil, broken
	}}
	w := get(t, serve(t, config), "/institution/S1")
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || !strings.Contains(w.Body.String(), "<html") {
		t.Errorf("got status %d: %s", w.Code, w.Body)
	}
}

func TestPages_Packed(t *testing.T) {
	h := serve(t, newConfig(t))
	plain := get(t, h, "/region/370000").Body.Bytes()
	w := get(t, h, "/region/370000", "Accept-Encoding", "br, gzip")
	if w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("got %v, want a packed page", w.Header())
	}
	unpacked, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("got %d bytes, %v, want the %d of the plain page", len(got), err, len(plain))
	}
	if w := get(t, h, "/region/370000", "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("packed for a browser that cannot unpack")
	}
}

// Nothing that stands in an address breaks a page.
func FuzzPages(f *testing.F) {
	h := serve(f, newConfig(f))
	f.Add("/region/370000?year=99999999999&indicator=x&page=-1&lang=%00")
	f.Add("/institution/S1?carrier=plutonium&year=-1")
	f.Add("/meter/E1/readings?from=0000-00-00&to=x&after=2023-05-01T22:00:00%2B08:00")
	f.Add("/institution/%3Cscript%3E/quality?from=2199-12-31")
	f.Add("/region/370000/institutions?page=1000000")
	f.Add("//no/such%20page%FF?lang=zh")
	f.Fuzz(func(t *testing.T, target string) {
		path, query, _ := strings.Cut(target, "?")
		u := url.URL{Path: "/" + strings.TrimPrefix(path, "/"), RawQuery: query}
		if strings.HasPrefix(u.Path, "/api/") || strings.HasPrefix(u.Path, "/docs") || u.Path == "/metrics" {
			return // asked elsewhere
		}
		r := &http.Request{Method: http.MethodGet, URL: &u, Header: http.Header{"Accept": {browser}}, RemoteAddr: "127.0.0.1:1", Host: "localhost", Body: http.NoBody}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(t.Context()))
		if w.Code >= 500 {
			t.Errorf("%q: got status %d: %s", target, w.Code, w.Body)
		}
	})
}
