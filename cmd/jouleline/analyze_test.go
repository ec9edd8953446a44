package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// The analyses are commands of the program: their answers go to its output, and
// a mistake of the caller ends it with exit code 2.
func TestAnalyze_IsPartOfTheProgram(t *testing.T) {
	file := filepath.Join(t.TempDir(), "series.csv")
	writeFile(t, file, "time,value\n2020-01-01,5\n2021-01-01,4.5\n2022-01-01,4.1\n2023-01-01,3.6\n2024-01-01,3.2\n")
	torn := filepath.Join(t.TempDir(), "torn.csv")
	writeFile(t, torn, "time,value\n2021-01-01,5\n2020-01-01,4.5\n")
	f := func(code int, text, file string, args ...string) {
		t.Helper()
		var out, complaints bytes.Buffer
		got := run(t.Context(), append([]string{"analyze", "trend", "--input", file}, args...), streams{&out, &complaints})
		if all := out.String() + complaints.String(); got != code || !strings.Contains(all, text) {
			t.Errorf("%v: got exit code %d: %s\nwant %d and %q", args, got, all, code, text)
		}
	}
	f(exitOK, "theil-sen", file)
	f(exitUsage, "--time-zone", file, "--time-zone", "Nowhere/Else")
	f(exitFailed, "line 3", torn)
}
