package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"jouleline/schema/registry"
)

// exampleRegistry is the world that is small enough to check by hand.
const exampleRegistry = "../../schema/registry/testdata/example"

// testServer is a whole server in this process, with everything embedded.
type testServer struct {
	*server
	*Remote
	t    testing.TB
	stop func()
}

// embedded are the flags of a server on a free port with everything embedded.
func embedded(folder string) ServerFlags {
	return ServerFlags{
		Data: folder, Listen: "127.0.0.1:0", Kafka: "embedded", TopicPartitions: 4,
		TimeZone: "Asia/Shanghai", Memory: "512MiB", LogLevel: "error", Linger: time.Millisecond,
	}
}

// mustServe starts a server with everything embedded in a folder; it is stopped
// when the test ends, or by stop.
func mustServe(t testing.TB, folder string) *testServer {
	t.Helper()
	return mustServeWith(t, embedded(folder), os.Stderr)
}

// mustServeWith starts a server with flags of one's own.
func mustServeWith(t testing.TB, flags ServerFlags, log io.Writer) *testServer {
	t.Helper()
	s, err := openServer(t.Context(), flags, streams{io.Discard, log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	ts := &testServer{server: s, Remote: &Remote{Server: "http://" + s.Address(), Format: "json"}, t: t}
	stopped := false
	ts.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("server: %v", err)
		}
	}
	t.Cleanup(ts.stop)
	if _, err := s.books.waitForWorld(t.Context()); err != nil {
		t.Fatal(err)
	}
	return ts
}

// importFolder imports a registry folder.
func (s *testServer) importFolder(folder string) {
	s.t.Helper()
	packed, err := zipFolder(os.DirFS(folder))
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.send(s.t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed)); err != nil {
		s.t.Fatal(err)
	}
}

// importTables imports a registry that is in no folder.
func (s *testServer) importTables(tables registry.Tables) {
	s.t.Helper()
	packed, err := zipTables(tables)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.send(s.t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed)); err != nil {
		s.t.Fatal(err)
	}
}

// push posts readings and gives the verdicts.
func (s *testServer) push(contentType string, body []byte) verdicts {
	s.t.Helper()
	answer, err := s.send(s.t.Context(), http.MethodPost, "/api/v1/readings", contentType, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	var v verdicts
	if err := json.Unmarshal(answer, &v); err != nil {
		s.t.Fatal(err)
	}
	return v
}

// patience bounds every wait of the tests; on a sound machine none comes near it.
const patience = 2 * time.Minute

// settle waits until everything on the topic is in the books.
func (s *testServer) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	if err := waitBooked(ctx, s.server, streams{io.Discard, io.Discard}); err != nil {
		s.t.Fatalf("not all of the topic is booked: %v", err)
	}
}

// ask gets a path with a query "a=b&c=d" and decodes the answer.
func (s *testServer) ask(path, query string, into any) {
	s.t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		s.t.Fatal(err)
	}
	body, err := s.get(s.t.Context(), path, values, "application/json")
	if err != nil {
		s.t.Fatalf("GET %s?%s: %v", path, query, err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		s.t.Fatalf("GET %s?%s: %v in %s", path, query, err, body)
	}
}

// consumption is the frame of an answer about consumption.
type consumption struct {
	Carrier string `json:"carrier"`
	Unit    string `json:"unit"`
	Points  []struct {
		Start    string       `json:"start"`
		End      string       `json:"end"`
		Quantity *json.Number `json:"quantity"`
		Energy   *json.Number `json:"energy_kgce"`
		Carbon   *json.Number `json:"carbon_kg"`
		Coverage float64      `json:"coverage"`
		Share    *float64     `json:"estimated_share"`
	} `json:"points"`
}

// line prints a point for comparison.
func (c *consumption) lines() string {
	text := ""
	number := func(n *json.Number) string {
		if n == nil {
			return "null"
		}
		return n.String()
	}
	for _, p := range c.Points {
		text += fmt.Sprintf("%s %s %s %s\n", p.Start, number(p.Quantity), number(p.Energy), number(p.Carbon))
	}
	return text
}

func writeFile(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
