// Package jouleline holds the check that the rooms of the house keep their
// doors: who may import whom, and which room a third party is fenced in.
package jouleline

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// doors lists, for each room, the rooms of the project that it may import. A room
// may always import what lies below itself.
var doors = map[string][]string{
	"schema":      {},
	"metrics":     {"schema"},
	"analytics":   {"metrics", "schema"},
	"ingest":      {"metrics", "schema"},
	"store":       {"metrics", "schema"},
	"api":         {"analytics", "metrics", "schema", "third_party"},
	"bench":       {"analytics", "api", "ingest", "metrics", "schema", "store", "cmd"},
	"cmd":         {"analytics", "api", "bench", "ingest", "metrics", "schema", "store", "third_party"},
	"third_party": {},
}

// fences lists the only folders that may import a third party. "std" rooms
// import nothing but the standard library.
var fences = map[string][]string{
	"github.com/segmentio/kafka-go":            {"ingest/kafka", "deploy/examples"},
	"github.com/twmb/franz-go":                 {"ingest/kafka"},
	"github.com/duckdb/":                       {"store"},
	"github.com/influxdata/influxdb-client-go": {"store/influx"},
	"github.com/prometheus/prometheus":         {"api/promql"},
	"github.com/prometheus/client_golang":      {"api/telemetry"},
	"github.com/apache/arrow":                  {"schema/arrow"},
	"gonum.org/v1/gonum":                       {"analytics"},
	"github.com/danielgtaylor/huma":            {"api"},
	"github.com/swaggest/swgui":                {"api"},
	"github.com/alecthomas/kong":               {"cmd"},
	"github.com/xuri/excelize":                 {"api", "ingest/feed"},
	"github.com/eclipse/paho.mqtt.golang":      {"ingest/mqtt"},
	"github.com/klauspost/compress":            {"ingest", "api"},
}

// answering lists, for each room of the API, the others that it may import. What
// is not listed, as the panels and the pages, stands alone or below all of them.
var answering = map[string][]string{
	"api/problem":  {"api/peer"},
	"api/table":    {"api/problem"},
	"api/access":   {"api/problem"},
	"api/token":    {"api/access", "api/problem"},
	"api/query":    {"api/problem", "api/table"},
	"api/world":    {"api/access", "api/problem", "api/query"},
	"api/contract": {"api/access", "api/problem", "api/table"},
	"api/planner":  question("api/peer"),
	"api/ledger":   question("api/peer"),
	"api/monitor":  question("api/peer"),
	"api/admin":    question(),
	"api/proof":    question("api/ledger", "api/planner"),
	"api/panel":    {"api/access", "api/problem", "api/promql", "api/query", "api/world"},
	"api/paper":    question("api/midterm", "api/monitor", "api/planner"),
}

// question gives what a room of questions stands on, and more.
func question(more ...string) []string {
	return append(more, "api/access", "api/contract", "api/problem", "api/query", "api/table", "api/world")
}

// pure rooms have no third party at all.
var pure = []string{"schema", "metrics", "bench/sim", "third_party"}

func TestHouse_ArrowsPointDown(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := path.Dir(filepath.ToSlash(file))
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			seen++
			if why := refuse(folder, imported); why != "" {
				t.Errorf("%s imports %s: %s", file, imported, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Fatalf("saw only %d imports: the walk went wrong", seen)
	}
}

// refuse tells why a folder may not import something, "" where it may.
func refuse(folder, imported string) string {
	room, _, _ := strings.Cut(folder, "/")
	if own, ok := strings.CutPrefix(imported, "jouleline/"); ok {
		target, _, _ := strings.Cut(own, "/")
		if inner, ok := answering[folder]; ok && target == room && !contains(inner, own) {
			return "the room " + folder + " has no door to " + own
		}
		if target == room || contains(doors[room], target) {
			return ""
		}
		return "the room " + room + " has no door to " + target
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return "" // the standard library
	}
	for party, rooms := range fences {
		if strings.HasPrefix(imported, party) {
			if under(folder, rooms) {
				return ""
			}
			return "it is fenced in " + strings.Join(rooms, ", ")
		}
	}
	if under(folder, pure) && !under(folder, []string{"schema/arrow"}) {
		return "the room has the standard library only"
	}
	return ""
}

func under(folder string, rooms []string) bool {
	for _, room := range rooms {
		if folder == room || strings.HasPrefix(folder, room+"/") {
			return true
		}
	}
	return false
}

func contains(list []string, item string) bool {
	for _, x := range list {
		if x == item {
			return true
		}
	}
	return false
}

// The check itself must be able to refuse.
func TestHouse_Refuses(t *testing.T) {
	f := func(folder, imported string, want bool) {
		t.Helper()
		if got := refuse(folder, imported) != ""; got != want {
			t.Errorf("%s importing %s: refused %v, want %v", folder, imported, got, want)
		}
	}
	f("ingest/pipeline", "jouleline/store", true)
	f("store", "jouleline/ingest", true)
	f("api", "jouleline/store", true)
	f("api/planner", "jouleline/api/monitor", true)
	f("api/world", "jouleline/api/contract", true)
	f("api/world", "jouleline/api", true)
	f("api/paper", "jouleline/api/planner", false)
	f("metrics/books", "jouleline/analytics/trend", true)
	f("schema", "golang.org/x/sync/errgroup", true)
	f("store", "github.com/segmentio/kafka-go", true)
	f("store/duck", "github.com/duckdb/duckdb-go/v2/mapping", false)
	f("cmd/jouleline", "jouleline/store", false)
	f("analytics/regress", "gonum.org/v1/gonum/mat", false)
}
