package cause

import (
	"context"

	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// member is an institution whose months may be modelled.
type member struct {
	in      [2]bool
	parts   [2]*part
	station string
	year    [2]float64
	months  [2][monthsOf]float64
	seen    int  // months in which it was asked for
	lost    bool // a month is not known
}

// above tells whether the months are more than the year that counts: then that
// year is not made of them.
func (m *member) above() bool {
	for side, months := range m.months {
		sum := 0.
		for _, v := range months {
			sum += v
		}
		if sum > m.year[side]*(1+tolerance) {
			return true
		}
	}
	return false
}

// members lists the institutions that are known in both years and whose station
// has the temperatures of both, by index. It is empty where there is none.
func (r *reader) members(ctx context.Context, out *Weather) (map[int32]*member, error) {
	s, err := r.sides(ctx, r.q.energySet(schema.CarrierNone))
	if err != nil {
		return nil, err
	}
	total, _ := r.q.measures()
	members := map[int32]*member{}
	var v indicator.View
	for p := range s.Placed(r.q.By) {
		m := &member{in: p.In}
		known := true
		for side := range p.In {
			if !p.In[side] {
				continue
			}
			m.parts[side] = r.at[p.Parts[side]]
			s.View(&v, p.Tally, indicator.Side(side), total)
			amount, ok := value(&v)
			m.year[side], known = amount, known && ok && m.parts[side] != nil && !m.parts[side].unknown
		}
		if !known {
			continue // it is on neither side of the change
		}
		if m.station = r.q.air.stations[p.Institution]; m.station == "" {
			out.NoStation++
			continue
		}
		if c := r.q.air.climate(m.station); c == nil || c.temps[r.from] == nil || c.temps[r.to] == nil {
			out.NoClimate++
			continue
		}
		members[p.Institution] = m
	}
	return members, nil
}

// months reads the twelve months of both years.
func (r *reader) months(ctx context.Context, members map[int32]*member) error {
	total, _ := r.q.measures()
	set := r.q.energySet(schema.CarrierNone)
	var v indicator.View
	for month := range monthsOf {
		if err := ctx.Err(); err != nil {
			return err
		}
		s, err := r.read(ctx, set, func(year int) indicator.Stretch {
			first := schema.Month(year*monthsOf + month)
			return indicator.Stretch{Days: schema.Validity{From: first.First(), To: (first + 1).First()}, Year: year}
		})
		if err != nil {
			return err
		}
		for p := range s.Placed(indicator.ByInstitution) {
			m := members[p.Institution]
			if m == nil {
				continue
			}
			m.seen++
			for side := range m.in {
				if !m.in[side] {
					continue
				}
				s.View(&v, p.Tally, indicator.Side(side), total)
				amount, ok := value(&v)
				m.months[side][month], m.lost = amount, m.lost || !ok || !p.In[side]
			}
		}
	}
	return nil
}
