package store

import (
	"sync"

	"jouleline/metrics/posting"
	"jouleline/store/pack"
)

// unpackAhead is from how many readings of a meter on those of the next are unpacked
// while it is visited: months of quarter hours, which take milliseconds.
const unpackAhead = 4096

// walk goes through the readings that a gathering found, meter by meter.
type walk struct {
	*gathering
	dealt []posting.Reading
	hands []hand
	left  []packPart
	most  int // readings of a meter
	// What follows is room that is used again.
	sorter sorter
	packer pack.Packer
}

// next puts the readings of the next meter that has any into a room, sorted; none
// where all were visited.
func (w *walk) next(room []posting.Reading) ([]posting.Reading, error) {
	room = room[:0]
	for len(room) == 0 && (len(w.left) > 0 || len(w.hands) > 0) { // all of a meter may lie in packs, and none be wanted
		var err error
		if room, err = w.meter(room); err != nil {
			return nil, err
		}
	}
	return room, nil
}

// meter puts the readings of the next meter into an empty room.
func (w *walk) meter(room []posting.Reading) ([]posting.Reading, error) {
	var meter int32
	switch {
	case len(w.hands) == 0:
		meter = w.left[0].meter
	case len(w.left) == 0:
		meter = w.hands[0].meter
	default:
		meter = min(w.left[0].meter, w.hands[0].meter)
	}
	if cap(room) < w.most {
		rooms.give(room)
		room = rooms.take(w.most)
	}
	for ; len(w.left) > 0 && w.left[0].meter == meter; w.left = w.left[1:] {
		p, at := &w.left[0], len(room)
		var err error
		if room, err = decodePack(&w.packer, room, meter, w.data[p.from:p.to]); err != nil {
			return nil, err
		}
		room = room[:at+copy(room[at:], within(room[at:], p.lo, p.hi, w.knownAt))]
	}
	if len(w.hands) > 0 && w.hands[0].meter == meter {
		room = append(room, w.dealt[w.hands[0].from:w.hands[0].to]...)
		w.hands = w.hands[1:]
	}
	w.sorter.sort(room)
	return room, nil
}

// roomPool keeps rooms from one question to the next: a year of quarter hours is 4 MB.
type roomPool struct{ pool sync.Pool }

var rooms roomPool

// take gives an empty room for so many readings.
func (p *roomPool) take(readings int) []posting.Reading {
	if room, ok := p.pool.Get().(*[]posting.Reading); ok && cap(*room) >= readings {
		return (*room)[:0]
	}
	return make([]posting.Reading, 0, readings)
}

// give takes a room back. Original texts of readings that stay in it are kept from
// being freed for a while; few have any.
func (p *roomPool) give(room []posting.Reading) {
	if cap(room) > 0 {
		p.pool.Put(&room)
	}
}

// each visits one meter after the other.
func (w *walk) each(visit func([]posting.Reading) error) error {
	var room []posting.Reading
	defer func() { rooms.give(room) }()
	for {
		var err error
		if room, err = w.next(room); err != nil || len(room) == 0 {
			return err
		}
		if err := visit(room); err != nil {
			return err
		}
	}
}

// ahead does the same, and unpacks the next meter meanwhile, in a second room.
func (w *walk) ahead(visit func([]posting.Reading) error) error {
	type filled struct {
		room []posting.Reading
		err  error
	}
	full, empty := make(chan filled), make(chan []posting.Reading, 2)
	empty <- nil
	empty <- nil
	go func() {
		defer close(full)
		for room := range empty {
			room, err := w.next(room)
			if err == nil && len(room) == 0 {
				rooms.give(room)
				return
			}
			full <- filled{room, err}
			if err != nil {
				return
			}
		}
	}()
	defer func() { // it is waited for, where a visit fails too
		close(empty)
		for f := range full {
			rooms.give(f.room)
		}
		for room := range empty {
			rooms.give(room)
		}
	}()
	for f := range full {
		if f.err != nil {
			return f.err
		}
		if err := visit(f.room); err != nil {
			return err
		}
		empty <- f.room
	}
	return nil
}
