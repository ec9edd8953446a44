package api

import (
	"net/http"
	"slices"
	"testing"

	"jouleline/api/admin"
	"jouleline/api/monitor"
	"jouleline/api/world"
)

func TestRouter_EveryRuleHasItsRoute(t *testing.T) {
	s, err := New(testConfig())
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(s.router.patterns)
	if got, want := s.router.patterns, Routes(); !slices.Equal(got, want) {
		t.Errorf("got routes %q\nwant those with a rule %q", got, want)
	}
}

func TestRouter_RefusesARouteWithoutARule(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a route without a rule was registered")
		}
	}()
	r := &router{mux: http.NewServeMux()}
	r.HandleFunc("GET /secret", func(http.ResponseWriter, *http.Request) {})
}

// testConfig has what is required and nothing behind it.
func testConfig() Config {
	var none struct {
		world.Source
		world.Books
		monitor.Rejects
		admin.Desk
		Health
	}
	return Config{World: none, Books: none, Rejects: none, Desk: none, Health: none}
}
