package model

import (
	"math/big"
	"math/rand/v2"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

func (h *History) shapes(zone *calendar.Zone) (list []books.Shape) {
	for _, p := range h.Profiles(zone) {
		list = append(list, books.NewShape(p, zone))
	}
	return list
}

// Profiles makes up two profiles, one of always and one from the third day on, in
// which many hours have no weight; none where the history has none.
func (h *History) Profiles(zone *calendar.Zone) (list []*schema.Profile) {
	if h.Profile == 0 {
		return nil
	}
	random := rand.New(rand.NewPCG(h.Profile, 0))
	for _, from := range []schema.Day{schema.Always, zone.DayOf(Zero) + 2} {
		p := &schema.Profile{Meter: "M", From: from, Version: "1"}
		for day := range p.Weights {
			for hour := range p.Weights[day] {
				p.Weights[day][hour] = schema.ProfileWeightStep * schema.Quantity(max(0, random.IntN(2000)-1000))
			}
		}
		list = append(list, p)
	}
	return list
}

// profileAt finds the profile that holds at a time.
func profileAt(m *books.Meter, t schema.Instant) (found *schema.Profile) {
	for i := range m.Shapes {
		p := m.Shapes[i].Profile
		if p.From == schema.Always || p.From.Start(m.Zone.Location()) <= t {
			found = p
		}
	}
	return found
}

// share gives the part of a stretch before t: by the weights of the minutes, as
// the clock shows them, or of its time where no minute has any.
func (s *stretch) share(location *time.Location, t schema.Instant) *big.Rat {
	linear := new(big.Rat).SetFrac64(int64(t-s.from), int64(s.to-s.from))
	if s.profile == nil {
		return linear
	}
	before, whole := new(big.Int), new(big.Int)
	for at := s.from; at < s.to; {
		end := min(at-at%schema.Instant(schema.Minute)+schema.Instant(schema.Minute), s.to)
		if at < t {
			end = min(end, t)
		}
		local := at.Time().In(location)
		day := schema.Workday
		if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			day = schema.Weekend
		}
		weight := big.NewInt(int64(s.profile.Weights[day][local.Hour()]))
		weight.Mul(weight, big.NewInt(int64(end-at)))
		whole.Add(whole, weight)
		if at < t {
			before.Add(before, weight)
		}
		at = end
	}
	if whole.Sign() == 0 {
		return linear
	}
	return new(big.Rat).SetFrac(before, whole)
}
