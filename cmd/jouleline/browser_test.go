package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// demoServer is a server with everything that the demo loads.
func demoServer(t *testing.T) *testServer {
	t.Helper()
	flags := embedded(t.TempDir())
	flags.Demo = true
	s := mustServeWith(t, flags, os.Stderr)
	if err := fill(t.Context(), s.server, s.Remote, streams{io.Discard, io.Discard}); err != nil {
		t.Fatal(err)
	}
	return s
}

// drawn tells how many charts a page has, and how many of them hold a picture:
// some hundred points that are not empty.
const drawn = `(() => {
  const plots = [...document.querySelectorAll(".plot")];
  const filled = plots.filter(p => [...p.querySelectorAll("canvas")].some(c => {
    if (!c.width || !c.height) return false;
    const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
    let n = 0;
    for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n++;
    return n > 300;
  }));
  return [plots.length, filled.length];
})()`

// The demo in a browser: pages load without a complaint, charts are drawn, and
// the numbers are three clicks away.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the demo and looks at it in a browser")
	}
	b := openChromium(t)
	s := demoServer(t)
	at := func(path string) string { return s.Server + path }
	quiet := func(tab *tab) {
		t.Helper()
		for _, trouble := range tab.complaints() {
			t.Errorf("%s: %s", tab.address(), trouble)
		}
	}
	charts := func(tab *tab, least int) {
		t.Helper()
		quiet(tab)
		var n [2]int
		if tab.eval(drawn, &n); n[0] < least || n[0] != n[1] {
			t.Errorf("%s: got %d charts of which %d are drawn, want at least %d and all", tab.address(), n[0], n[1], least)
		}
	}
	is := func(tab *tab, expression, want string) {
		t.Helper()
		var got string
		if tab.eval(expression, &got); !strings.Contains(got, want) {
			t.Errorf("%s: %s: got %.300q, want %q in it", tab.address(), expression, got, want)
		}
	}

	wide := b.open(1366, 900, "light")
	wide.visit(at("/?lang=en&year=2023"))
	charts(wide, 4)
	is(wide, "document.title", "山东省")
	is(wide, "document.querySelector('.map').textContent", "青岛市")
	var took float64
	wide.eval("performance.getEntriesByType('navigation')[0].loadEventEnd", &took)
	t.Logf("first view: loaded and drawn after %.0f ms", took)
	wide.shoot("province", "body", 900)
	wide.shoot("map", "#parts", 620)

	t.Run("a city's institutions, by clicks", func(t *testing.T) {
		var drawer string
		wide.click(`.map a[aria-label^="济南市"]`)
		charts(wide, 4)
		is(wide, "location.pathname", "/region/370100")
		wide.click(`.ranking tbody th a[href^="/region/3701"]`)
		charts(wide, 4)
		wide.click(`.ranking tbody th a[href^="/institution/"]`)
		charts(wide, 5)
		wide.eval(`new Promise(done => { const d = document.getElementById("drawer"); new MutationObserver(() => done(d.open && d.querySelector(".tree").textContent)).observe(d, {attributes: true}); document.querySelector('#compared td a[href^="/explain"]').click() })`, &drawer)
		if !strings.Contains(drawer, "meter") {
			t.Errorf("the drawer shows %.200q, want the tree of the figure", drawer)
		}
		quiet(wide)
		is(wide, "String(document.activeElement.closest('dialog') !== null)", "true") // the keyboard is in the drawer
		wide.shoot("explain", "html", 480)
		wide.click(`#drawer a.whole`)
		is(wide, "document.querySelector('.tree').textContent", "meter")
	})
	t.Run("a real building's last week, in three clicks from the start", func(t *testing.T) {
		wide.visit(at("/?lang=en"))
		wide.click(`section[aria-labelledby="h-others"] a`)
		wide.click(`.ranking tbody th a[href="/region/999901"]`)
		quiet(wide)
		wide.click(`.ranking tbody th a[href^="/institution/house"]`)
		charts(wide, 4)
		is(wide, "document.querySelector('#load').textContent", "Night base load")
		is(wide, "document.querySelector('#missing').textContent", "Electricity")
		is(wide, "document.querySelector('#quota').textContent", "quotas")
		wide.shoot("load-week", "#load", 860)
		wide.shoot("missing", "#missing", 620)
		wide.click(`#meters tbody a[href$="/readings"]`)
		quiet(wide)
		is(wide, "document.querySelector('tbody').textContent", "accepted")
	})
	t.Run("the year against a quota, in three clicks from the start", func(t *testing.T) {
		wide.visit(at("/?lang=en&year=2025"))
		wide.click(`a[href^="/region/370000/institutions"]`)
		wide.eval(`(() => { [...document.querySelectorAll(".ranking tbody th a")].find(a => a.textContent.includes("机关")).id = "organ"; return true })()`, new(bool))
		wide.click("#organ")
		quiet(wide)
		is(wide, "document.querySelector('#quota tbody').textContent", "constraint value")
		wide.shoot("compared", "#compared", 860)
		wide.shoot("quota", "#quota", 300)
	})
	t.Run("a finding is muted with a reason, and shown again", func(t *testing.T) {
		wide.visit(at("/institution/house-01?lang=en"))
		is(wide, "document.querySelector('.findings .sizes').textContent", "USD")
		wide.shoot("findings", "#wrong", 420)
		wide.eval(`(() => { const f = document.querySelector('.findings form'); f.elements.reason.value = "guests that stay for a week"; return true })()`, new(bool))
		wide.leave(func() {
			wide.eval(`(() => { document.querySelector('.findings form').requestSubmit(); return true })()`, new(bool))
		})
		quiet(wide)
		is(wide, "document.querySelector('.muted').textContent", "guests that stay for a week")
		wide.leave(func() {
			wide.eval(`(() => { document.querySelector('.muted form').requestSubmit(); return true })()`, new(bool))
		})
		is(wide, "String(document.querySelector('.muted'))", "null")
	})
	t.Run("a report is taken away as CSV", func(t *testing.T) {
		wide.visit(at("/?lang=en&year=2023"))
		var text string
		wide.eval(`fetch(document.querySelector('#download a[download^="by-region"][download$=".csv"]').href).then(r => r.text())`, &text)
		if !strings.Contains(text, "青岛市") || !strings.Contains(text, ",") {
			t.Errorf("got %.300q, want the regions as CSV", text)
		}
	})
	t.Run("cities against the path", func(t *testing.T) {
		wide.visit(at("/region/370000/path"))
		charts(wide, 1)
		var rows int
		if wide.eval("document.querySelectorAll('.cities tbody tr').length", &rows); rows != 1+16+1+1 {
			t.Errorf("got %d rows, want the path, 16 cities, the province's own and the whole", rows)
		}
		wide.shoot("cities", "body", 900)
	})
	t.Run("quality", func(t *testing.T) {
		wide.visit(at("/region/370000/quality?year=2025"))
		quiet(wide)
		wide.shoot("quality", "body", 820)
	})
	t.Run("phone, dark, Chinese", func(t *testing.T) {
		phone := b.open(390, 844, "dark")
		for _, path := range []string{"/?lang=zh", "/region/370000/path", "/institution/house-01", "/region/370000/quality", "/meter/house-01-E1/readings", "/explain?meter=house-01-E1&from=2023-07-01&to=2023-07-03"} {
			phone.visit(at(path))
			quiet(phone)
			is(phone, "document.documentElement.lang", "zh-CN")
			var size [2]float64
			if phone.eval("[document.documentElement.scrollWidth, innerWidth]", &size); size[0] > size[1] {
				t.Errorf("%s: the page is %g wide on a screen of %g", path, size[0], size[1])
			}
		}
		phone.visit(at("/"))
		charts(phone, 4)
		phone.shoot("phone", "body", 1300)
	})
	t.Run("without a script", func(t *testing.T) {
		plain := b.open(1366, 768, "light")
		b.must(plain.session, "Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
		plain.visit(at("/?lang=en&year=2023"))
		is(plain, "document.querySelector('.card').textContent", "kgce/m²")
		is(plain, "getComputedStyle(document.querySelector('.plot')).display", "none")
	})
	t.Run("by keyboard", func(t *testing.T) {
		wide.visit(at("/?lang=en"))
		for _, kind := range []string{"keyDown", "keyUp"} {
			b.must(wide.session, "Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}, nil)
		}
		is(wide, "document.activeElement.textContent", "Skip to content")
		var unnamed []string
		wide.eval(`[...document.querySelectorAll("a, button, input, [role=img], svg[role]")].filter(e => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML.slice(0, 120))`, &unnamed)
		if len(unnamed) > 0 {
			t.Errorf("nothing to read aloud for %q", unnamed)
		}
	})
}

// The first view of the demo is the server's work in well under a second.
func TestBrowser_FirstViewIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the demo")
	}
	s := demoServer(t)
	for _, path := range []string{"/", "/region/370000/path", "/institution/house-01", "/region/370000/quality"} {
		var body []byte
		var r *http.Response
		var err error
		took := time.Hour
		for range 3 { // the best of three: other work shares the machine
			start := time.Now()
			if r, err = http.Get(s.Server + path); err != nil {
				t.Fatal(err)
			}
			body, err = io.ReadAll(r.Body)
			r.Body.Close()
			took = min(took, time.Since(start))
		}
		t.Logf("%s: %d KB in %s", path, len(body)>>10, took.Round(time.Millisecond))
		if err != nil || r.StatusCode != 200 || took > time.Second {
			t.Errorf("%s: got status %d, %v after %s, want 200 within a second", path, r.StatusCode, err, took)
		}
	}
}
