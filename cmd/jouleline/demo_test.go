package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// A demo that was stopped while it loaded is whole after the next start, and one
// that is whole is not loaded again.
func TestDemo_GoesOnAfterInterrupt(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the demo")
	}
	flags := embedded(t.TempDir())
	s := mustServeWith(t, flags, os.Stderr)
	s.importFolder("../../schema/registry/testdata/example") // a registry with meters, and nothing more: as far as the first load came
	s.stop()
	load := func() (table, bars string) {
		var out, progress bytes.Buffer
		demo := DemoCmd{ServerFlags: flags, Once: true}
		if err := demo.Run(t.Context(), streams{&out, &progress}); err != nil {
			t.Fatal(err)
		}
		return out.String(), progress.String()
	}
	table, bars := load()
	if !strings.Contains(table, "320 of 320 institutions counted") || !strings.Contains(bars, "simulated Shandong") {
		t.Errorf("after an interrupted load: got\n%s\n%.300s", table, bars)
	}
	table, bars = load()
	if !strings.Contains(table, "320 of 320 institutions counted") || bars != "" {
		t.Errorf("a second start: got\n%s\n%.300s, want nothing loaded", table, bars)
	}
}
