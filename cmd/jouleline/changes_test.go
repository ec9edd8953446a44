package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// The table shows what the documented answer holds.
func TestPrintProgress_Changes(t *testing.T) {
	changes, err := os.ReadFile("../../api/examples/progress_changes.json")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := printProgress(&out, []byte(`{"indicators":[],"changes":`+string(changes)+`}`)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"entered since: 1 institutions, left: 1", "by those that stayed", "人民医院", "left", "S12", "entered", "carbon_per_area"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got\n%s\nwant %q in it", &out, want)
		}
	}
}
