package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jouleline/api"
	"jouleline/api/access"
	"jouleline/schema"
)

func TestHealth(t *testing.T) {
	config := newConfig(t)
	config.Version = "1.2.3"
	if a := decode[api.Alive](t, get(t, serve(t, config), "/healthz")); a.Status != "ok" || a.Version != "1.2.3" {
		t.Errorf("got %+v", a)
	}
	if a := decode[api.Readiness](t, get(t, serve(t, config), "/readyz")); !a.Ready || a.Reasons == nil {
		t.Errorf("got %+v, want ready and an empty list", a)
	}
	config.Health = reasons{"the disk is full"}
	w := get(t, serve(t, config), "/readyz")
	if w.Code != 503 || strings.TrimSpace(w.Body.String()) != `{"ready":false,"reasons":["the disk is full"]}` {
		t.Errorf("got status %d: %s", w.Code, w.Body)
	}
}

// Pages and what they load come from this server: there is no way to another.
func TestPages_AskNobodyElse(t *testing.T) {
	h := serve(t, newConfig(t))
	outside := regexp.MustCompile(`(?i)(src|href)\s*=\s*["']?(https?:)?//`)
	loads := regexp.MustCompile(`(?i)(?:src|<link[^>]*href)\s*=\s*["']([^"'#]+)["']`)
	for _, page := range append(slices.Clone(schoolPages), "/docs", "/docs/") {
		w := get(t, h, page)
		body := w.Body.String()
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: got status %d, %v", page, w.Code, w.Header())
		}
		if found := outside.FindString(body); found != "" {
			t.Errorf("%s: got %q, want nothing from elsewhere", page, found)
		}
		for _, load := range loads.FindAllStringSubmatch(body, -1) {
			if strings.HasPrefix(load[1], "data:") {
				continue
			}
			if w := get(t, h, load[1], "Accept-Encoding", "gzip"); w.Code != 200 {
				t.Errorf("%s loads %s: got status %d", page, load[1], w.Code)
			}
		}
	}
	if body := get(t, h, "/docs").Body.String(); !strings.Contains(body, "/openapi.json") || !strings.Contains(body, "/docs/swagger-ui") {
		t.Errorf("the documentation does not show the contract: %s", body)
	}
}

// The handlers of pushed readings are mounted, and get to know who pushes.
func TestPush_IsMounted(t *testing.T) {
	config := newConfig(t)
	config.Access = granted{grant: access.Grant{Scope: access.Push, Gateway: "g7"}}
	seen := ""
	config.Push = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.URL.Path + " " + access.GrantOf(r.Context()).Gateway
		_, limited := r.Context().Deadline()
		if limited {
			t.Error("pushing has a deadline here: the gateway keeps its own")
		}
		w.WriteHeader(http.StatusOK)
		_ = json.NewEncoder(w).Encode(api.PushAnswer{})
	})
	h := serve(t, config)
	if w := call(t, h, http.MethodPost, "/api/v1/readings", strings.NewReader("{}")); w.Code != 200 || seen != "/api/v1/readings g7" {
		t.Errorf("got status %d, %q", w.Code, seen)
	}
	refused(t, call(t, h, http.MethodPost, "/api/v2/write?precision=s", nil), 503, "not served here")
	refused(t, get(t, serve(t, newConfig(t)), "/metrics"), 503, "not served here")
}

// The documented answer to pushed readings has the words of the real one.
func TestPush_DocumentedWords(t *testing.T) {
	text, err := json.Marshal(api.PushAnswer{Parked: []api.PushParked{{}}, Rejected: []api.PushRefused{{Code: schema.UnknownUnit}}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"accepted":0,"parked":[{"index":0,"meter":""}],"rejected":[{"index":0,"code":"unknown_unit","detail":""}]}`
	if string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

// What is logged and counted names the route, and nothing that a caller may keep
// secret.
func TestRequests_AreCountedAndLogged(t *testing.T) {
	var log bytes.Buffer
	config := newConfig(t)
	config.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	watch := &watched{}
	config.Watch = watch
	h := serve(t, config)
	get(t, h, "/api/v1/registry/meters?known_at=hunter2", "Authorization", "Bearer hunter2")
	get(t, h, "/api/v1/registry/meters")
	get(t, h, "/nowhere")
	want := "GET /api/v1/registry/{table} 422|GET /api/v1/registry/{table} 200| 404"
	if got := strings.Join(watch.seen, "|"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if strings.Contains(log.String(), "hunter2") || strings.Count(log.String(), "path=/api/v1/registry/meters") != 2 {
		t.Errorf("got log %s, want two requests and no secret", &log)
	}
}

type watched struct{ seen []string }

func (w *watched) Request(pattern string, status int, seconds float64) {
	if seconds < 0 || seconds > 60 {
		pattern = "took unbelievably long: " + pattern
	}
	w.seen = append(w.seen, pattern+" "+strconv.Itoa(status))
}
