package sim

import (
	"math/rand/v2"
	"slices"

	"jouleline/schema"
)

// sending is one reading in the order in which they come in: the meter, and the
// month that it closes (-1: a register's very first reading).
type sending struct {
	meter int32
	month int16
	// due is the month after whose end it is sent, at a random place in it.
	due   int16
	place uint32
}

// sendingOrder has readings come month by month, meters in random order, and one
// in fifty a month or two late.
func sendingOrder(rng *rand.Rand, meters []ProvinceMeter) []sending {
	var order []sending
	for i := range meters {
		first := int16(0)
		if meters[i].Kind == schema.Register {
			first = -1
		}
		for month := first; month < months; month++ {
			s := sending{meter: int32(i), month: month, due: month, place: rng.Uint32()}
			if rng.IntN(50) == 0 {
				s.due += 1 + int16(rng.IntN(2))
			}
			order = append(order, s)
		}
	}
	slices.SortFunc(order, func(a, b sending) int {
		if a.due != b.due {
			return int(a.due) - int(b.due)
		}
		if a.place != b.place {
			if a.place < b.place {
				return -1
			}
			return 1
		}
		return int(a.meter) - int(b.meter)
	})
	return order
}

// Len is how many readings there are.
func (p *Province) Len() int { return len(p.order) }

// Readings yields all readings, mixed as they would come in: `for r := range
// p.Readings`. A delta covers one calendar month in local time; a register is
// read at the end of each month. Unit and kind are left to the meter.
func (p *Province) Readings(yield func(schema.Reading) bool) {
	ends := make([]schema.Instant, months+1) // the beginning of each month, and the end of the last
	for m := range ends {
		ends[m] = localMidnight(schema.Month(FirstYear*12 + m).First())
	}
	shown := p.registers()
	for _, s := range p.order {
		m := &p.Meters[s.meter]
		r := schema.Reading{Meter: m.ID, Time: ends[s.month+1]}
		if m.Kind == schema.Register {
			r.Value = shown[s.meter][s.month+1]
		} else {
			r.Value, r.Start, r.HasStart = m.Monthly[s.month], ends[s.month], true
		}
		if !yield(r) {
			return
		}
	}
}

// registers gives what each register shows at the beginning and after each month.
func (p *Province) registers() map[int32][]schema.Quantity {
	shown := map[int32][]schema.Quantity{}
	for i := range p.Meters {
		m := &p.Meters[i]
		if m.Kind != schema.Register {
			continue
		}
		values := make([]schema.Quantity, 1, months+1)
		values[0] = 1000 * schema.Micro
		for _, amount := range m.Monthly {
			values = append(values, values[len(values)-1]+amount)
		}
		shown[int32(i)] = values
	}
	return shown
}
