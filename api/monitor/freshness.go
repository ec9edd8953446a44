package monitor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Stream tells how the readings of meters come in.
type Stream interface {
	// Latest gives the times of the first and the latest stored reading of
	// meters, without those that have none.
	Latest(ctx context.Context, meters []int32) ([]posting.Known, error)
	// CodeCounts counts the verdicts that hold on readings in [from, to).
	CodeCounts(ctx context.Context, meters []int32, from, to schema.Instant) ([]posting.CodeCount, error)
}

// Freshness is how lately the meters of a subject were read, now.
type Freshness struct {
	Now    time.Time  `json:"now" doc:"Moment of the answer, from which ages count"`
	Meters int        `json:"meters" doc:"Meters that should report today; formulas have no readings of their own" example:"12"`
	Late   int        `json:"late" doc:"Those of them whose last reading is older than their gap limit" example:"1"`
	Never  int        `json:"never" doc:"Those of them that never reported" example:"0"`
	Newest *time.Time `json:"newest" doc:"Time of the latest reading of all, null where there is none"`
	// Gateways and Oldest are bounded like the worst parts.
	Gateways []SilentGateway `json:"silent_gateways" doc:"Gateways all of whose meters here are late, those with most meters first"`
	Oldest   []LateMeter     `json:"late_meters" doc:"Meters that are late, those that never reported first, then the longest silent"`
}

// SilentGateway is a gateway of which no meter reports.
type SilentGateway struct {
	Gateway string     `json:"gateway" example:"GW-7"`
	Meters  int        `json:"meters" doc:"Its meters here" example:"8"`
	Last    *time.Time `json:"last_reading" doc:"Time of its last reading, null where there is none"`
}

// LateMeter is a meter whose last reading is older than its gap limit.
type LateMeter struct {
	Meter   string     `json:"meter" example:"E1"`
	Gateway string     `json:"gateway,omitempty" example:"GW-7"`
	Last    *time.Time `json:"last_reading" doc:"Time of its last reading, null where there is none"`
	AgeS    *int64     `json:"age_s" doc:"Seconds since then" example:"93600"`
}

// NotPlain counts readings with a verdict other than plainly accepted.
type NotPlain struct {
	Code     schema.Code `json:"code" doc:"As at /api/v1/readings; pending, unexplained_fall, unexplained_rise and overlap are open: nothing is booked until something settles them" example:"unexplained_fall"`
	Readings int64       `json:"readings" example:"3"`
	Meters   int64       `json:"meters" doc:"Of how many meters" example:"1"`
}

// reporting is a meter that should report today.
type reporting struct {
	*schema.Meter
	number int32
	last   schema.Instant // of the last reading, -1 where there is none
}

// stream adds how the readings of a subject come in.
func (s *Handlers) stream(ctx context.Context, w *world.World, about query.Target, in *QualityInput, a *QualityAnswer) error {
	today := w.Calendar().DayOf(s.Now())
	all, err := s.metersOf(w, about, today)
	if err != nil {
		return err
	}
	numbers := make([]int32, 0, len(all))
	at := make(map[int32]int, len(all))
	for i := range all {
		numbers = append(numbers, all[i].number)
		at[all[i].number] = i
	}
	known, err := s.Stream.Latest(ctx, numbers)
	if err != nil {
		return err
	}
	for _, k := range known {
		all[at[k.Meter]].last = k.Seen
	}
	counts, err := s.Stream.CodeCounts(ctx, numbers, in.From.At, in.To.At)
	if err != nil {
		return err
	}
	a.NotPlain = []NotPlain{}
	for _, c := range counts {
		a.NotPlain = append(a.NotPlain, NotPlain(c))
	}
	a.Freshness = freshness(all, s.Now(), w.TimeZone, in.Limit)
	return nil
}

// metersOf lists the meters of a subject that should report on a day, sub-meters
// among them, each once.
func (s *Handlers) metersOf(w *world.World, about query.Target, today schema.Day) ([]reporting, error) {
	var list []reporting
	add := func(m *schema.Meter) {
		owner, ok := w.Owner(m.Building)
		_, exists := w.InstitutionAt(owner, today)
		if number, known := w.Number(m.ID); ok && exists && known && m.Contains(today) && m.Formula == "" {
			list = append(list, reporting{m, number, -1})
		}
	}
	if about.Kind == query.KindMeter {
		versions := w.MeterVersions(about.ID)
		for i := range versions {
			add(&versions[i])
		}
		return list, nil
	}
	var buildings []schema.Building
	if about.Kind == query.KindBuilding {
		b, ok := w.Building(about.ID)
		if !ok {
			return nil, fmt.Errorf("building %q: %w", problem.Clip(about.ID), problem.ErrUnknown)
		}
		buildings = []schema.Building{b}
	} else {
		g, err := w.Group(query.Of(string(indicator.Level(about.Kind)), about.ID), today, s.Factors[0])
		if err != nil {
			return nil, err
		}
		for index, place := range g.Place {
			if place >= 0 {
				buildings = append(buildings, w.BuildingsOf(w.InstitutionIDs[index])...)
			}
		}
	}
	for _, b := range buildings {
		for _, m := range w.MetersIn(b.ID) {
			add(m)
		}
	}
	return list, nil
}

func (r *reporting) isLate(now schema.Instant) bool {
	return r.last < 0 || now.Sub(r.last) > r.GapLimit
}

// freshness counts who is late.
func freshness(all []reporting, now schema.Instant, in *time.Location, most int) *Freshness {
	f := &Freshness{Now: now.Time().In(in), Meters: len(all), Gateways: []SilentGateway{}, Oldest: []LateMeter{}}
	type gateway struct {
		meters, late int
		last         schema.Instant
	}
	gateways := map[string]*gateway{}
	newest := schema.Instant(-1)
	var late []*reporting
	for i := range all {
		r := &all[i]
		g := gateways[r.Gateway]
		if g == nil {
			g = &gateway{last: -1}
			gateways[r.Gateway] = g
		}
		newest, g.last = max(newest, r.last), max(g.last, r.last)
		g.meters++
		if r.last < 0 {
			f.Never++
		}
		if r.isLate(now) {
			g.late++
			late = append(late, r)
		}
	}
	f.Late, f.Newest = len(late), when(newest, in)
	for id, g := range gateways {
		if id != "" && g.late == g.meters {
			f.Gateways = append(f.Gateways, SilentGateway{id, g.meters, when(g.last, in)})
		}
	}
	slices.SortFunc(f.Gateways, func(a, b SilentGateway) int {
		return cmp.Or(b.Meters-a.Meters, strings.Compare(a.Gateway, b.Gateway))
	})
	f.Gateways = f.Gateways[:min(most, len(f.Gateways))]
	slices.SortFunc(late, func(a, b *reporting) int { return cmp.Or(cmp.Compare(a.last, b.last), strings.Compare(a.ID, b.ID)) })
	for _, r := range late[:min(most, len(late))] {
		m := LateMeter{Meter: r.ID, Gateway: r.Gateway, Last: when(r.last, in)}
		if r.last >= 0 {
			age := now.Sub(r.last) / 1000
			m.AgeS = &age
		}
		f.Oldest = append(f.Oldest, m)
	}
	return f
}

// when gives an instant as a time, nil where it is none.
func when(t schema.Instant, in *time.Location) *time.Time {
	if t < 0 {
		return nil
	}
	at := t.Time().In(in)
	return &at
}
