package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
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
	// views are what somebody chooses on a dashboard, one after the other.
	views map[string][]map[string]string
}

// Every query of every panel, variable and annotation is answered by the server,
// and has a number to show in one of the views of its dashboard.
func TestDashboards_EveryPanelShowsSomething(t *testing.T) {
	w := newPanelStand(t)
	shown := map[string]int{} // by query
	for name, d := range dashboards(t) {
		if name == "influx.json" {
			continue // Flux: see TestDashboards_FluxNamesTheLayout
		}
		views := w.views[name]
		if len(views) == 0 {
			views = []map[string]string{nil}
		}
		for _, view := range views {
			w.look(t, name, d, w.choose(t, name, d, view), shown)
		}
	}
	for id, n := range shown {
		if n == 0 {
			t.Errorf("%s: got no series with a number", id)
		}
	}
	if len(shown) < 75 {
		t.Errorf("only %d queries were asked", len(shown))
	}
}

// look asks everything that a dashboard asks, and adds to shown, by query, the
// series with a number.
func (w *panelStand) look(t *testing.T, name string, d *board, values map[string]string, shown map[string]int) {
	t.Helper()
	from, to := w.moment(t, d.Time.From), w.moment(t, d.Time.To)
	for _, a := range d.Annotations.List {
		expr := substitute(a.Expr, values, to.Sub(from))
		n := w.run(t, a.Datasource.UID, expr, from, to, max(time.Hour, to.Sub(from)/10_000))
		// The books take corrections by the clock, which is years ahead of the readings.
		clock := time.Now().Add(time.Second)
		n += w.run(t, a.Datasource.UID, "last_over_time("+expr+"[1h])", clock, clock, 0)
		shown[name+": annotation "+a.Name] += n
	}
	for _, p := range d.Panels {
		from, to := from, to
		if p.TimeFrom != "" {
			from, to = w.moment(t, "now-"+p.TimeFrom), w.now
		}
		for _, q := range p.Targets {
			step := time.Duration(0)
			if !q.Instant {
				step = stepOf(t, q.Interval, to.Sub(from))
			}
			id := fmt.Sprintf("%s: %s: %s", name, strings.Split(p.Title, " · ")[0], q.RefID)
			list := w.mustAsk(t, p.Datasource.UID, substitute(q.Expr, values, to.Sub(from)), from, to, step)
			shown[id] += len(list)
			if p.Type == "table" && len(p.Targets) == 1 && len(list) > 0 {
				if mute, unused := p.columns(slices.Sorted(maps.Keys(list[0]))); len(mute)+len(unused) > 0 {
					t.Errorf("%s: columns %v have no name in both languages, names of %v are of no column", id, mute, unused)
				}
			}
		}
	}
}

// What is told since 2020 reaches back to it as long as the next plan runs.
func TestDashboards_ReachBackTo2020(t *testing.T) {
	late := &panelStand{now: time.Date(2030, 12, 30, 12, 0, 0, 0, time.UTC)}
	base := time.Date(2020, 12, 31, 0, 0, 0, 0, time.UTC) // 2020 holds until then
	yearly := regexp.MustCompile(`_year_|_(indicator_year|reduction_percent)\{|"P1Y"`)
	panels := 0
	for name, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			if p.Type != "timeseries" || !yearly.MatchString(questions(p)) {
				continue
			}
			panels++
			from := d.Time.From
			if p.TimeFrom != "" {
				from = "now-" + p.TimeFrom
			}
			if at := late.moment(t, from); at.After(base) {
				t.Errorf("%s: %s: begins with %s, which leaves 2020 out at the end of 2030", name, p.Title, from)
			}
			for _, q := range p.Targets {
				if m := regexp.MustCompile(`range\(start: -(\d+y)\)`).FindStringSubmatch(q.Query); m != nil && late.moment(t, "now-"+m[1]).After(base) {
					t.Errorf("%s: %s: asks for %s", name, p.Title, m[1])
				}
			}
		}
	}
	if panels < 5 {
		t.Errorf("only %d panels of years were found", panels)
	}
}

