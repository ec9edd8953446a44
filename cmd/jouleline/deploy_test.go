package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// deployFolder holds what the program is run by.
const deployFolder = "../../deploy/"

// parse parses arguments as main does, without running anything.
func parse(t testing.TB, args ...string) (*CLI, error) {
	t.Helper()
	var cli CLI
	parser, err := kong.New(&cli, kong.DefaultEnvars("JOULELINE"), kong.Bind(streams{io.Discard, io.Discard}), kong.Exit(func(int) {}),
		kong.Writers(io.Discard, io.Discard), kong.BindTo(t.Context(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return &cli, err
}

// environment lists the variables that some command reads.
func environment(t testing.TB) []string {
	t.Helper()
	parser, err := kong.New(&CLI{}, kong.DefaultEnvars("JOULELINE"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, node := range append([]*kong.Node{parser.Model.Node}, parser.Model.Leaves(false)...) {
		for _, group := range node.AllFlags(false) {
			for _, flag := range group {
				names = append(names, flag.Envs...)
			}
		}
	}
	if !slices.Contains(names, "JOULELINE_KAFKA") {
		t.Fatalf("no variable of --kafka among %d: the search went wrong", len(names))
	}
	return names
}

// Every variable that a file of deploy sets or speaks of is one that the program
// reads: a mistyped one would be ignored in silence.
func TestDeploy_VariablesAreRead(t *testing.T) {
	known := environment(t)
	variable := regexp.MustCompile(`\bJOULELINE_[A-Z0-9_]+`)
	for _, name := range []string{"compose.yaml", "Dockerfile", "jouleline.service", "CLUSTER.md", "RELEASE.md"} {
		text := read(t, name)
		for _, found := range variable.FindAllString(text, -1) {
			if !slices.Contains(known, found) {
				t.Errorf("deploy/%s: %s is read by nothing", name, found)
			}
		}
	}
}

// The command lines of compose.yaml are ones that the program takes, and every
// key of the file stands at a level where compose expects one.
func TestDeploy_ComposeCommands(t *testing.T) {
	services := readCompose(t)
	if got := keys(services); !slices.Equal(got, []string{"grafana", "influxdb", "jouleline", "kafka", "prometheus"}) {
		t.Fatalf("services: got %v, want grafana, influxdb, jouleline, kafka and prometheus", got)
	}
	for name, s := range services {
		for _, key := range []string{"image", "restart", "volumes", "healthcheck"} {
			if !slices.Contains(s.keys, key) {
				t.Errorf("service %s: has no %s", name, key)
			}
		}
	}
	command := services["jouleline"].command
	cli, err := parse(t, command...)
	if err != nil {
		t.Fatalf("command %v: %v", command, err)
	}
	flags := cli.Serve.ServerFlags
	if flags.Kafka != "kafka:9092" || flags.Listen != "0.0.0.0:8080" {
		t.Errorf("command %v: got brokers %q and address %q", command, flags.Kafka, flags.Listen)
	}
	if err := flags.validate(); err != nil {
		t.Error(err)
	}
	for _, line := range []string{"token create --scope admin", "ready", "serve"} {
		if _, err := parse(t, strings.Fields(line)...); err != nil {
			t.Errorf("jouleline %s: %v", line, err)
		}
	}
}

// The files of compose.yaml's secrets lie in one folder, which neither the repository
// nor the context of the image takes.
func TestDeploy_SecretsStayWhereTheyAre(t *testing.T) {
	for name, line := range map[string]string{"../.gitignore": "/deploy/secrets/", "Dockerfile.dockerignore": "deploy/secrets"} {
		if !slices.Contains(strings.Split(read(t, name), "\n"), line) {
			t.Errorf("deploy/%s: has no line %s", name, line)
		}
	}
	compose := read(t, "compose.yaml")
	files := regexp.MustCompile(`(?m)^    file: (\S+)$`).FindAllStringSubmatch(compose, -1)
	for _, file := range files {
		secret := strings.TrimPrefix(file[1], "./secrets/")
		if secret == file[1] || !regexp.MustCompile(`(?m)^#.*\b`+secret+`\b`).MatchString(compose) {
			t.Errorf("compose.yaml: secret %s is not in the folder, or its first lines do not say how it is made", file[1])
		}
	}
	if len(files) != 4 {
		t.Errorf("got %d secrets, want 4", len(files))
	}
}

// composeService is what the tests need of a service.
type composeService struct {
	keys    []string
	command []string
}

// readCompose reads the part of YAML that compose.yaml is written in: two spaces
// a level, no flow but in lists on one line.
func readCompose(t testing.TB) map[string]*composeService {
	t.Helper()
	services := map[string]*composeService{}
	var section, service, key string
	lines := bufio.NewScanner(strings.NewReader(read(t, "compose.yaml")))
	for number := 1; lines.Scan(); number++ {
		text := strings.TrimRight(lines.Text(), " ")
		word := strings.TrimLeft(text, " ")
		if word == "" || word[0] == '#' {
			continue
		}
		level := (len(text) - len(word)) / 2
		if (len(text)-len(word))%2 != 0 || strings.Contains(text, "\t") {
			t.Fatalf("compose.yaml:%d: indented by something else than pairs of spaces", number)
		}
		name, _, isKey := strings.Cut(word, ":")
		switch {
		case level == 0 && isKey:
			section = name
		case section != "services":
		case level == 1 && isKey:
			service = name
			services[service] = &composeService{}
		case level == 2 && isKey:
			key = name
			services[service].keys = append(services[service].keys, key)
		case level == 3 && key == "command":
			services[service].command = append(services[service].command, strings.Trim(strings.TrimPrefix(word, "- "), `"`))
		case level < 3:
			t.Fatalf("compose.yaml:%d: %q is no key", number, word)
		}
	}
	return services
}

func keys(services map[string]*composeService) (list []string) {
	for name := range services {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func read(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile(deployFolder + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
