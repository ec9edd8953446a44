//go:build integration && linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// influxProgram names the program influxd; deploy/influx/fetch.sh builds it and
// prints its path.
const influxProgram = "JOULELINE_INFLUXD"

// The user of the node, as the publisher's token on 1.8.
const influxUser, influxPassword = "jouleline", "secret-of-the-test"

// influxNode is one influxd 1.8 with Flux and users, and its files in a folder.
type influxNode struct {
	folder, program string
	url             string
	backup          string // the address that influxd wants for its backups
	daemon
}

// startInflux starts an influxd and makes the user; it is ended with the test.
func startInflux(t testing.TB) *influxNode {
	t.Helper()
	program := os.Getenv(influxProgram)
	if program == "" {
		t.Skipf("%s names no influxd (it could not be built from the Go module proxy): run make integration", influxProgram)
	}
	addresses := freeAddresses(t, 2)
	n := &influxNode{folder: t.TempDir(), program: program, url: "http://" + addresses[0], backup: addresses[1]}
	n.daemon = daemon{t: t, log: n.file("log")}
	writeFile(t, n.file("conf"), fmt.Sprintf(`reporting-disabled = true
bind-address = %q
[meta]
dir = %q
[data]
dir = %q
wal-dir = %q
[monitor]
store-enabled = false
[http]
bind-address = %q
auth-enabled = true
flux-enabled = true
log-enabled = false
`, n.backup, n.file("meta"), n.file("data"), n.file("wal"), addresses[0]))
	n.start()
	t.Cleanup(n.kill)
	n.influxQL("", fmt.Sprintf("CREATE USER %s WITH PASSWORD '%s' WITH ALL PRIVILEGES", influxUser, influxPassword))
	return n
}

func (n *influxNode) file(name string) string { return filepath.Join(n.folder, name) }

// start starts the process and waits until it answers.
func (n *influxNode) start() {
	n.t.Helper()
	n.run(exec.Command(n.program, "-config", n.file("conf")), func(ctx context.Context) bool {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.url+"/ping", nil)
		if err != nil {
			n.t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return false
		}
		return answer.Body.Close() == nil && answer.StatusCode == http.StatusNoContent
	})
}

// post sends a request and gives the body of its answer.
func (n *influxNode) post(path, contentType, body string) ([]byte, error) {
	r, err := http.NewRequestWithContext(n.t.Context(), http.MethodPost, n.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Token "+influxUser+":"+influxPassword)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode/100 != 2 {
		err = fmt.Errorf("POST %s: status %d: %s", path, answer.StatusCode, text)
	}
	return text, err
}

// influxSeries is a series of an answer to InfluxQL.
type influxSeries struct {
	Name    string            `json:"name"`
	Tags    map[string]string `json:"tags"`
	Columns []string          `json:"columns"`
	Values  [][]any           `json:"values"`
}

// influxQL runs one statement, with times in seconds.
func (n *influxNode) influxQL(database, statement string) []influxSeries {
	n.t.Helper()
	body, err := n.post("/query?"+url.Values{"db": {database}, "epoch": {"s"}}.Encode(), "application/x-www-form-urlencoded", url.Values{"q": {statement}}.Encode())
	if err != nil {
		n.t.Fatalf("%s: %v", statement, err)
	}
	var answer struct {
		Results []struct {
			Error  string         `json:"error"`
			Series []influxSeries `json:"series"`
		} `json:"results"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Results) != 1 || answer.Results[0].Error != "" {
		n.t.Fatalf("%s: got %s and %v", statement, body, err)
	}
	return answer.Results[0].Series
}

// points reads all points of a database by InfluxQL, written as the fake keeps them.
func (n *influxNode) points(database string) map[string]map[string]any {
	n.t.Helper()
	points := map[string]map[string]any{}
	for _, series := range n.influxQL(database, "SELECT * FROM /jouleline_.*/ GROUP BY *") {
		head := seriesKey(series.Name, series.Tags)
		for _, row := range series.Values {
			fields := map[string]any{}
			for i, value := range row[1:] {
				if value != nil {
					fields[series.Columns[i+1]] = value
				}
			}
			key := fmt.Sprintf("%s %d", head, int64(row[0].(float64)))
			if points[key] != nil {
				n.t.Errorf("InfluxQL gives %s twice", key)
			}
			points[key] = fields
		}
	}
	return points
}

// seriesKey writes a series as line protocol does.
func seriesKey(measurement string, tags map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		if tags[name] != "" {
			measurement += "," + name + "=" + tag(tags[name])
		}
	}
	return measurement
}
