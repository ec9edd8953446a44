package books

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jouleline/schema"
)

var (
	histories = flag.Int("histories", 3000, "number of random histories")
	seedFlag  = flag.Uint64("seed", 0, "seed of the random histories; 0 takes the clock")
)

// engine books one meter's readings as they arrive: quick where it can, quietly
// pending where it may, by windows otherwise. It is what the pipeline does,
// without a store.
type engine struct {
	meter  *Meter
	stored []Point
	codes  map[string]schema.Code // by identity, readings that are not plain
	ledger map[string]Entry
	state  State
	quick  Quick
	seen   schema.Instant
	fast   bool
	random *rand.Rand
}

func key(p *Point) string { return fmt.Sprint(p.Time, p.Kind, p.Register, p.Start) }

func (e *engine) post(entries []Entry) {
	for _, n := range entries {
		k := fmt.Sprint(n.Day, n.Cause)
		old := e.ledger[k]
		n.Quantity += old.Quantity
		n.Known += old.Known
		n.Estimated += old.Estimated
		e.ledger[k] = n
		if n.IsZero() {
			delete(e.ledger, k)
		}
	}
}

func (e *engine) arrive(batch []Point) {
	var late []Point
	for _, p := range batch {
		if len(late) == 0 && e.fast {
			if e.quick.Repeats(&p) {
				e.stored = append(e.stored, p)
				continue
			}
			if span, ok := e.quick.Next(&p); ok {
				e.post(Entries([]Span{span}, e.meter.Zone))
				e.stored = append(e.stored, p)
				continue
			}
		}
		if len(late) == 0 && !e.fast {
			if next, quiet := e.meter.Hold(&e.state, e.seen, &p); quiet {
				e.state = next
				e.codes[key(&p)] = schema.Pending
				e.stored, e.seen = append(e.stored, p), p.Time
				continue
			}
		}
		late = append(late, p)
	}
	if len(late) > 0 {
		e.rebook(late)
	}
}

func (e *engine) rebook(late []Point) {
	Sort(e.stored)
	first := slices.MinFunc(late, func(a, b Point) int { return int(a.Time - b.Time) }).Time
	last := slices.MaxFunc(late, func(a, b Point) int { return int(a.Time - b.Time) }).Time
	w := Window{Points: e.stored, Until: schema.MaxInstant}
	// Begin at a random plain reading that leaves enough anchors.
	var plain []int
	winners := map[string]bool{}
	for _, p := range Resolve(e.stored) {
		winners[key(&p)] = true
	}
	for i := range e.stored {
		p := &e.stored[i]
		if p.Time < first && winners[key(p)] && e.codes[key(p)] == schema.Accepted && (i == 0 || identity(&e.stored[i-1], p) != 0) {
			plain = append(plain, i)
		}
	}
	if len(plain) >= Anchors {
		at := plain[e.random.IntN(len(plain)-Anchors+1)]
		w.Points, w.Anchored = e.stored[at:], true
	}
	all := w.Points
	for end := 0; end < len(all); end += 1 + e.random.IntN(5) {
		if end > 0 && all[end-1].Time == all[end].Time || end == 0 || all[end-1].Time <= last {
			continue
		}
		w.Points, w.Until = all[:end], all[end-1].Time
		if c := Rebook(e.meter, w, late); c.Converged {
			e.apply(c, late, false)
			return
		}
	}
	w.Points, w.Until = all, schema.MaxInstant
	e.apply(Rebook(e.meter, w, late), late, true)
}

func (e *engine) apply(c Change, late []Point, toEnd bool) {
	e.post(c.Entries)
	for _, change := range c.Codes {
		p := Point{Time: change.Time, Start: change.Start, Kind: change.Kind, Register: change.Register}
		if change.Code == schema.Accepted {
			delete(e.codes, key(&p))
		} else {
			e.codes[key(&p)] = change.Code
		}
	}
	e.stored = append(e.stored, late...)
	if toEnd {
		e.state, e.seen = c.End, c.Seen
		e.quick, e.fast = e.meter.Quick(&e.state, c.Seen)
	}
}

