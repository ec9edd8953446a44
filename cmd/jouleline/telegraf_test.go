package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"jouleline/ingest"
	"jouleline/schema/codec"
)

// telegrafExample is one input of docs/telegraf.md.
type telegrafExample struct {
	name, lines string
	rules       []codec.Rule
	booked      map[string]string // meter -> quantity and unit
	unmapped    int
}

// telegrafPage reads docs/telegraf.md: the table of meters and the examples.
func telegrafPage(t testing.TB) (meters string, examples []telegrafExample) {
	t.Helper()
	page, err := os.ReadFile("../../docs/telegraf.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(text, language string) string {
		t.Helper()
		found := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("no block of %s in %.60q", language, text)
		}
		return found[1]
	}
	sections := strings.Split(string(page), "\n## ")
	words := map[string]int{"one": 1, "three": 3}
	for _, section := range sections[1:] {
		name, _, _ := strings.Cut(section, "\n")
		e := telegrafExample{name: name, lines: block(section, "text"), booked: map[string]string{}}
		if !strings.Contains(block(section, "toml"), "[[inputs."+name+"]]") {
			t.Errorf("%s: the configuration is of another input", name)
		}
		var config struct {
			Rules []codec.Rule `json:"line-mapping"`
		}
		if err := json.Unmarshal([]byte(block(section, "json")), &config); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e.rules = config.Rules
		for _, row := range regexp.MustCompile(`(?m)^\| (\S+) \| (\S+ \S+) \|$`).FindAllStringSubmatch(section, -1) {
			e.booked[row[1]] = row[2]
		}
		said := regexp.MustCompile(`with (\w+) fields? that (?:is|are) unmapped`).FindStringSubmatch(section)
		if len(e.booked) == 0 || said == nil || words[said[1]] == 0 {
			t.Fatalf("%s: got %d rows of what is booked, unmapped %q", name, len(e.booked), said)
		}
		e.unmapped = words[said[1]]
		examples = append(examples, e)
	}
	if len(examples) != 3 {
		t.Fatalf("got %d examples, want three", len(examples))
	}
	return block(sections[0], "csv"), examples
}

// serveTelegraf serves the meters of docs/telegraf.md with the rules of all its
// examples, which stand in a configuration file.
func serveTelegraf(t *testing.T, meters string, examples []telegrafExample) *testServer {
	t.Helper()
	var rules []codec.Rule
	for _, e := range examples {
		rules = append(rules, e.rules...)
	}
	content, err := json.Marshal(map[string]any{lineMappingFlag: rules})
	if err != nil {
		t.Fatal(err)
	}
	flags := embedded(t.TempDir())
	flags.LineMapping = mappingOf(t, string(content))
	s := mustServeWith(t, flags, os.Stderr)
	folder := t.TempDir()
	for name, text := range map[string]string{
		"regions.csv": "code,name,parent\n370000,山东省,\n", "institutions.csv": "id,name,class,region\nI1,一,education,370000\n",
		"buildings.csv": "id,institution,name\nB1,I1,b\n", "meters.csv": meters,
	} {
		writeFile(t, filepath.Join(folder, name), text)
	}
	s.importFolder(folder)
	return s
}

