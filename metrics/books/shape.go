package books

import (
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

const hoursOfDay = 24

// Shape is the course of a gap by a profile of the meter: what passes in a
// stretch goes by the sum over its local hours of weight x milliseconds. The sums
// are integers of 64 bits (see [schema.MaxProfileWeight]) and add up over any cut,
// so the parts of a span sum to it as those of the linear course do. A Shape is
// immutable.
type Shape struct {
	// Profile is the fact that the shape was made of.
	Profile *schema.Profile
	zone    *calendar.Zone
	from    schema.Instant
	// weights are in steps of [schema.ProfileWeightStep]; before[t][h] sums the
	// hours of a day before h.
	weights [schema.DayTypes][hoursOfDay]int64
	before  [schema.DayTypes][hoursOfDay + 1]int64
}

// NewShape prepares a profile. The calendar is the zone of the meter's building.
func NewShape(p *schema.Profile, zone *calendar.Zone) Shape {
	s := Shape{Profile: p, zone: zone}
	s.from, _ = zone.Between(schema.Validity{From: p.From, To: schema.Never})
	for day := range p.Weights {
		for hour, weight := range p.Weights[day] {
			s.weights[day][hour] = int64(weight / schema.ProfileWeightStep)
			s.before[day][hour+1] = s.before[day][hour] + s.weights[day][hour]
		}
	}
	return s
}

// shapeOf gives the course of a gap by the profile that holds at its beginning;
// nil, which means the linear one, where none does or where it gives no hour of
// the gap any weight.
func (m *Meter) shapeOf(from, to schema.Instant) *Shape {
	for i := len(m.Shapes) - 1; i >= 0; i-- {
		if s := &m.Shapes[i]; s.from <= from {
			if s.weigh(from, to) == 0 {
				return nil
			}
			return s
		}
	}
	return nil
}

// same tells whether two shapes give equal courses; each may be nil.
func (s *Shape) same(o *Shape) bool {
	if s == nil || o == nil || s == o {
		return s == o
	}
	return s.weights == o.weights && s.zone.Location().String() == o.zone.Location().String()
}

// part gives how much of [from, to) lies before t, which is inside.
func (s *Shape) part(from, t, to schema.Instant) (part, whole int64) {
	part = s.weigh(from, t)
	return part, part + s.weigh(t, to)
}

// weigh sums weight x milliseconds over [from, to).
func (s *Shape) weigh(from, to schema.Instant) (sum int64) {
	for day := s.zone.DayOf(from); from < to; day++ {
		start, next := s.zone.Start(day), s.zone.Start(day+1)
		end := min(next, to)
		if next.Sub(start) == hoursOfDay*schema.Hour {
			sum += s.until(day.Type(), end.Sub(start)) - s.until(day.Type(), from.Sub(start))
		} else {
			sum += s.walk(day.Type(), from, end)
		}
		from = end
	}
	return sum
}

// until weighs the first milliseconds of a day of 24 hours.
func (s *Shape) until(day schema.DayType, ms int64) int64 {
	hour, rest := ms/schema.Hour, ms%schema.Hour
	sum := s.before[day][hour] * schema.Hour
	if rest > 0 {
		sum += s.weights[day][hour] * rest
	}
	return sum
}

// walk weighs a stretch of a day on which the clock is changed, hour by hour as
// the clock shows them: an hour that is skipped has no weight, one that comes
// twice has it twice.
func (s *Shape) walk(day schema.DayType, from, to schema.Instant) (sum int64) {
	for from < to {
		local := from.Time().In(s.zone.Location())
		shown := int64(local.Minute())*schema.Minute + int64(local.Second())*schema.Second + int64(from)%schema.Second
		end := min(from+schema.Instant(schema.Hour-shown), to)
		if _, change := local.ZoneBounds(); !change.IsZero() {
			end = min(end, schema.InstantOf(change))
		}
		sum += s.weights[day][local.Hour()] * end.Sub(from)
		from = end
	}
	return sum
}
