package registry

import (
	"cmp"
	"fmt"
	"strings"

	"jouleline/schema"
)

var (
	eventColumns = []column{
		{"meter", true}, {"time", true}, {"event", true}, {"final", false}, {"initial", false}, {"multiplier", false}, {"note", false},
	}
	weatherColumns = []column{{"station", true}, {"time", true}, {"temperature_c", true}}
)

// events reads what happened to meters.
func (b *builder) events() {
	const (
		meter = iota
		at
		event
		final
		initial
		multiplier
		note
	)
	d := &lined[schema.Event]{compare: func(e, f *schema.Event) int {
		return cmp.Or(strings.Compare(e.Meter, f.Meter), cmp.Compare(e.Time, f.Time), cmp.Compare(e.Kind, f.Kind))
	}}
	b.read(EventsFile, func(r *row) string {
		e := schema.Event{
			Meter:      b.reference(r, meter, MetersFile, b.reg.meters),
			Time:       r.instant(at),
			Kind:       word(r, event, parseEvent),
			Multiplier: r.ratio(multiplier),
			Note:       strings.Clone(r.text(note)),
		}
		e.Final, e.HasFinal = r.amount(final)
		e.Initial, e.HasInitial = r.amount(initial)
		if e.Kind == schema.MultiplierChange && r.text(multiplier) == "" {
			r.bad(multiplier, "empty, want the multiplier that holds from then on")
		}
		if !r.failed {
			d.add(e, r.line)
		}
		return ""
	})
	d.settle(func(e *schema.Event, line, earlier int32) {
		b.badLine(EventsFile, line, "time", "the %s of %q at this time stands in line %d already", e.Kind, e.Meter, earlier)
	})
	b.reg.Events = d.rows
}

func parseEvent(text string) (schema.EventKind, error) {
	kind, ok := schema.ParseEventKind(text)
	if !ok {
		return kind, fmt.Errorf("unknown event: got %q, want swap, reset, rollover or multiplier", text)
	}
	return kind, nil
}

// weather reads outdoor temperatures.
func (b *builder) weather() {
	const (
		station = iota
		at
		celsius
	)
	d := &lined[schema.Temperature]{compare: func(t, u *schema.Temperature) int {
		return cmp.Or(strings.Compare(t.Station, u.Station), cmp.Compare(t.Time, u.Time))
	}}
	b.read(WeatherFile, func(r *row) string {
		t := schema.Temperature{Station: b.reference(r, station, StationsFile, b.reg.stations), Time: r.instant(at)}
		t.Celsius = r.degrees(celsius, -90, 65)
		if !r.failed {
			d.add(t, r.line)
		}
		return ""
	})
	d.settle(func(t *schema.Temperature, line, earlier int32) {
		b.badLine(WeatherFile, line, "time", "%q has a temperature of this time in line %d already", t.Station, earlier)
	})
	b.reg.Weather = d.rows
}
