package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"jouleline/schema"
	"jouleline/schema/codec"
)

// TestMain lets the test binary be the program: a server that can be killed.
func TestMain(m *testing.M) {
	if os.Getenv("JOULELINE_TEST_PROGRAM") != "" {
		os.Exit(run(context.Background(), os.Args[1:], streams{os.Stdout, os.Stderr}))
	}
	os.Exit(m.Run())
}

// child is a server in a process of its own.
type child struct {
	*Remote
	process *exec.Cmd
}

// startChild starts a server and waits until it serves and has its books open.
func startChild(t testing.TB, folder string) *child {
	t.Helper()
	c := exec.Command(os.Args[0], "serve", "--data", folder, "--listen", "127.0.0.1:0", "--linger", "2ms", "--log-level", "error")
	c.Env = append(os.Environ(), "JOULELINE_TEST_PROGRAM=1")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server said nothing: %v", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // so that it can write on
	_, address, _ := strings.Cut(line, "http://")
	address, _, _ = strings.Cut(address, ",")
	s := &child{&Remote{Server: "http://" + address}, c}
	for {
		if _, err := s.get(t.Context(), "/readyz", nil, "application/json"); err == nil {
			return s
		}
		if t.Context().Err() != nil {
			t.Fatal("the server did not become ready")
		}
	}
}

// kill ends the process at once and waits for it.
func (c *child) kill(t testing.TB) {
	t.Helper()
	if err := c.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.process.Wait() // it was killed: the error says so
}

// A server is killed twenty times while gateways push; they repeat what was not
// acknowledged. In the end every reading is there once and the figures are those
// of an undisturbed run.
func TestCrash_KilledTwentyTimes(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 3
	}
	seed := seedOf(t)
	random := rand.New(rand.NewPCG(seed, 0))
	folder := t.TempDir()
	s := startChild(t, folder)
	packed, err := zipFolder(os.DirFS(exampleRegistry))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.send(t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed)); err != nil {
		t.Fatal(err)
	}
	begin := schema.InstantOf(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC))
	acknowledged := 0 // readings; reading n shows n kWh at hour n
	for k := range kills {
		victim := s
		dead := make(chan struct{})
		delay := time.Duration(random.IntN(300)) * time.Millisecond
		time.AfterFunc(delay, func() { victim.kill(t); close(dead) })
		for {
			n := 1 + random.IntN(20)
			var body []byte
			for i := range n {
				at := begin + schema.Instant(int64(acknowledged+i)*schema.Hour)
				body = codec.AppendJSON(body, &schema.Reading{Meter: "E1", Time: at, Value: schema.Quantity(acknowledged+i) * schema.Micro})
			}
			answer, err := s.send(t.Context(), http.MethodPost, "/api/v1/readings", "application/x-ndjson", bytes.NewReader(body))
			if err != nil {
				break // killed: repeat it all after the restart
			}
			var v verdicts
			if err := json.Unmarshal(answer, &v); err != nil || v.Accepted != n {
				t.Fatalf("push: got %s, %v, want %d accepted", answer, err, n)
			}
			acknowledged += n
		}
		<-dead
		if s = startChild(t, folder); k == kills-1 {
			break
		}
	}
	defer s.kill(t)
	if acknowledged < kills {
		t.Fatalf("only %d readings were acknowledged: the test tests nothing", acknowledged)
	}
	t.Logf("%d readings acknowledged", acknowledged)
	end := begin + schema.Instant(int64(acknowledged-1)*schema.Hour)
	query := url.Values{"meter": {"E1"}, "from": {begin.String()}, "to": {end.String()}, "step": {"P1Y"}}
	want := fmt.Sprint(acknowledged - 1)
	for {
		body, err := s.get(t.Context(), "/api/v1/consumption", query, "application/json")
		if err != nil {
			t.Fatal(err)
		}
		var c consumption
		if err := json.Unmarshal(body, &c); err != nil {
			t.Fatal(err)
		}
		var sum schema.Quantity
		known := 1.0
		for _, p := range c.Points {
			if p.Quantity == nil {
				known = 0
				continue
			}
			q, _, err := schema.ParseQuantity(p.Quantity.String())
			if err != nil {
				t.Fatal(err)
			}
			sum += q
			known = min(known, p.Coverage)
		}
		if known == 1 {
			if sum.String() != want {
				t.Fatalf("got %s kWh, want %s", sum, want)
			}
			break
		}
		if t.Context().Err() != nil {
			t.Fatalf("not everything acknowledged was booked: %s", body)
		}
	}
	body, err := s.send(t.Context(), http.MethodPost, "/api/v1/recompute", "application/json", strings.NewReader(`{"all":true,"dry_run":true}`))
	if err != nil || !strings.Contains(string(body), `"changed":0`) {
		t.Errorf("computing anew: got %s, %v, want nothing to change", body, err)
	}
}
