//go:build integration && linux

package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// oracleStart bounds how long Prometheus may take to start: a second where the
// machine is idle.
const oracleStart = 90 * time.Second

// oracle is a Prometheus process with an empty database that reads its series
// from elsewhere.
type oracle struct {
	t       testing.TB
	address string
	version string
}

// startOracle starts a Prometheus that reads from an address; it is ended with
// the test.
func startOracle(t testing.TB, from string, lookback time.Duration) *oracle {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skipf("no Prometheus to compare with (Debian package prometheus): %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &oracle{t: t, address: l.Addr().String()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "prometheus.yml")
	text := "remote_read:\n  - url: " + from + "\n    read_recent: true\n    remote_timeout: 60s\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() // the process has its own
	process := exec.Command(program, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address="+o.address,
		fmt.Sprintf("--query.lookback-delta=%dh", int(lookback.Hours())), "--log.level=warn")
	process.Stdout, process.Stderr, process.Dir = log, log, folder
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test that runs out of time ends without a cleanup
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = process.Wait(); close(ended) }() // how it ended, its log says
	t.Cleanup(func() {
		_ = process.Process.Kill() // an error means that it has ended
		<-ended
	})
	limit, cancel := context.WithTimeout(t.Context(), oracleStart)
	defer cancel()
	for !o.isReady(limit) {
		select {
		case <-ended:
		case <-limit.Done():
		default:
			continue
		}
		said, err := os.ReadFile(log.Name())
		t.Fatalf("Prometheus does not answer: %v\n%s", err, said)
	}
	var build struct{ Data struct{ Version string } }
	if err := json.Unmarshal(o.get("status/buildinfo", nil), &build); err != nil {
		t.Fatal(err)
	}
	o.version = build.Data.Version
	return o
}

// isReady tells whether it answers; it takes its time where it does not.
func (o *oracle) isReady(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+o.address+"/-/ready", nil)
	if err != nil {
		o.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// get asks its API.
func (o *oracle) get(path string, values url.Values) []byte {
	o.t.Helper()
	request, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, "http://"+o.address+"/api/v1/"+path+"?"+values.Encode(), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return bodyOf(o.t, request)
}
