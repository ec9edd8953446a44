package panel

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"jouleline/metrics/indicator"
)

var update = flag.Bool("update", false, "write the table anew")

const seriesPage = "../../docs/series.md"

// The marks between which the page's table stands.
const tableBegins, tableEnds = "<!-- the table: go test ./api/panel -run Series_Table -update -->\n", "<!-- end of the table -->\n"

var (
	ofUnitName  = regexp.MustCompile(`^(jouleline_\w+_consumption_(?:\w+_)?)(kwh|m3|gj|litres|kg|kgce)(_total)?$`)
	ofLevelName = regexp.MustCompile(`^jouleline_(region|department|class|institution)_(indicator_month|indicator_year|indicator_(?:coverage|estimated)_(?:month|year)_ratio|\w+_percent|on_pace|progress_coverage_ratio|target_probability_ratio)$`)
)

// seriesTable writes the table: families that differ in their unit or in their
// level only share a row.
func seriesTable(t *testing.T) string {
	t.Helper()
	var order []string
	rows, count, want := map[string]string{}, map[string]int{}, map[string]int{}
	for _, f := range New(nil, nil, nil).Families() {
		name, labels, help, members := f.Name, f.Labels, f.Help, 1
		if m := ofUnitName.FindStringSubmatch(name); m != nil {
			name = m[1] + "U" + m[3]
			if strings.Contains(m[1], "_meter_") || strings.Contains(m[1], "_building_") || strings.Contains(m[1], "_institution_") {
				members = len(unitWords)
			}
			for _, u := range unitWords {
				if u.word == m[2] {
					help = strings.Replace(help, "in "+u.title, "in U", 1)
				}
			}
		}
		if m := ofLevelName.FindStringSubmatch(name); m != nil {
			name, members = "jouleline_L_"+m[2], len(levels)
			for _, l := range levels {
				if l.level == indicator.Level(m[1]) {
					labels = append([]string{"(labels of L)"}, labels[len(l.labels):]...)
				}
			}
			help = strings.NewReplacer("an institution", "a group", "a "+m[1], "a group").Replace(help)
		}
		row := fmt.Sprintf("| `%s` | %s | %s | %s | %s |\n", name, f.Type, strings.Join(labels, ", "), help, f.Each)
		if count[name] == 0 {
			order = append(order, name)
			rows[name] = row
		}
		if rows[name] != row {
			t.Errorf("%s shares a row and differs:\n%s%s", f.Name, rows[name], row)
		}
		count[name]++
		want[name] = members
	}
	for name := range rows {
		if count[name] != want[name] {
			t.Errorf("%s: got %d families in a row of %d", name, count[name], want[name])
		}
	}
	table := "| series | type | labels | what | samples |\n|---|---|---|---|---|\n"
	for _, name := range order {
		table += rows[name]
	}
	return table
}

func TestSeries_TableIsTheDocuments(t *testing.T) {
	page, err := os.ReadFile(seriesPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), tableBegins)
	documented, after, ends := strings.Cut(rest, tableEnds)
	if !ok || !ends {
		t.Fatalf("%s: want the table between %q and %q", seriesPage, tableBegins, tableEnds)
	}
	table := seriesTable(t)
	if *update {
		if err := os.WriteFile(seriesPage, []byte(before+tableBegins+table+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if documented != table {
		t.Errorf("got\n%s\nwant what the code has (go test ./api/panel -run Series_Table -update)\n%s", documented, table)
	}
}