// mappingOf parses a configuration file as main does.
func mappingOf(t testing.TB, config string) lineMapping {
	t.Helper()
	file := filepath.Join(t.TempDir(), "jouleline.json")
	writeFile(t, file, config)
	var serve struct{ ServerFlags }
	parser, err := kong.New(&serve, kong.Resolvers(&configFile{path: file}), kong.Exit(func(int) {}), kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	return serve.LineMapping
}

func checkTelegraf(t *testing.T, s *testServer, examples []telegrafExample) {
	t.Helper()
	s.settle()
	for _, e := range examples {
		for meter, want := range e.booked {
			var day consumption
			s.ask("/api/v1/consumption", "meter="+meter+"&from=2024-05-01T00:00:00%2B08:00&to=2024-05-02T00:00:00%2B08:00&step=P1D", &day)
			if len(day.Points) != 1 || day.Points[0].Quantity == nil {
				t.Errorf("%s: %s: got %s, want %s", e.name, meter, day.lines(), want)
				continue
			}
			if got := day.Points[0].Quantity.String() + " " + day.Unit; got != want {
				t.Errorf("%s: %s: got %s, want %s", e.name, meter, got, want)
			}
		}
	}
	if kept := rejectedRows(t, s); len(kept) != 0 {
		t.Errorf("got the rejected rows %+v, want none", kept)
	}
}

// The lines of docs/telegraf.md, pushed as Telegraf pushes them, are booked as
// the page says.
func TestTelegraf_ExamplesPushed(t *testing.T) {
	meters, examples := telegrafPage(t)
	s := serveTelegraf(t, meters, examples)
	for _, e := range examples {
		answer, err := http.Post(s.Server+"/api/v2/write?org=any&bucket=any", "text/plain; charset=utf-8", strings.NewReader(e.lines))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusNoContent || answer.Header.Get("X-Unmapped-Fields") != strconv.Itoa(e.unmapped) {
			t.Errorf("%s: got %s, %s fields unmapped; want 204 and %d", e.name, answer.Status, answer.Header.Get("X-Unmapped-Fields"), e.unmapped)
		}
	}
	checkTelegraf(t, s, examples)
	if got := scrape(t, s); !strings.Contains(got, `jouleline_gateway_unmapped_fields_total{source="write"} 7`) {
		t.Error("the metrics do not count seven unmapped fields")
	}
}

// The same lines as values of Kafka messages, with their content type or none.
func TestTelegraf_ExamplesProduced(t *testing.T) {
	meters, examples := telegrafPage(t)
	s := serveTelegraf(t, meters, examples)
	var records []ingest.Record
	for i, e := range examples {
		record := ingest.Record{Partition: i, Key: []byte(e.name), Value: []byte(e.lines)}
		if i > 0 {
			record.ContentType = ingest.LineProtocol
		}
		records = append(records, record)
	}
	if err := s.producer.Produce(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	checkTelegraf(t, s, examples)
	if got := scrape(t, s); !strings.Contains(got, `jouleline_gateway_unmapped_fields_total{source="readings"} 7`) {
		t.Error("the metrics do not count seven unmapped fields")
	}
}

func scrape(t testing.TB, s *testServer) string {
	t.Helper()
	body, err := s.get(t.Context(), "/metrics", nil, "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// Rules are checked whatever the command is, and an own file holds the list.
func TestTelegraf_RulesAreChecked(t *testing.T) {
	f := func(config, want string) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "jouleline.json")
		writeFile(t, file, config)
		var out, errs bytes.Buffer
		code := run(t.Context(), []string{"check", "--config", file}, streams{&out, &errs})
		if want == "" && code != exitOK || want != "" && (code != exitUsage || !strings.Contains(errs.String(), want)) {
			t.Errorf("%s: got exit code %d, %s, want %q", config, code, errs.String(), want)
		}
	}
	f(`{"line-mapping":[{"measurement":"m","field":"f","meter":"{name}"}]}`, "")
	f(`{"line-mapping":[{"measurement":"m","field":"f"}]}`, "rule 1: got measurement")
	f(`{"line-mapping":[{"measurement":"m","field":"f","metre":"x"}]}`, `unknown field "metre"`)
	file := filepath.Join(t.TempDir(), "rules.json")
	writeFile(t, file, `[{"measurement":"m","field":"f","meter":"E1"}]`)
	config, err := json.Marshal(map[string]string{lineMappingFlag: file})
	if err != nil {
		t.Fatal(err)
	}
	if mappingOf(t, string(config)).mapping == nil {
		t.Error("the rules of a file of their own are not read")
	}
	two := []byte("[{\"measurement\":\"m\",\"field\":\"f\",\"meter\":\"E1\"}]\n[{\"measurement\":\"n\"}]")
	if err := new(lineMapping).read(two); err == nil || !strings.Contains(err.Error(), "line 2: more text after its end") {
		t.Errorf("two lists in one file: got %v, want a refusal of the second", err)
	}
}
