package world_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"jouleline/api/world"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// stored is a store of two versions, recorded at 1000 and 2000.
type stored struct {
	asked int
	err   error
}

func (s *stored) RegistryTables(_ context.Context, knownAt schema.Instant) (map[string][]byte, schema.Instant, error) {
	s.asked++
	switch {
	case s.err != nil:
		return nil, 0, s.err
	case knownAt < 1000:
		return nil, 0, nil
	case knownAt < 2000:
		return map[string][]byte{"regions.csv": []byte("code,name\n1,a\n")}, 1000, nil
	}
	return map[string][]byte{"regions.csv": []byte("code,name\n1,a\n2,b\n")}, 2000, nil
}

func TestHistory(t *testing.T) {
	s := &stored{}
	h := world.NewHistory(s, registry.Options{}, func() time.Time { return time.UnixMilli(3_000_000) })
	ask := func(knownAt schema.Instant) *registry.Registry {
		t.Helper()
		reg, err := h.RegistryAt(context.Background(), knownAt)
		if err != nil {
			t.Fatal(err)
		}
		return reg
	}
	if got := len(ask(5).Regions); got != 0 {
		t.Errorf("before anything was recorded: got %d regions, want none", got)
	}
	first, second := ask(1500), ask(2500)
	if len(first.Regions) != 1 || len(second.Regions) != 2 {
		t.Errorf("got %d and %d regions, want 1 and 2", len(first.Regions), len(second.Regions))
	}
	if ask(1999) != first || ask(1500) != first {
		t.Error("got another registry for a moment of the same version")
	}
	before := s.asked
	ask(1500)
	if s.asked != before {
		t.Error("a moment that is long past was looked up again")
	}
	recent := schema.Instant(3_000_000 - 1000) // something may still be recorded for it
	ask(recent)
	before = s.asked
	if ask(recent) != second || s.asked != before+1 {
		t.Errorf("got %d look-ups of a moment just past, want one each time", s.asked-before)
	}
	for knownAt := schema.Instant(3000); knownAt < 4000; knownAt++ {
		ask(knownAt)
	}
	if ask(1500) != first {
		t.Error("a version was forgotten though few were asked for")
	}
	s.err = errors.New("gone")
	if _, err := h.RegistryAt(context.Background(), 2999_000); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("got %v, want the store's error", err)
	}
}
