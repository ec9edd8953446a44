package books

import (
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Compile prepares the facts of a meter for judging: its dated versions, sorted,
// and its events, sorted by time. The calendar is the zone of its building.
func Compile(versions []schema.Meter, events []schema.Event, zone *calendar.Zone) *Meter {
	m := &Meter{Zone: zone, Events: events, Multiplier: schema.One, Eras: make([]Era, len(versions))}
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
		m.Eras[i] = e
	}
	if len(versions) > 0 && versions[0].Multiplier != (schema.Ratio{}) {
		m.Multiplier = versions[0].Multiplier
	}
	return m
}

// EraAt gives the facts that hold at an instant, nil where the meter is not
// valid then.
func (m *Meter) EraAt(t schema.Instant) *Era { return m.eraAt(t) }