// The alerts over the books are answered too: the meter whose register fell is the
// one that is told of, and gateways once nobody has heard of them for hours.
func TestDashboards_AlertsAreAnswered(t *testing.T) {
	w := newPanelStand(t)
	rules := alertsIn(t, deployFolder+"prometheus/rules/books.yaml")
	for _, f := range []struct {
		after time.Duration
		want  map[string]string // values of a label, by the alerts that fire
	}{
		{0, map[string]string{"JoulelineUnexplainedFall": "school-F"}},
		{6 * time.Hour, map[string]string{"JoulelineGatewaySilent": "school-G school-G2"}},
	} {
		for name, expr := range rules {
			at := w.now.Add(f.after)
			list, err := w.ask(t, "jouleline", expr, at, at, 0)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			label := map[bool]string{true: "gateway", false: "meter"}[name == "JoulelineGatewaySilent"]
			var got []string
			for _, metric := range list {
				if metric[label] != "" && (label != "gateway" || metric["institution"] == "school") {
					got = append(got, metric[label])
				}
			}
			if slices.Sort(got); strings.Join(got, " ") != f.want[name] {
				t.Errorf("%s after %s: got %v, want %q", name, f.after, list, f.want[name])
			}
		}
	}
}

// The alerts over the server's own metrics ask for metrics that it has from its
// start: of a counter that appears with its first loss nothing would be told.
func TestDashboards_EngineAlertsAreAnswered(t *testing.T) {
	w := newPanelStand(t)
	own := regexp.MustCompile(`jouleline_\w+`)
	asked := 0
	for name, expr := range alertsIn(t, deployFolder+"prometheus/rules/engine.yaml") {
		if n := w.run(t, "jouleline-metrics", expr, w.now, w.now, 0); n > 0 {
			t.Errorf("%s: fires on a sound server", name)
		}
		for _, metric := range own.FindAllString(expr, -1) {
			asked++
			if w.run(t, "jouleline-metrics", metric, w.now, w.now, 0) == 0 {
				t.Errorf("%s: /metrics has no %s", name, metric)
			}
		}
	}
	if asked < 4 {
		t.Errorf("only %d metrics were asked for", asked)
	}
}

// moment reads now, now-30d, now+1y/y and a date; roundings go to the end of the year.
func (w *panelStand) moment(t testing.TB, text string) time.Time {
	t.Helper()
	if date, err := time.Parse(time.RFC3339, text); err == nil {
		return date
	}
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
func (w *panelStand) choose(t testing.TB, name string, d *board, view map[string]string) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, v := range d.Templating.List {
		if values[v.Name] = v.Current.Value; v.IncludeAll {
			values[v.Name] = v.AllValue
		}
		if v.Type != "query" {
			continue
		}
		want := view[v.Name]
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

// run counts the series of an answer that have a number to show.
func (w *panelStand) run(t testing.TB, source, expr string, from, to time.Time, step time.Duration) int {
	t.Helper()
	return len(w.mustAsk(t, source, expr, from, to, step))
}

// mustAsk gives the labels of the series of an answer that have a number to show.
func (w *panelStand) mustAsk(t testing.TB, source, expr string, from, to time.Time, step time.Duration) []map[string]string {
	t.Helper()
	list, err := w.ask(t, source, expr, from, to, step)
	if err != nil {
		t.Errorf("%s: %v", expr, err)
	}
	return list
}

// ask asks a data source, at the last moment where there is no step, and gives the
// labels of the series that have a number.
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
			Result []struct {
				Metric map[string]string
				Value  []any
				Values [][]any
			}
		}
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	if a.Status != "success" {
		return nil, errors.New(a.Error)
	}
	var list []map[string]string
	for _, r := range a.Data.Result {
		if slices.ContainsFunc(append(r.Values, r.Value), isNumber) {
			list = append(list, r.Metric)
		}
	}
	return list, nil
}

// isNumber tells whether a sample, a moment and a value as text, is a finite
// number.
func isNumber(sample []any) bool {
	if len(sample) != 2 {
		return false
	}
	text, _ := sample[1].(string)
	v, err := strconv.ParseFloat(text, 64)
	return err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}
