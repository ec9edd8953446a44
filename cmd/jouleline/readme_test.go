package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fenced gives the lines of the first shell block after a heading of the README.
func fenced(t *testing.T, heading string) []string {
	t.Helper()
	content, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(content), heading)
	if !found {
		t.Fatalf("README has no heading %q", heading)
	}
	_, rest, _ = strings.Cut(rest, "```sh\n")
	block, _, _ := strings.Cut(rest, "```")
	return strings.Split(strings.TrimSpace(block), "\n")
}

// The five lines of the README, word for word but for the address.
func TestReadme_FiveLinesOfCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	s := mustServe(t, t.TempDir())
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var answers []string
	for _, line := range fenced(t, "## Five lines of curl") {
		line = strings.ReplaceAll(line, "http://127.0.0.1:8080", s.Server)
		line = strings.Replace(line, "./bin/jouleline", os.Args[0], 1)
		c := exec.CommandContext(t.Context(), "sh", "-c", line)
		c.Dir = root
		c.Env = append(os.Environ(), "JOULELINE_TEST_PROGRAM=1", "JOULELINE_SERVER="+s.Server)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
		answers = append(answers, string(out))
		s.settle()
	}
	if len(answers) != 5 {
		t.Fatalf("got %d lines, want five", len(answers))
	}
	for i, want := range []string{"meters    1\n", `"accepted":2`, `"quantity":3.5`, `"indicator":"energy_per_area"`, `"completion":"110.50"`} {
		if !strings.Contains(answers[i], want) {
			t.Errorf("line %d: got %s, want it to hold %s", i+1, answers[i], want)
		}
	}
}