// randomHistory makes a register's life with everything that goes wrong.
func randomHistory(t testing.TB, random *rand.Rand) (*Meter, []Point) {
	m := registerMeter(t)
	if random.IntN(3) == 0 {
		m.Eras[0].MaxRate = 0
	}
	if random.IntN(3) == 0 {
		m.Eras[0].RegisterMax, m.Eras[0].Modulus = 0, 0
	}
	if random.IntN(4) == 0 {
		m.Multiplier = schema.Ratio{Num: 40, Den: 1}
		m.Eras[0].MaxRate *= 40
	}
	shown := schema.Quantity(random.Int64N(100000)) * schema.Micro
	at := instant(t, "04-29T20:00")
	var points []Point
	for range 5 + random.IntN(40) {
		step := schema.Instant(schema.Hour)
		if random.IntN(12) == 0 {
			step *= schema.Instant(1 + random.IntN(40))
		}
		at += step
		shown += schema.Quantity(random.Int64N(50)) * schema.Micro / 2 * schema.Quantity(step) / schema.Quantity(schema.Hour)
		if m.Eras[0].Modulus > 0 {
			shown %= m.Eras[0].Modulus
		}
		p := Point{Time: at, Value: shown, Unit: schema.KilowattHour, Kind: schema.Register, Received: at}
		switch random.IntN(40) {
		case 0:
			p.Value = 0
		case 1:
			p.Value = schema.Quantity(random.Int64N(200000)) * schema.Micro
		case 2:
			p.Value = quantity(t, "42949672.96")
		case 3:
			shown = schema.Quantity(random.Int64N(5)) * schema.Micro // an unannounced reset
		case 4:
			e := schema.Event{Kind: schema.EventKind(1 + random.IntN(4)), Time: at - schema.Instant(random.IntN(2))*1800_000}
			e.HasFinal, e.Final = random.IntN(2) == 0, shown
			e.HasInitial, e.Initial = random.IntN(2) == 0, schema.Quantity(random.Int64N(100))*schema.Micro
			if e.Kind == schema.MultiplierChange {
				e.Multiplier = schema.Ratio{Num: int64(1 + random.IntN(3)), Den: 1}
			}
			m.Events = append(m.Events, e)
			if e.HasInitial {
				shown = e.Initial
			}
		}
		points = append(points, p)
		switch random.IntN(15) {
		case 0: // a repeat
			p.Received += schema.Instant(random.Int64N(schema.Hour))
			points = append(points, p)
		case 1: // a correction
			p.Value += schema.Quantity(random.Int64N(20)) * schema.Micro
			p.Revision = int32(random.IntN(2))
			p.Received += schema.Instant(random.Int64N(schema.Hour))
			points = append(points, p)
		case 2: // a tombstone
			p.Revision, p.Deleted = 1, true
			points = append(points, p)
		}
	}
	return m, points
}

// Any order and any batches give the books that judging all readings at once
// gives.
func TestRebook_AnyOrderGivesTheSameBooks(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	for n := range uint64(*histories) {
		random := rand.New(rand.NewPCG(seed, n))
		m, points := randomHistory(t, random)
		all := slices.Clone(points)
		Sort(all)
		winners := Resolve(all)
		want := Judge(m, winners, false, schema.MaxInstant)
		wanted := &engine{meter: m, ledger: map[string]Entry{}}
		wanted.post(Entries(want.Spans, m.Zone))

		for k := range len(points) / (1 + random.IntN(8)) { // some come late
			i, j := k, random.IntN(len(points))
			points[i], points[j] = points[j], points[i]
		}
		e := &engine{meter: m, codes: map[string]schema.Code{}, ledger: map[string]Entry{}, random: random}
		// Events alone can bound a span: they are booked when they are entered.
		e.post(Entries(Judge(m, nil, false, schema.MaxInstant).Spans, m.Zone))
		for len(points) > 0 {
			size := 1 + random.IntN(min(6, len(points)))
			e.arrive(points[:size])
			points = points[size:]
		}
		if !maps.Equal(e.ledger, wanted.ledger) {
			t.Fatalf("-seed %d history %d: the ledger differs:\n got %v\nwant %v\nevents %v\nwinners %v", seed, n, e.ledger, wanted.ledger, m.Events, winners)
		}
		codes := map[string]schema.Code{}
		for i := range winners {
			if want.Codes[i] != schema.Accepted {
				codes[key(&winners[i])] = want.Codes[i]
			}
		}
		if !maps.Equal(e.codes, codes) {
			t.Fatalf("-seed %d history %d: the codes differ:\n got %v\nwant %v", seed, n, e.codes, codes)
		}
	}
}

// Parts of spans sum to them exactly, however they are cut.
func TestSpan_PartsSumExactly(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 2000 {
		from := schema.Instant(random.Int64N(1_700_000_000_000))
		s := Span{From: from, To: from + 1 + schema.Instant(random.Int64N(90*24*schema.Hour)), Quantity: schema.Quantity(random.Int64N(5_000_000_000_000))}
		sum, known := schema.Quantity(0), int64(0)
		s.Days(shanghai, func(day schema.Day, q schema.Quantity, ms int64) {
			var hours schema.Quantity
			for at := shanghai.Start(day); at < shanghai.Start(day+1); at += schema.Instant(schema.Hour) {
				part, _ := s.Part(at, at+schema.Instant(schema.Hour))
				hours += part
			}
			if hours != q {
				t.Fatalf("%v: the hours of %s sum to %s, want %s", s, day, hours, q)
			}
			sum += q
			known += ms
		})
		if sum != s.Quantity || known != s.To.Sub(s.From) {
			t.Fatalf("%v: parts sum to %s over %d ms", s, sum, known)
		}
	}
}
