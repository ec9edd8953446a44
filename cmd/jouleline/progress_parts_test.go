package main

import (
	"strings"
	"testing"
)

// A breakdown names each part and gives its indicators as the whole's are given,
// to be read without counting digits.
func TestProgress_ByParts(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder("../../schema/registry/testdata/example")
	f := func(by string, want ...string) {
		t.Helper()
		code, out, errors := s.cli("progress", "--region", "370000", "--year", "2023", "--by", by)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if code != exitOK || len(lines) != 4+4*len(want) {
			t.Fatalf("%s: got exit code %d, %q and\n%s", by, code, errors, out)
		}
		for i, start := range want {
			for _, line := range lines[4+4*i : 8+4*i] {
				if !strings.HasPrefix(line, start) {
					t.Errorf("%s: got %q, want it to begin with %q", by, line, start)
				}
			}
			if line := lines[4+4*i]; !strings.HasSuffix(line, "energy_per_area    kgce/m2      6.145000   5.805480   5.53         5         110.50        3       yes      met: the target is reached") {
				t.Errorf("%s: got %q", by, line)
			}
		}
	}
	f("institution", "total        山东省    1/1      ", "S1           第一中学  1/1      ")
	f("region", "total   山东省  1/1      ", "370100  济南市  1/1      ")
}
