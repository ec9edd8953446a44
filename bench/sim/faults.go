package sim

import (
	"math/rand/v2"

	"jouleline/schema"
)

// recent is how many readings back a repeat or a correction reaches.
const recent = 4096

// faults brings a load into disorder.
type faults struct {
	rng *rand.Rand
	// limits are the parts in the order of the draw, as limits of 64 random bits.
	gap, spike, lateDay, lateWeek, repeat, correct uint64

	steps map[int][]Sample // late readings by the step at which they come
	due   []Sample         // those of this step that have not come yet
	begun int              // the step that due belongs to
	day   int              // steps of a day
	most  int              // the last step at which something is due

	ring      [recent]Sample
	corrected [recent]bool // so that no reading drifts away by corrections
	seen      int
	tail      bool // the registers are at their end
}

func newFaults(config LoadConfig, rng *rand.Rand) *faults {
	f := &faults{rng: rng, steps: map[int][]Sample{}, begun: -1, day: max(1, int(24*schema.Hour/config.Interval))}
	sum, d := 0.0, config.Disorder
	for _, part := range []struct {
		limit *uint64
		part  float64
	}{{&f.gap, d.Gaps}, {&f.spike, d.Spikes}, {&f.lateDay, d.LateDay}, {&f.lateWeek, d.LateWeek}, {&f.repeat, d.Repeats}, {&f.correct, d.Corrections}} {
		sum += part.part
		*part.limit = uint64(sum * (1 << 62))
	}
	return f
}

// next gives the next reading in disorder.
func (f *faults) next(l *Load, dst *Sample) bool {
	for {
		if f.tail {
			return f.flush(l, dst)
		}
		if f.begun != l.step {
			f.take(l.step)
		}
		// late readings are spread evenly over the step, all come before its end
		if n := len(f.due); n > 0 && f.rng.IntN(n+l.config.Meters-l.meter) < n {
			f.late(l, dst)
			return true
		}
		draw := f.rng.Uint64() >> 2
		if draw >= f.repeat && draw < f.correct && f.correction(l, dst) {
			return true
		}
		if draw >= f.lateWeek && draw < f.repeat && f.seen > 0 {
			*dst = f.ring[f.rng.IntN(min(f.seen, recent))]
			dst.Received = l.time + schema.Instant(3*schema.Second)
			return true
		}
		m, value, ok := l.next()
		if !ok {
			f.tail = true
			continue
		}
		l.sample(dst, m, value)
		switch {
		case draw < f.gap:
			continue
		case draw < f.spike:
			dst.Value = 42_949_672_960_000 // a failed read-out: 2^32 hundredths
			return true
		case draw < f.lateDay:
			f.delay(l, dst, 1+f.rng.IntN(f.day))
			continue
		case draw < f.lateWeek:
			f.delay(l, dst, 1+f.rng.IntN(7*f.day))
			continue
		}
		f.ring[f.seen%recent], f.corrected[f.seen%recent] = *dst, false
		f.seen++
		return true
	}
}

// delay puts a reading aside.
func (f *faults) delay(l *Load, s *Sample, steps int) {
	step := l.step + steps
	f.steps[step] = append(f.steps[step], *s)
	f.most = max(f.most, step)
}

// late gives one of the readings that are due.
func (f *faults) late(l *Load, dst *Sample) {
	last := len(f.due) - 1
	*dst = f.due[last]
	f.due = f.due[:last]
	dst.Received = l.time + schema.Instant(4*schema.Second)
}

// correction gives a recent reading once more, a hundredth higher or lower. A
// correction is repeated like any other reading.
func (f *faults) correction(l *Load, dst *Sample) bool {
	if f.seen == 0 {
		return false
	}
	i := f.rng.IntN(min(f.seen, recent))
	if f.corrected[i] {
		return false
	}
	random, s := f.rng.Uint64(), &f.ring[i]
	atMost := s.Value == registerMax*cent || s.Value == smallRegisterMax*cent
	if s.Value >= cent && (random&1 == 0 || atMost) {
		s.Value -= cent
	} else {
		s.Value += cent
	}
	if random&2 == 0 {
		s.Revision++
	}
	s.Received = max(s.Received, l.time) + schema.Instant(5*schema.Second)
	f.corrected[i] = true
	*dst = *s
	return true
}

// flush gives what is still late when the registers are at their end.
func (f *faults) flush(l *Load, dst *Sample) bool {
	for len(f.due) == 0 {
		if f.begun == l.step {
			l.step++
			l.time = l.timeOf(l.step)
		}
		if l.step > f.most {
			return false
		}
		f.take(l.step)
	}
	f.late(l, dst)
	return true
}

// take makes the readings of a step due.
func (f *faults) take(step int) {
	f.due, f.begun = append(f.due, f.steps[step]...), step
	delete(f.steps, step)
}
