package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Zero is the moment from which a history counts its minutes:
// 2023-04-29T20:00+08:00.
const Zero schema.Instant = 1_682_769_600_000

// History is the life of one meter, in the order in which the program hears of
// it. Quantities are micro-units.
type History struct {
	Kind                       schema.Kind
	RegisterMax, Step, MaxRate schema.Quantity
	Multiplier                 int64
	Profile                    uint64 // seed of the meter's profiles; 0 where it has none
	Steps                      []Step
}

// Action is what a step does.
type Action string

// The actions.
const (
	// Read brings a reading, Enter an event; Restart ends the program and begins
	// it anew.
	Read    Action = "Read"
	Enter   Action = "Enter"
	Restart Action = "Restart"
)

// Step is one thing that the program hears of. Times are minutes after [Zero].
type Step struct {
	Do                   Action
	At, Start, Received  int
	Value                schema.Quantity
	Revision             int32
	Deleted              bool
	Joined               bool // comes in one batch with the step before
	Event                schema.EventKind
	Final, Initial       schema.Quantity
	HasFinal, HasInitial bool
	Multiplier           int64
}

func minutes(n int) schema.Instant { return Zero + schema.Instant(int64(n)*schema.Minute) }

// Point gives the stored form of a reading.
func (h *History) Point(s *Step) books.Point {
	p := books.Point{
		Time: minutes(s.At), Value: s.Value, Unit: schema.KilowattHour, Kind: h.Kind,
		Received: minutes(s.Received), Revision: s.Revision, Deleted: s.Deleted,
	}
	if h.Kind == schema.Power {
		p.Unit = schema.Kilowatt
	}
	if h.Kind.HasStart() {
		p.Start = minutes(s.Start)
	}
	return p
}

// Points gives all readings.
func (h *History) Points() (points []books.Point) {
	for i := range h.Steps {
		if h.Steps[i].Do == Read {
			points = append(points, h.Point(&h.Steps[i]))
		}
	}
	return points
}

// EventOf gives an event of a meter.
func (s *Step) EventOf(meter string) schema.Event {
	e := schema.Event{
		Meter: meter, Time: minutes(s.At), Kind: s.Event,
		Final: s.Final, HasFinal: s.HasFinal, Initial: s.Initial, HasInitial: s.HasInitial,
	}
	if s.Multiplier != 0 {
		e.Multiplier = schema.Ratio{Num: s.Multiplier, Den: 1}
	}
	return e
}

// Facts gives what is known of the meter after the first n steps.
func (h *History) Facts(zone *calendar.Zone, n int) *books.Meter {
	era := books.Era{
		From: schema.MinInstant, To: schema.MaxInstant, Kind: h.Kind, Carrier: schema.Electricity, Unit: schema.KilowattHour,
		RegisterMax: h.RegisterMax, MaxRate: h.MaxRate, Interval: schema.Hour, GapLimit: 3 * schema.Hour,
	}
	if h.RegisterMax > 0 {
		era.Step, era.Modulus = h.Step, h.RegisterMax+h.Step
	}
	if h.Kind == schema.Power {
		era.Unit = schema.Kilowatt
	}
	m := &books.Meter{Zone: zone, Eras: []books.Era{era}, Multiplier: schema.Ratio{Num: h.Multiplier, Den: 1}}
	m.Shapes = h.shapes(zone)
	for i := range h.Steps[:n] {
		if h.Steps[i].Do == Enter {
			m.Events = append(m.Events, h.Steps[i].EventOf("M"))
		}
	}
	slices.SortStableFunc(m.Events, func(a, b schema.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Kind, b.Kind))
	})
	return m
}

// String writes the history as a Go literal, to be pasted into a test.
func (h History) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "model.History{\n\tKind: %d, RegisterMax: %d, Step: %d, MaxRate: %d, Multiplier: %d, Profile: %d,\n\tSteps: []model.Step{\n",
		h.Kind, int64(h.RegisterMax), int64(h.Step), int64(h.MaxRate), h.Multiplier, h.Profile)
	for i := range h.Steps {
		b.WriteString("\t\t{" + h.Steps[i].fields() + "},\n")
	}
	b.WriteString("\t},\n}")
	return b.String()
}

// fields writes the fields that are not zero.
func (s *Step) fields() string {
	list := []string{"Do: model." + string(s.Do)}
	add := func(name string, given bool, value any) {
		if given {
			list = append(list, fmt.Sprintf("%s: %v", name, value))
		}
	}
	add("At", s.At != 0, s.At)
	add("Start", s.Start != 0, s.Start)
	add("Received", s.Received != 0, s.Received)
	add("Value", s.Value != 0, int64(s.Value))
	add("Revision", s.Revision != 0, s.Revision)
	add("Deleted", s.Deleted, true)
	add("Joined", s.Joined, true)
	add("Event", s.Event != 0, int(s.Event))
	add("Final", s.Final != 0, int64(s.Final))
	add("HasFinal", s.HasFinal, true)
	add("Initial", s.Initial != 0, int64(s.Initial))
	add("HasInitial", s.HasInitial, true)
	add("Multiplier", s.Multiplier != 0, s.Multiplier)
	return strings.Join(list, ", ")
}
