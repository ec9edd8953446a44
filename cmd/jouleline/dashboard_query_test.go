package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// panelStand is what dashboards are tried on: a server, the moment at which
// somebody looks, and what he has chosen.
type panelStand struct {
	*testServer
	now time.Time
	// metrics answers PromQL over the server's own metrics.
	metrics http.Handler
	chosen  map[string]string
}

// emptyPanels are queries that may have nothing to show in the world of the test.
var emptyPanels = map[string]string{
	"institution.json: Energy this month so far: A": "its meters are read by the month: nothing of June is known yet",
	"engine.json: Rejected and lost: A":             "the gateway refuses what is wrong; only other producers put it on the topic",
	"engine.json: Rejected and lost: B":             "no record was deleted unread",
	"engine.json: Rejected and lost: C":             "no push was refused as a whole",
}

// Every query of every panel, variable and annotation is answered by the server,
// and has something to show.
func TestDashboards_EveryPanelShowsSomething(t *testing.T) {
	w := newPanelStand(t)
	asked := 0
	for name, d := range dashboards(t) {
		if name == "influx.json" {
			continue // Flux: see TestDashboards_FluxNamesTheLayout
		}
		values := w.choose(t, name, d)
		from, to := w.moment(t, d.Time.From), w.moment(t, d.Time.To)
		for _, a := range d.Annotations.List {
			if n := w.run(t, a.Datasource.UID, substitute(a.Expr, values, to.Sub(from)), from, to, max(time.Hour, to.Sub(from)/10_000)); n == 0 && name != "institution.json" {
				t.Errorf("%s: annotation %s: nothing to show", name, a.Name)
			}
		}
		for _, p := range d.Panels {
			from, to := from, to
			if p.TimeFrom != "" {
				from, to = w.moment(t, "now-"+p.TimeFrom), w.now
			}
			for _, q := range p.Targets {
				asked++
				step := time.Duration(0)
				if !q.Instant {
					step = stepOf(t, q.Interval, to.Sub(from))
				}
				expr := substitute(q.Expr, values, to.Sub(from))
				id := fmt.Sprintf("%s: %s: %s", name, strings.Split(p.Title, " · ")[0], q.RefID)
				n := w.run(t, p.Datasource.UID, expr, from, to, step)
				if _, mayBeEmpty := emptyPanels[id]; n == 0 && !mayBeEmpty {
					t.Errorf("%s: got %d series from %s to %s: %s", id, n, from.Format(time.RFC3339), to.Format(time.RFC3339), expr)
				}
			}
		}
	}
	if asked < 60 {
		t.Errorf("only %d queries were asked", asked)
	}
}

// The alerts over the books are answered too; the meter whose register fell is the
// one that is told of.
func TestDashboards_AlertsAreAnswered(t *testing.T) {
	w := newPanelStand(t)
	for name, expr := range alertsIn(t, deployFolder+"prometheus/rules/books.yaml") {
		list, err := w.ask(t, "jouleline", expr, w.now, w.now, 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "JoulelineUnexplainedFall" && (len(list) != 1 || list[0]["meter"] != "school-F") {
			t.Errorf("%s: got %v, want the meter that fell", name, list)
		}
	}
}

// moment reads now, now-30d, now+1y/y; roundings go to the end of the year.
func (w *panelStand) moment(t testing.TB, text string) time.Time {
	t.Helper()
	m := regexp.MustCompile(`^now(?:([-+]\d+)([hdy]))?(/y)?$`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("time %q: not understood", text)
	}
	at := w.now
	if m[1] != "" {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		switch m[2] {
		case "h":
			at = at.Add(time.Duration(n) * time.Hour)
		case "d":
			at = at.AddDate(0, 0, n)
		case "y":
			at = at.AddDate(n, 0, 0)
		}
	}
	if m[3] != "" {
		at = time.Date(at.Year()+1, 1, 1, 0, 0, 0, 0, at.Location()).Add(-time.Second)
	}
	return at
}

// stepOf is Grafana's: not less than the panel's, about a point for each of 500
// pixels.
func stepOf(t testing.TB, interval string, stretch time.Duration) time.Duration {
	t.Helper()
	least := map[string]time.Duration{"": 15 * time.Second, "15m": 15 * time.Minute, "1h": time.Hour, "1d": 24 * time.Hour, "7d": 168 * time.Hour}
	step, ok := least[interval]
	if !ok {
		t.Fatalf("interval %q: not understood", interval)
	}
	return max(step, (stretch / 500).Truncate(time.Second))
}

// substitute puts values in place of variables.
func substitute(expr string, values map[string]string, stretch time.Duration) string {
	return usedVariable.ReplaceAllStringFunc(expr, func(name string) string {
		switch name = name[1:]; name {
		case "__range":
			return fmt.Sprintf("%ds", int(stretch.Seconds()))
		case "__rate_interval":
			return "1m"
		}
		return values[name]
	})
}

// choose gives each variable of a dashboard a value that its query offers.
func (w *panelStand) choose(t testing.TB, name string, d *board) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, v := range d.Templating.List {
		if values[v.Name] = v.Current.Value; v.IncludeAll {
			values[v.Name] = v.AllValue
		}
		if v.Type != "query" {
			continue
		}
		want := w.chosen[strings.TrimSuffix(name, ".json")+" "+v.Name]
		offered := w.offered(t, v, substitute(v.Definition, values, 0))
		if v.IncludeAll && want == "" {
			want = v.AllValue
		} else if !strings.Contains(" "+strings.Join(offered, " ")+" ", " "+want+" ") || want == "" {
			t.Errorf("%s: variable %s: got %.200q, want %q among them", name, v.Name, offered, want)
		}
		if len(offered) == 0 {
			t.Errorf("%s: variable %s offers nothing", name, v.Name)
		}
		values[v.Name] = want
	}
	return values
}

