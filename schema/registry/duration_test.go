package registry

import (
	"testing"

	"jouleline/schema"
)

func TestParseDuration(t *testing.T) {
	f := func(text string, ms int64, canonical string) {
		t.Helper()
		got, _, err := parseDuration(text)
		if err != nil || got != ms || durationText(got) != canonical {
			t.Errorf("%s: got %d %s, %v; want %d %s", text, got, durationText(got), err, ms, canonical)
		}
	}
	f("PT15M", 15*schema.Minute, "PT15M")
	f("PT1H", schema.Hour, "PT1H")
	f("PT90M", 90*schema.Minute, "PT1H30M")
	f("P1D", 24*schema.Hour, "P1D")
	f("P1DT12H", 36*schema.Hour, "P1DT12H")
	f("P2W", 14*24*schema.Hour, "P14D")
	f("P1M", 31*24*schema.Hour, "P31D")
	f("P1Y", 366*24*schema.Hour, "P366D")
	f("PT10S", 10*schema.Second, "PT10S")
	f("PT86400S", 24*schema.Hour, "P1D")

	refused := func(text string) {
		t.Helper()
		if ms, _, err := parseDuration(text); err == nil {
			t.Errorf("%q is taken as %d ms", text, ms)
		}
	}
	for _, text := range []string{"", "P", "PT", "T1H", "1H", "PT1", "P1H", "PT1D", "PT1H1H", "PT1M1H", "PT0S", "P-1D", "PT1.5H", "P1DT", "P99999999Y99999999M", "P9999D", "pt1h", "PT999999999S"} {
		refused(text)
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"PT15M", "P1DT12H", "P1Y2M3W4DT5H6M7S", "P99999999Y", "PTT", "P1M"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ms, _, err := parseDuration(text)
		if err != nil {
			return
		}
		if ms < minDuration || ms > maxDuration {
			t.Fatalf("%q: got %d ms", text, ms)
		}
		if again, _, err := parseDuration(durationText(ms)); err != nil || again != ms {
			t.Fatalf("%q: %d ms is written as %s and read as %d, %v", text, ms, durationText(ms), again, err)
		}
	})
}
