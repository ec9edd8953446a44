package pipeline

import (
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// head is what is kept in memory of a meter: enough for the ordinary next
// reading, and nothing that the store could not give again.
type head struct {
	quick books.Quick
	// ready tells that quick may judge; else state, or the store, is asked.
	ready bool
	// lateIn is the batch in which a reading of the meter went the late way: the
	// rest of that batch follows it.
	lateIn uint32
	// first and seen are the times of the first and latest stored reading;
	// first is after seen where there is none.
	first, seen schema.Instant
	// sum is the entry that the present batch is adding up; sumIn is that batch.
	sum   books.Entry
	sumIn uint32
}

// heads holds the memory of all meters.
type heads struct {
	list []head
	// states are those of meters whose readings wait for what follows.
	states map[int32]*books.State
	// retired gives, of meters whose older readings were let go, the moment up to
	// which their books stand for good.
	retired map[int32]schema.Instant
	// apart lists, sorted, the times of readings that are not plainly accepted.
	apart map[int32][]schema.Instant
}

func newHeads(start *posting.Start) *heads {
	h := &heads{states: map[int32]*books.State{}, apart: map[int32][]schema.Instant{}, retired: map[int32]schema.Instant{}}
	h.grow(len(start.Meters))
	for _, k := range start.Known {
		h.grow(int(k.Meter) + 1)
		h.list[k.Meter].first, h.list[k.Meter].seen = k.First, k.Seen
	}
	h.retire(start.Retired)
	for _, c := range start.Codes {
		h.note(c.Meter, c.CodeChange)
	}
	return h
}

// grow makes room for meters up to a number.
func (h *heads) grow(meters int) {
	for len(h.list) < meters {
		h.list = append(h.list, head{first: schema.MaxInstant + 1, seen: -1})
	}
}

// retire takes note of meters whose older readings were let go.
func (h *heads) retire(list []posting.Retired) {
	for _, r := range list {
		h.retired[r.Meter] = r.Until
		h.list[r.Meter].first = r.First
		times := h.apart[r.Meter]
		at, _ := slices.BinarySearch(times, r.First)
		if at == len(times) {
			delete(h.apart, r.Meter)
		} else if at > 0 {
			h.apart[r.Meter] = slices.Clone(times[at:])
		}
	}
}

// isNew tells that nothing of the meter is stored.
func (h *head) isNew() bool { return h.seen < 0 }

// forget drops what was concluded about a meter: its facts changed.
func (h *heads) forget(meter int32) {
	h.list[meter].ready = false
	delete(h.states, meter)
}

// settle keeps the state after a meter's latest reading.
func (h *heads) settle(meter int32, facts *books.Meter, state books.State) {
	d := &h.list[meter]
	if d.quick, d.ready = facts.Quick(&state, d.seen); d.ready {
		delete(h.states, meter)
		return
	}
	h.states[meter] = &state
}

// note keeps a verdict.
func (h *heads) note(meter int32, c books.CodeChange) {
	times := h.apart[meter]
	at, found := slices.BinarySearch(times, c.Time)
	switch {
	case c.Code != schema.Accepted && !found:
		h.apart[meter] = slices.Insert(times, at, c.Time)
	case c.Code == schema.Accepted && found:
		// Another register's reading of the same time may still stand apart: a
		// time with two winners makes no anchor, so nothing asks for it.
		if times = slices.Delete(times, at, at+1); len(times) == 0 {
			delete(h.apart, meter)
		} else {
			h.apart[meter] = times
		}
	}
}

// isPlain tells that no reading of that time is known to stand apart.
func (h *heads) isPlain(meter int32, t schema.Instant) bool {
	_, found := slices.BinarySearch(h.apart[meter], t)
	return !found
}
