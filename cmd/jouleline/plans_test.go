package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A plan is added by a file: check reads it, and the example in the documentation
// is one.
func TestCheck_ReadsPlans(t *testing.T) {
	f := func(folder string, code int, want string) {
		t.Helper()
		var out, complaints bytes.Buffer
		if got := run(t.Context(), []string{"check", "--plans", folder}, streams{&out, &complaints}); got != code || !strings.Contains(out.String()+complaints.String(), want) {
			t.Errorf("%s: got %d: %s%s, want %d: %q", folder, got, &out, &complaints, code, want)
		}
	}
	f("../../docs/plans", exitOK, "good: 2025 to 2030, compound, 6 targets, 1 caps")
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "mine.json"), []byte(`{"name":"mine"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	f(broken, exitFailed, "plan file mine.json")
}

func TestReadPlans_TheDefaultStaysFirst(t *testing.T) {
	plans, err := readPlans("../../docs/plans")
	if err != nil || len(plans) != 2 || plans[0].Name != "14fyp" || plans[1].Name != "15fyp-example" {
		t.Errorf("got %v, %v, want 14fyp and the example", plans, err)
	}
}
