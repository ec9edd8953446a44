package model

import (
	"math/rand/v2"
	"slices"

	"jouleline/schema"
)

// Random makes a life with everything that goes wrong: rollovers, swaps, resets,
// changes of the multiplier, gaps, spikes, sentinels, stale registers, clocks
// that jump, repeats, corrections, tombstones, late arrival and restarts.
func Random(random *rand.Rand) History {
	h := History{Kind: schema.Register, RegisterMax: 99_999_990_000, Step: 10_000, MaxRate: 60 * schema.Micro, Multiplier: 1}
	switch random.IntN(8) {
	case 0:
		h.Kind, h.RegisterMax = schema.Delta, 0
	case 1:
		h.Kind, h.RegisterMax = schema.Power, 0
	case 2:
		h.RegisterMax = 655_350_000
	case 3:
		h.RegisterMax = 0
	}
	if random.IntN(3) == 0 {
		h.MaxRate = 0
	}
	if random.IntN(4) == 0 {
		h.Multiplier = 40
		h.MaxRate *= 40
	}
	l := life{History: &h, random: random, shown: schema.Quantity(random.Int64N(100_000)) * schema.Micro}
	for range 4 + random.IntN(40) {
		l.hour()
	}
	l.shuffle()
	if random.IntN(2) == 0 {
		h.Profile = 1 + random.Uint64N(1_000_000)
	}
	return h
}

// life is a meter while it is being made up.
type life struct {
	*History
	random *rand.Rand
	at     int
	shown  schema.Quantity
}

// hour adds a reading, mostly an hour later, and what goes wrong with it.
func (l *life) hour() {
	length := 60
	if l.random.IntN(12) == 0 {
		length *= 1 + l.random.IntN(40)
	}
	start := l.at
	l.at += length
	used := schema.Quantity(l.random.Int64N(50)) * schema.Micro / 2
	l.shown += used * schema.Quantity(length) / 60
	if l.RegisterMax > 0 {
		l.shown %= l.RegisterMax + l.Step
	}
	s := Step{Do: Read, At: l.at, Received: l.at, Value: l.shown}
	if l.Kind != schema.Register {
		s.Value = used
	}
	if l.Kind == schema.Delta {
		s.Start = start - l.random.IntN(2)*l.random.IntN(2)*l.random.IntN(20)
	}
	l.spoil(&s)
	l.Steps = append(l.Steps, s)
	switch l.random.IntN(15) {
	case 0:
		s.Received += l.random.IntN(60)
		l.Steps = append(l.Steps, s)
	case 1:
		s.Value += schema.Quantity(l.random.Int64N(20)) * schema.Micro
		s.Revision, s.Received = int32(l.random.IntN(2)), s.Received+l.random.IntN(60)
		l.Steps = append(l.Steps, s)
	case 2:
		s.Revision, s.Deleted = 1, true
		l.Steps = append(l.Steps, s)
	}
}

// spoil lets something happen to the meter or to a reading of it.
func (l *life) spoil(s *Step) {
	switch l.random.IntN(50) {
	case 0:
		s.Value = 0
	case 1:
		s.Value = schema.Quantity(l.random.Int64N(200_000)) * schema.Micro
	case 2:
		s.Value = 42949672_960000
	case 3:
		l.shown = schema.Quantity(l.random.Int64N(5)) * schema.Micro // a reset that nobody tells of
	case 4:
		jump := l.random.IntN(10_000) // the clock goes wrong
		s.At, s.Start = s.At-jump, s.Start-jump
	case 5:
		if n := len(l.Steps); n > 2 {
			s.Value = l.Steps[n-2].Value // a stale register
		}
	case 6:
		s.Value = -s.Value
	case 7, 8:
		l.event()
	}
}

// event adds an event about now.
func (l *life) event() {
	e := Step{Do: Enter, At: l.at - l.random.IntN(2)*30, Event: schema.EventKind(1 + l.random.IntN(4))}
	if e.HasFinal = l.random.IntN(2) == 0; e.HasFinal {
		e.Final = l.shown
	}
	if e.HasInitial = l.random.IntN(2) == 0; e.HasInitial {
		e.Initial = schema.Quantity(l.random.Int64N(100)) * schema.Micro
		l.shown = e.Initial
	}
	if e.Event == schema.MultiplierChange {
		e.Multiplier = 1 + l.random.Int64N(3)
	}
	for i := range l.Steps { // one of a kind at a time, as the registry wants it
		if s := &l.Steps[i]; s.Do == Enter && s.At == e.At && s.Event == e.Event {
			return
		}
	}
	l.Steps = append(l.Steps, e)
}

// shuffle lets some come late, some together, and the program restart.
func (l *life) shuffle() {
	steps := l.Steps
	for k := range len(steps) / (1 + l.random.IntN(8)) {
		j := l.random.IntN(len(steps))
		steps[k], steps[j] = steps[j], steps[k]
	}
	for i := range steps {
		steps[i].Joined = i > 0 && l.random.IntN(3) > 0
	}
	for range l.random.IntN(3) {
		l.Steps = slices.Insert(l.Steps, l.random.IntN(len(l.Steps)+1), Step{Do: Restart})
	}
}
