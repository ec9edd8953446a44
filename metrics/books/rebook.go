package books

import (
	"slices"

	"jouleline/schema"
)

// Anchors is how many plainly accepted readings before a change a window must
// begin with, so that judging it from its first reading gives the same as
// judging the meter from its beginning: the first opens the run, the second may
// become the previous of a head, the third may be a head that turns out wrong.
const Anchors = 3

// Window is a run of stored readings of one meter that a change is booked in.
type Window struct {
	// Points are all stored versions, sorted by [Sort].
	Points []Point
	// Anchored tells that the first point is plainly accepted and that Anchors
	// plainly accepted points come before the change. Otherwise the window
	// begins with the meter's first reading.
	Anchored bool
	// Until is the last instant that the window holds all readings of;
	// schema.MaxInstant where it reaches the end.
	Until schema.Instant
}

// Change is what late readings change in the books of a meter.
type Change struct {
	Entries []Entry
	// Codes lists the readings whose code changed.
	Codes []CodeChange
	// End is the state after the window, Seen the time of its latest reading.
	End  State
	Seen schema.Instant
	// Converged tells that nothing after the window changes. Where it is false
	// the caller asks again with a window that reaches further.
	Converged bool
}

// CodeChange is a new code of one reading.
type CodeChange struct {
	Time, Start schema.Instant
	Kind        schema.Kind
	Register    uint8
	Code        schema.Code
}

// Rebook books late readings into a window: what was booked for the stored
// readings is booked out, what follows from all of them is booked in.
func Rebook(m *Meter, w Window, late []Point) Change {
	all := slices.Concat(w.Points, late)
	Sort(all)
	before, after := Resolve(w.Points), Resolve(all)
	old := Judge(m, before, w.Anchored, w.Until)
	now := Judge(m, after, w.Anchored, w.Until)
	seen := schema.Instant(0)
	if len(all) > 0 {
		seen = all[len(all)-1].Time
	}
	return Change{
		Seen:      seen,
		Entries:   Diff(old.Spans, now.Spans, m.Zone),
		Codes:     codeChanges(before, old.Codes, after, now.Codes),
		End:       now.End,
		Converged: w.Until >= schema.MaxInstant || (old.End == now.End && now.End.Pending.Count == 0 && lastIsCommon(before, after)),
	}
}

// lastIsCommon tells that both runs end with the same reading.
func lastIsCommon(before, after []Point) bool {
	return len(before) > 0 && len(after) > 0 && identity(&before[len(before)-1], &after[len(after)-1]) == 0
}

// codeChanges merges two judged runs, both sorted by identity.
func codeChanges(before []Point, old []schema.Code, after []Point, now []schema.Code) []CodeChange {
	var changes []CodeChange
	note := func(p *Point, code schema.Code) {
		changes = append(changes, CodeChange{p.Time, p.Start, p.Kind, p.Register, code})
	}
	i, k := 0, 0
	for i < len(before) || k < len(after) {
		order := 0
		switch {
		case i == len(before):
			order = 1
		case k == len(after):
			order = -1
		default:
			order = identity(&before[i], &after[k])
		}
		switch {
		case order < 0: // taken back by a tombstone
			if old[i] != schema.Accepted {
				note(&before[i], schema.Accepted)
			}
			i++
		case order > 0:
			if now[k] != schema.Accepted {
				note(&after[k], now[k])
			}
			k++
		default:
			if old[i] != now[k] {
				note(&after[k], now[k])
			}
			i++
			k++
		}
	}
	return changes
}
