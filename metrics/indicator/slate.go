package indicator

import (
	"jouleline/metrics/exact"
	"jouleline/schema"
)

// slate is what stands about one institution, or about a region of its own, in
// one period, before it is decided what serves. The arrays mean something only
// where the sets say so.
type slate struct {
	data    slotSet // something is metered
	expects slotSet // a counted meter should have reported
	claimed slotSet // something is declared and may serve
	stated  slotSet // something is declared for the year, even if it cannot serve for a part of it
	usage   [slotCount]metering
	claim   [slotCount]schema.Quantity
	// energy and carbon are declared totals, kgce and kgCO2.
	energy, carbon       schema.Quantity
	hasEnergy, hasCarbon bool
	area, people         exact.Sum // micro-units x days
}

// metering is what meters say of one slot.
type metering struct {
	quantity, estimated schema.Quantity
	known, expected     int64 // meter-milliseconds
}

func (s *slate) clear() {
	s.data, s.expects, s.claimed, s.stated = 0, 0, 0, 0
	s.hasEnergy, s.hasCarbon = false, false
}

// meter takes in a row of the books.
func (s *slate) meter(u *Usage) {
	if u.Known <= 0 && u.Quantity == 0 {
		return
	}
	at := slotOf(u.Carrier, u.Use)
	m := s.slot(at)
	s.data |= at.set()
	m.quantity += u.Quantity
	m.estimated += u.Estimated
	m.known += u.Known
}

// expect takes in the time over which the meters of a slot should report.
func (s *slate) expect(e *expectation) {
	s.slot(e.slot).expected += e.time
	s.expects |= e.slot.set()
}

// slot gives the metering of a slot, cleared where nothing stood there yet.
func (s *slate) slot(at slot) *metering {
	m := &s.usage[at]
	if !(s.data | s.expects).has(at) {
		*m = metering{}
	}
	return m
}

// declare takes in a declared amount. Where it cannot serve, since the period is
// not a whole year, it only tells that there is something of the kind.
func (s *slate) declare(f *fact, days int64, serves bool) {
	if f.kind < uint8(slotCount) {
		s.stated |= slot(f.kind).set()
	}
	if !serves {
		return
	}
	switch f.kind {
	case energyFact:
		s.energy, s.hasEnergy = f.value, true
	case carbonFact:
		s.carbon, s.hasCarbon = f.value, true
	case areaFact:
		if s.area.IsZero() { // the registry's dated series goes first
			s.area = exact.Product(int64(f.value), days)
		}
	case peopleFact:
		if s.people.IsZero() {
			s.people = exact.Product(int64(f.value), days)
		}
	default:
		s.claimed |= slot(f.kind).set()
		s.claim[f.kind] = f.value
	}
}

// due gives the slots of which the institution had something on this side.
func (s *slate) due() slotSet { return s.data | s.expects | s.stated }
