package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// found lists files of deploy by a pattern.
func found(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(deployFolder + pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("deploy/%s: got %d files, %v", pattern, len(files), err)
	}
	return files
}

// Prometheus' own tool takes the rules, and each fires where it should and only
// there.
func TestAlerts_Promtool(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (Debian package prometheus)")
	}
	for _, args := range [][]string{
		append([]string{"check", "rules"}, found(t, "prometheus/rules/*.yaml")...),
		append([]string{"test", "rules"}, found(t, "prometheus/tests/*.yaml")...),
	} {
		if answer, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, answer)
		}
	}
}

// Expressions and names in lines of YAML.
var (
	ruleName    = regexp.MustCompile(`(?m)^ +(?:- alert|title): (\w+)$`)
	ruleExpr    = regexp.MustCompile(`(?m)^ +expr: '(.+)'$`)
	ruleTested  = regexp.MustCompile(`alertname: (\w+)\n +exp_alerts:`)
	ruleSources = map[string]string{"books.yaml": "jouleline", "engine.yaml": "jouleline-metrics"}
)

// alertsIn gives the expressions of the alerts in a file, by name.
func alertsIn(t testing.TB, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	names, expressions := ruleName.FindAllStringSubmatch(string(text), -1), ruleExpr.FindAllStringSubmatch(string(text), -1)
	if len(names) == 0 || len(names) != len(expressions) {
		t.Fatalf("%s: got %d alerts and %d expressions", file, len(names), len(expressions))
	}
	list := map[string]string{}
	for i := range names {
		list[names[i][1]] = expressions[i][1]
	}
	return list
}

// Grafana's copies of the rules ask the same, of the right source, and each rule
// has a test in which it fires.
func TestAlerts_OneSet(t *testing.T) {
	for _, file := range found(t, "prometheus/rules/*.yaml") {
		base := filepath.Base(file)
		rules := alertsIn(t, file)
		copies := alertsIn(t, deployFolder+"grafana/provisioning/alerting/"+base)
		if len(copies) != len(rules) {
			t.Errorf("%s: got %d alerts for Grafana, want %d", base, len(copies), len(rules))
		}
		tested := map[string]bool{}
		for _, m := range ruleTested.FindAllStringSubmatch(read(t, "prometheus/tests/"+base), -1) {
			tested[m[1]] = true
		}
		for name, expression := range rules {
			if copies[name] != expression {
				t.Errorf("%s: %s for Grafana: got\n%s\nwant\n%s", base, name, copies[name], expression)
			}
			if !tested[name] {
				t.Errorf("%s: no test in which %s fires", base, name)
			}
		}
		text := read(t, "grafana/provisioning/alerting/"+base)
		if n := strings.Count(text, "datasourceUid: "+ruleSources[base]+"\n"); n != len(rules) {
			t.Errorf("%s: %d alerts ask %s, want %d", base, n, ruleSources[base], len(rules))
		}
	}
}
