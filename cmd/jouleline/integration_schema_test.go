//go:build integration

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// schemaFolder names the folder of Grafana's schema; deploy/grafana/fetch-schema.sh
// brings it and prints it.
const schemaFolder = "JOULELINE_GRAFANA_SCHEMA"

// Every dashboard is one by Grafana's own schema, of the release that compose.yaml
// runs: each field exists, and has a value of its type, down to the settings of
// each kind of panel.
func TestIntegrationDashboards_AreOfGrafanasSchema(t *testing.T) {
	folder := os.Getenv(schemaFolder)
	if folder == "" {
		t.Skipf("%s names no schema of Grafana: run make integration", schemaFolder)
	}
	release := regexp.MustCompile(`grafana/grafana:(\S+)|(?m)^version=(\S+)`)
	runs, fetched := release.FindStringSubmatch(read(t, "compose.yaml")), release.FindStringSubmatch(read(t, "grafana/fetch-schema.sh"))
	if runs == nil || fetched == nil || runs[1] != fetched[2] {
		t.Errorf("compose.yaml runs Grafana %q, the schema is of %q", runs, fetched)
	}
	boards := map[string]json.RawMessage{}
	for _, file := range found(t, "grafana/dashboards/*.json") {
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		boards[filepath.Base(file)] = text
	}
	if len(boards) != 6 {
		t.Errorf("got %d dashboards, want six", len(boards))
	}
	// Of these the schema must find something to say, or it says nothing of anything.
	sound := string(boards["building.json"])
	for name, change := range map[string][2]string{
		"a wrong word": {`"displayMode": "list"`, `"displayMode": "lst"`}, "a wrong field": {`"fillOpacity"`, `"fillOpactiy"`},
		"a wrong type": {`"gridPos": {"x": 0`, `"gridPos": {"x": "0"`}, "a wrong number": {`"sort": 1`, `"sort": 17`}, "no panel": {`"type": "stat"`, `"type": "state"`},
	} {
		spoilt := strings.Replace(sound, change[0], change[1], 1)
		if spoilt == sound {
			t.Fatalf("building.json has no %s", change[0])
		}
		boards[name] = json.RawMessage(spoilt)
	}
	var answers map[string][]string
	runChecker(t, "grafana/check.mjs", folder, boards, &answers)
	for name := range boards {
		mistakes, ok := answers[name]
		if isOurs := strings.HasSuffix(name, ".json"); !ok || (len(mistakes) > 0) == isOurs {
			t.Errorf("%s: got %d mistakes: %s", name, len(mistakes), strings.Join(mistakes, "\n"))
		}
	}
}

// runChecker runs a checker of deploy in node, with JSON in and out.
func runChecker(t *testing.T, script, folder string, in, out any) {
	t.Helper()
	input, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	check := exec.CommandContext(t.Context(), "node", deployFolder+script, folder)
	var said bytes.Buffer
	check.Stdin, check.Stderr = bytes.NewReader(input), &said
	output, err := check.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%.2000s", script, err, said.Bytes())
	}
	if err := json.Unmarshal(output, out); err != nil {
		t.Fatalf("%s: %v in %.300s", script, err, output)
	}
}
