package main

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// Nobody without the token is answered, and what says it is not shown in the log.
func TestPeers_TokenIsWanted(t *testing.T) {
	flags := embedded(t.TempDir())
	flags.PeerToken = t.TempDir() + "/token"
	writeFile(t, flags.PeerToken, trioToken)
	var log strings.Builder
	flags.LogLevel = "debug"
	s := mustServeWith(t, flags, &log)
	f := func(authorization string, want int) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Server+"/peer/v1/hello", strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		if authorization != "" {
			request.Header.Set("Authorization", authorization)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%q: got %d, want %d", authorization, response.StatusCode, want)
		}
	}
	f("", http.StatusUnauthorized)
	f("Bearer another-token-that-is-long-enough", http.StatusUnauthorized)
	f("Bearer "+trioToken, http.StatusServiceUnavailable) // known, and the question is no message
	s.stop()
	if strings.Contains(log.String(), trioToken) {
		t.Error("the token is in the log")
	}
}

// Books are refused partitions other than those they were kept with.
func TestPeers_PartitionsAreFixed(t *testing.T) {
	flags := embedded(t.TempDir())
	s := mustServeWith(t, flags, os.Stderr)
	s.importFolder(exampleRegistry)
	s.push("application/json", []byte(exampleReadings[0]))
	s.settle()
	s.stop()
	flags.Partitions = "0"
	if partitionOfMeter("E1") == 0 {
		flags.Partitions = "1"
	}
	if _, err := openServer(t.Context(), flags, streams{os.Stderr, os.Stderr}); err == nil || !strings.Contains(err.Error(), "--partitions does not name") {
		t.Errorf("got %v, want a refusal that names the partition", err)
	}
}

// An instance that hangs holds up one question, for as long as it may, and is then
// left out.
func TestPeers_OneHangs(t *testing.T) {
	tr := newTrio(t, "")
	folder := os.DirFS(exampleRegistry)
	packed, err := zipFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.a.send(t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", strings.NewReader(string(packed))); err != nil {
		t.Fatal(err)
	}
	stuck := make(chan struct{})
	tr.lineB.stuck.Store(&stuck)
	t.Cleanup(func() { close(stuck) })
	began := time.Now()
	status, text := tr.a.fetch("/api/v1/rejected")
	if status != http.StatusServiceUnavailable || !strings.Contains(text, "in time") {
		t.Errorf("got %d %s after %s, want a problem that tells of the silence", status, text, time.Since(began))
	}
}
