package api_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jouleline/api"
	"jouleline/schema"
)

// pipes is a listener and the way to it, in memory.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

// loopConn says of a pipe that it comes from the same machine.
type loopConn struct{ net.Conn }

func (loopConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000} }

// overWire sends one request over a connection with a real server behind it, and
// gives the answer.
func overWire(t *testing.T, config api.Config, body io.Reader) (status int, answer string) {
	t.Helper()
	s, err := api.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener := make(pipes)
	server := s.HTTP()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends by Close
	}()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		listener <- loopConn{far}
		return near, nil
	}}
	r, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:8080/api/v1/recompute", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	w, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	close(listener)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	<-done
	return w.StatusCode, string(text)
}

// Work may take longer than its request may take to arrive.
func TestWork_OutlivesTheTimeOfItsBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := newConfig(t)
		config.Desk = &fakeDesk{RecomputeFunc: func(ctx context.Context, _ []string, _ schema.Validity, _ bool) (int, error) {
			select {
			case <-ctx.Done():
				return 0, context.Cause(ctx)
			case <-time.After(5 * time.Minute):
				return 1, nil
			}
		}}
		if status, answer := overWire(t, config, strings.NewReader(`{"all":true}`)); status != 200 {
			t.Errorf("got status %d: %s, want the work's answer", status, answer)
		}
	})
}

// never is a body that does not come.
type never struct{ stop chan struct{} }

func (n never) Read([]byte) (int, error) {
	<-n.stop
	return 0, io.ErrUnexpectedEOF
}

// A body that does not come is not waited for.
func TestBody_MustCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		defer close(stop)
		if status, answer := overWire(t, newConfig(t), never{stop}); status != 408 || !strings.Contains(answer, "took_too_long") {
			t.Errorf("got status %d: %s, want that it took too long", status, answer)
		}
	})
}
