package store

import (
	"testing"

	"jouleline/schema"
)

func TestMutes_KeptAndLiftedOnce(t *testing.T) {
	s := mustOpen(t, t.TempDir()+"/books.duckdb")
	defer mustClose(t, s)
	ctx := t.Context()
	m := schema.Mute{Meter: "W1", Cause: "leak", Reason: "plumber's coming; '); DROP TABLE mutes", Author: "token 1", Created: 5, Until: 90}
	id, err := s.AddMute(ctx, m)
	if err != nil || id != 1 {
		t.Fatalf("got id %d, %v, want 1", id, err)
	}
	if id, err = s.AddMute(ctx, schema.Mute{Meter: "E1", Cause: "swap", Until: 7}); err != nil || id != 2 {
		t.Fatalf("got id %d, %v, want 2", id, err)
	}
	for _, want := range []bool{true, false} {
		if found, err := s.LiftMute(ctx, 1, "token 2", 50); err != nil || found != want {
			t.Errorf("lift: got %v, %v, want %v: only once", found, err, want)
		}
	}
	mutes, err := s.Mutes(ctx)
	m.ID, m.Lifted, m.LiftedBy = 1, 50, "token 2"
	if err != nil || len(mutes) != 2 || mutes[0].Meter != "E1" || mutes[1] != m {
		t.Errorf("got %+v, %v, want the youngest first and %+v", mutes, err, m)
	}
	if mutes[1].InForce(10) || !mutes[0].InForce(6) || mutes[0].InForce(7) {
		t.Errorf("a lifted mute is in force, or one that ended: %+v", mutes)
	}
}
