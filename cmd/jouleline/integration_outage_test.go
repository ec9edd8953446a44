//go:build integration && linux

package main

import (
	"errors"
	"io"
	"net/http"
	"testing"
)

// The broker is stopped, and killed, under load and comes back: pushes in the
// meantime are answered 503 and repeated, nothing is lost, nothing counts twice.
func integrateOutage(t *testing.T, n *node) {
	s := mustServeWith(t, onCluster(t, n), io.Discard)
	s.importFolder(exampleRegistry)
	gateway := newClimber(t)
	for _, end := range []func(){n.stop, n.kill} {
		before := gateway.acknowledged
		for gateway.acknowledged < before+200 {
			gateway.mustPush(t, s.Remote)
		}
		gone := make(chan struct{})
		go func() { end(); close(gone) }()
		refused := 0
		for down := false; refused == 0 || !down; {
			select {
			case <-gone:
				down = true
			default:
			}
			if err := gateway.push(t.Context(), s.Remote); err != nil {
				mustBeUnavailable(t, err)
				refused++
			}
		}
		n.start()
		until(t, "pushes are taken again", func() bool { return gateway.push(t.Context(), s.Remote) == nil })
		t.Logf("%d pushes were refused", refused)
	}
	for range 20 {
		gateway.mustPush(t, s.Remote)
	}
	s.settle()
	gateway.check(t, s.Remote)
}

// mustBeUnavailable fails where a push failed otherwise than with 503.
func mustBeUnavailable(t testing.TB, err error) {
	t.Helper()
	var refusal *refused
	if !errors.As(err, &refusal) || refusal.status != http.StatusServiceUnavailable {
		t.Fatalf("a push while the broker is down: got %v, want status 503", err)
	}
}
