package chance

import (
	"testing"
	"time"
)

func TestChoose(t *testing.T) {
	now := time.Unix(5, 7)
	f := func(setting, name string, want uint64) {
		t.Helper()
		if got, err := choose(setting, name, now); err != nil || got != want {
			t.Errorf("%q for %s: got %d, %v, want %d", setting, name, got, err, want)
		}
	}
	f("", "a", 0xaf63dc4c8601ec8c) // FNV-1a of "a", as its authors give it
	f("new", "a", 5_000_000_007)
	f("42", "a", 42)
	if _, err := choose("tomorrow", "a", now); err == nil {
		t.Error("tomorrow: got a seed, want an error")
	}
}