// offered lists the values that a variable's query gives, as Grafana reads them.
func (w *panelStand) offered(t testing.TB, v boardVariable, query string) (list []string) {
	t.Helper()
	m := regexp.MustCompile(`^(?:query_result\((.+)\)|label_values\((.+), (\w+)\))$`).FindStringSubmatch(query)
	if m == nil {
		t.Fatalf("variable %s: %q is not understood", v.Name, query)
	}
	found, err := w.ask(t, v.Datasource.UID, m[1]+m[2], w.now, w.now, 0)
	if err != nil {
		t.Fatalf("variable %s: %v", v.Name, err)
	}
	pattern, err := regexp.Compile(strings.Trim(v.Regex, "/"))
	if err != nil {
		t.Fatalf("variable %s: %v", v.Name, err)
	}
	for _, metric := range found {
		if m[3] != "" {
			list = append(list, metric[m[3]])
			continue
		}
		// name{label="value",...} in the order of the answer, which is the labels'.
		text, err := json.Marshal(metric)
		if err != nil {
			t.Fatal(err)
		}
		shown := regexp.MustCompile(`"(\w+)":("[^"]*")`).ReplaceAllString(string(text), "$1=$2")
		if found := pattern.FindStringSubmatch(shown); found != nil && found[pattern.SubexpIndex("text")] != "" {
			list = append(list, found[pattern.SubexpIndex("value")])
		}
	}
	return list
}

// run counts the series of an answer.
func (w *panelStand) run(t testing.TB, source, expr string, from, to time.Time, step time.Duration) int {
	t.Helper()
	list, err := w.ask(t, source, expr, from, to, step)
	if err != nil {
		t.Errorf("%s: %v", expr, err)
	}
	return len(list)
}

// ask asks a data source: at the last moment where there is no step.
func (w *panelStand) ask(t testing.TB, source, expr string, from, to time.Time, step time.Duration) ([]map[string]string, error) {
	t.Helper()
	at := func(m time.Time) string { return strconv.FormatInt(m.Unix(), 10) }
	path, query := "query", url.Values{"query": {expr}, "time": {at(to)}}
	if step > 0 {
		path, query = "query_range", url.Values{"query": {expr}, "start": {at(from)}, "end": {at(to)}, "step": {strconv.Itoa(int(step.Seconds()))}}
	}
	body, err := w.fetch(t, source, path, query)
	if err != nil {
		return nil, err
	}
	var a struct {
		Status, Error string
		Data          struct {
			Result []struct{ Metric map[string]string }
		}
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	if a.Status != "success" {
		return nil, errors.New(a.Error)
	}
	list := make([]map[string]string, len(a.Data.Result))
	for i, r := range a.Data.Result {
		list[i] = r.Metric
	}
	return list, nil
}
