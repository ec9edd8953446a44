package consumption

import (
	"context"
	"fmt"
	"time"

	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// GroupQuery asks for the course of a group of institutions, by whole days.
type GroupQuery struct {
	Registry *registry.Registry
	Carrier  schema.Carrier
	// Place gives, by institution, the position of the factors that weigh its
	// consumption, and a negative number for one that is not in the group. Places
	// is their number.
	Place  []int
	Places int
	// Buckets are whole days in Zone.
	Buckets []calendar.Bucket
	Zone    *calendar.Zone
	KnownAt schema.Instant
	// Now is the moment after which no reading can be expected; not 0.
	Now schema.Instant
}

// ReadGroup reads the course of a group from the books, one question a bucket.
func ReadGroup(ctx context.Context, source indicator.Source, q GroupQuery) (*Series, error) {
	s := newSeries(q.Buckets, q.Zone, q.Places)
	if !s.byDay {
		return nil, fmt.Errorf("consumption of a group: %w", ErrPartialDay)
	}
	s.expectGroup(&q)
	members, most := q.members()
	if len(members) == 0 {
		return s, nil
	}
	ask := indicator.UsageQuery{Registry: q.Registry, KnownAt: q.KnownAt}
	if !most {
		ask.Institutions = members
	}
	for i, b := range q.Buckets {
		ask.From, ask.To = q.Zone.DayOf(b.From), q.Zone.DayOf(b.To)
		usage, err := source.Usage(ctx, ask)
		if err != nil {
			return nil, fmt.Errorf("usage from %s to %s: %w", ask.From, ask.To, err)
		}
		for k := range usage {
			u := &usage[k]
			if place := q.Place[u.Institution]; u.Carrier == q.Carrier && place >= 0 {
				s.add(i, place, u.Quantity, u.Estimated, u.Known)
			}
		}
	}
	return s, nil
}

// members lists the institutions of the group. Where they are most of the
// registry, reading all is cheaper than naming them.
func (q *GroupQuery) members() (list []int32, most bool) {
	for i, place := range q.Place {
		if place >= 0 {
			list = append(list, int32(i))
		}
	}
	return list, 2*len(list) > len(q.Place)
}

// expectGroup adds up the time of all meters that should have reported. Most of
// them share their validity, so they are counted first and expected together.
func (s *Series) expectGroup(q *GroupQuery) {
	type alike struct {
		place    int
		days     schema.Validity
		calendar *time.Location
	}
	meters := map[alike]int64{}
	for i := range q.Registry.Meters {
		m := &q.Registry.Meters[i]
		if m.Carrier != q.Carrier {
			continue
		}
		for _, c := range q.Registry.Claims(m) {
			institution, ok := q.Registry.InstitutionIndex(c.Institution)
			if !ok || q.Place[institution] < 0 {
				continue
			}
			for _, days := range existing(q.Registry, institution, c.Validity) {
				meters[alike{q.Place[institution], days, q.Registry.Zone(m.ID)}]++
			}
		}
	}
	for a, n := range meters {
		s.expect(a.place, a.days, a.calendar, n, q.Now)
	}
}

// ExpectedDays gives the local days on which a version of a meter should report:
// those on which it is valid and the institution of its building exists.
func ExpectedDays(r *registry.Registry, m *schema.Meter) []schema.Validity {
	owner, ok := r.Owner(m.Building)
	if !ok {
		return nil
	}
	return existing(r, owner, m.Validity)
}

// existing gives those of some days on which an institution exists.
func existing(r *registry.Registry, institution int32, some schema.Validity) []schema.Validity {
	var days []schema.Validity
	for _, inst := range r.InstitutionVersions(institution) {
		v := schema.Validity{From: max(some.From, inst.From), To: min(some.To, inst.To)}
		switch last := len(days) - 1; {
		case v.From >= v.To:
		case last >= 0 && days[last].To == v.From:
			days[last].To = v.To
		default:
			days = append(days, v)
		}
	}
	return days
}
