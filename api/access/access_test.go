package access_test

import (
	"context"
	"net/http"
	"testing"

	"jouleline/api/access"
)

func TestLoopback(t *testing.T) {
	f := func(remote, host string, allowed bool) {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr, r.Host = remote, host
		if g, err := (access.Loopback{}).Authorize(r); (err == nil && g.Scope == access.Admin) != allowed {
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

func TestGrantOf_WithoutARequest(t *testing.T) {
	if g := access.GrantOf(context.Background()); g != (access.Grant{}) {
		t.Errorf("got %+v, want the zero grant", g)
	}
}
