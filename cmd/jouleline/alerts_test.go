package main

import (
	"fmt"
	"maps"
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

// alertFacts are what a rule says beside its expression, in lines of YAML.
var alertFacts = map[string]*regexp.Regexp{
	"for": regexp.MustCompile(`(?m)^ +for: (\w+)$`), "severity": regexp.MustCompile(`(?m)^ +labels: \{severity: (\w+)\}$`),
	"summary": regexp.MustCompile(`(?m)^ +summary: '(.+)'$`), "description": regexp.MustCompile(`(?m)^ +description: '(.+)'$`),
}

// alertFactsIn gives what the rules of a text say beside their expressions, by name.
func alertFactsIn(t testing.TB, text string) map[string]map[string]string {
	t.Helper()
	list := map[string]map[string]string{}
	starts := ruleName.FindAllStringSubmatchIndex(text, -1)
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		facts := map[string]string{"for": "0s"}
		for name, line := range alertFacts {
			if m := line.FindStringSubmatch(text[at[0]:end]); m != nil {
				facts[name] = strings.ReplaceAll(m[1], ".Values.A.Value", ".Value") // as Grafana calls it
			}
		}
		list[text[at[2]:at[3]]] = facts
	}
	return list
}

// Grafana's copies of the rules ask the same, of the right source, and say the same
// in both languages; each rule has a test in which it fires.
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
		said, repeated := alertFactsIn(t, read(t, "prometheus/rules/"+base)), alertFactsIn(t, read(t, "grafana/provisioning/alerting/"+base))
		for name, expression := range rules {
			if !maps.Equal(said[name], repeated[name]) || len(said[name]) != len(alertFacts) {
				t.Errorf("%s: %s for Grafana: got %q, want %q", base, name, repeated[name], said[name])
			}
			for _, fact := range []string{"summary", "description"} {
				if !twoLanguages.MatchString(said[name][fact]) {
					t.Errorf("%s: %s: got %s %q, want English and Chinese", base, name, fact, said[name][fact])
				}
			}
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

var (
	promtoolTest = regexp.MustCompile(`(?m)^  - name: `)
	alertFires   = regexp.MustCompile(`eval_time: (\w+)\n +alertname: (\w+)\n +exp_alerts:`)
)

// Grafana takes a rule for firing where its query gives a number above -1: no rule
// may fire by a number below.
func TestAlerts_GrafanaFiresToo(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (Debian package prometheus)")
	}
	folder := t.TempDir()
	for _, base := range []string{"books.yaml", "engine.yaml"} {
		rules := alertsIn(t, deployFolder+"prometheus/rules/"+base)
		copied := read(t, "grafana/provisioning/alerting/"+base)
		if n := strings.Count(copied, "- evaluator: {type: gt, params: [-1]}\n"); n != len(rules) {
			t.Errorf("%s: %d rules of %d fire above -1", base, n, len(rules))
		}
		text := read(t, "prometheus/tests/"+base)
		starts := append(promtoolTest.FindAllStringIndex(text, -1), []int{len(text)})
		asked := 0
		var all strings.Builder
		all.WriteString("evaluation_interval: 1h\ntests:\n")
		for i := range starts[:len(starts)-1] {
			block := text[starts[i][0]:starts[i+1][0]]
			given, _, _ := strings.Cut(block, "    alert_rule_test:")
			all.WriteString(given + "    promql_expr_test:\n")
			for _, m := range alertFires.FindAllStringSubmatch(block, -1) {
				asked++
				fmt.Fprintf(&all, "      - {eval_time: %s, expr: '(%s) <= -1'}\n", m[1], rules[m[2]])
			}
		}
		if asked < len(rules) {
			t.Errorf("%s: %d firings were found, of %d rules", base, asked, len(rules))
		}
		file := filepath.Join(folder, base)
		writeFile(t, file, all.String())
		if answer, err := exec.CommandContext(t.Context(), tool, "test", "rules", file).CombinedOutput(); err != nil {
			t.Errorf("promtool test rules %s: %v\n%s", base, err, answer)
		}
	}
}
