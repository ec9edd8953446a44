package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Every command's help answers, and each example in it is one that the command
// line takes: no flag that is gone, none that is needed and lacking.
func TestHelp_Examples(t *testing.T) {
	var cli CLI
	parser, err := kong.New(&cli, kong.Name("jouleline"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir("../.."); err != nil { // examples name files from the project's folder
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Chdir("cmd/jouleline"); err != nil {
			t.Error(err)
		}
	})
	continued := regexp.MustCompile(`\s*\\\n\s*`)
	word := regexp.MustCompile(`"[^"]*"|\S+`)
	examples := 0
	for _, command := range parser.Model.Leaves(true) {
		var out, complaints bytes.Buffer
		name := strings.Fields(command.FullPath())[1:]
		if code := run(t.Context(), append(name, "--help"), streams{&out, &complaints}); code != exitOK || !strings.Contains(out.String(), "Usage: jouleline "+strings.Join(name, " ")) || complaints.Len() > 0 {
			t.Errorf("%s --help: got exit code %d, %q and %q", command.FullPath(), code, &out, &complaints)
		}
		for line := range strings.Lines(continued.ReplaceAllString(command.Detail, " ")) {
			line, found := strings.CutPrefix(strings.TrimSpace(line), "jouleline ")
			if !found || !strings.HasPrefix(line, strings.Join(name, " ")) {
				continue
			}
			line, _, _ = strings.Cut(line, "   ") // what stands behind is a remark
			var args []string
			for _, text := range word.FindAllString(line, -1) {
				args = append(args, strings.Trim(text, `"`))
			}
			var fresh CLI
			p, err := kong.New(&fresh, kong.Name("jouleline"), kong.Exit(func(int) {}))
			if err != nil {
				t.Fatal(err)
			}
			examples++
			if _, err := p.Parse(args); err != nil && !strings.Contains(err.Error(), "no such file or directory") {
				t.Errorf("%s --help: jouleline %s: %v", command.FullPath(), line, err)
			}
		}
	}
	if examples < 20 {
		t.Errorf("got %d examples, want at least 20", examples)
	}
}
