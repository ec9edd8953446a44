package books

import (
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Registry is where the dated facts of meters stand: versions and learned facts
// sorted by day, events by time.
type Registry interface {
	MeterVersions(meter string) []schema.Meter
	EventsOf(meter string) []schema.Event
	LearnedOf(meter string) []schema.LearnedRate
	ProfilesOf(meter string) []schema.Profile
}

// FactsOf prepares all that a registry knows of a meter for judging. The calendar
// is the zone of its building.
func FactsOf(r Registry, meter string, zone *calendar.Zone) *Meter {
	m := Compile(r.MeterVersions(meter), r.EventsOf(meter), zone, r.LearnedOf(meter)...)
	if profiles := r.ProfilesOf(meter); len(profiles) > 0 {
		m.Shapes = make([]Shape, len(profiles))
		for i := range profiles {
			m.Shapes[i] = NewShape(&profiles[i], zone)
		}
	}
	return m
}

// Compile prepares the facts of a meter for judging: its dated versions, sorted,
// its events, sorted by time, and the rates that were learned of it, sorted by
// day. The calendar is the zone of its building.
func Compile(versions []schema.Meter, events []schema.Event, zone *calendar.Zone, learned ...schema.LearnedRate) *Meter {
	m := &Meter{Zone: zone, Events: events, Multiplier: schema.One, Eras: make([]Era, 0, len(versions))}
	for i := range versions {
		v := &versions[i]
		e := Era{
			Kind: v.Kind, Carrier: v.Carrier, Unit: v.Unit,
			RegisterMax: v.RegisterMax, Modulus: v.Modulus(), Step: v.RegisterStep,
			Interval: v.Interval, GapLimit: v.GapLimit, Hold: v.Hold,
		}
		e.From, e.To = zone.Between(v.Validity)
		if factor, ok := v.Unit.In(v.Carrier.Unit()); ok {
			e.MaxRate, _ = factor.Of(v.MaxRate)
		}
		m.Eras = appendEras(m.Eras, e, learned, v, zone)
	}
	if len(versions) > 0 && versions[0].Multiplier != (schema.Ratio{}) {
		m.Multiplier = versions[0].Multiplier
	}
	return m
}

// appendEras adds an era, cut where a learned rate begins to hold. An era with a
// rating of its own takes none.
func appendEras(eras []Era, e Era, learned []schema.LearnedRate, v *schema.Meter, zone *calendar.Zone) []Era {
	factor, ok := v.Unit.In(v.Carrier.Unit())
	if e.MaxRate != 0 || !ok {
		return append(eras, e)
	}
	for i := range learned {
		l := &learned[i]
		from, _ := zone.Between(schema.Validity{From: l.From, To: schema.Never})
		if from >= e.To {
			break
		}
		if from > e.From {
			before := e
			before.To = from
			eras = append(eras, before)
			e.From = from
		}
		e.MaxRate, _ = factor.Of(l.MaxRate)
		e.Learned = l
	}
	return append(eras, e)
}

// EraAt gives the facts that hold at an instant, nil where the meter is not
// valid then.
func (m *Meter) EraAt(t schema.Instant) *Era { return m.eraAt(t) }
