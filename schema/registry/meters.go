package registry

import (
	"bytes"
	"fmt"
	"strings"

	"jouleline/schema"
)

var meterColumns = []column{
	{"id", true}, {"building", true}, {"carrier", true}, {"use", false}, {"kind", true}, {"unit", false},
	{"multiplier", false}, {"register_max", false}, {"max_rate", false}, {"interval", false}, {"gap_limit", false},
	{"gateway", false}, {"hold", false}, {"parent", false}, {"formula", false}, {"reconciles", false},
	{"valid_from", false}, {"valid_to", false},
}

const (
	meterID = iota
	meterBuilding
	meterCarrier
	meterUse
	meterKind
	meterUnit
	meterMultiplier
	meterRegisterMax
	meterMaxRate
	meterInterval
	meterGapLimit
	meterGateway
	meterHold
	meterParent
	meterFormula
	meterReconciles
	meterFrom
	meterTo
)

func (b *builder) meters() {
	d := newDated(MetersFile, "id",
		func(m *schema.Meter) string { return m.ID },
		func(m *schema.Meter) schema.Validity { return m.Validity })
	lines := bytes.Count(b.tables[MetersFile], []byte{'\n'}) + 1
	d.rows, d.lines = make([]schema.Meter, 0, lines), make([]int32, 0, lines)
	b.read(MetersFile, func(r *row) string {
		m := b.meter(r)
		if !r.failed {
			d.add(m, r.line)
		}
		return m.ID
	})
	d.settleVersions(b)
	for i := 1; i < len(d.rows); i++ { // versions share one text of their id
		if d.rows[i].ID == d.rows[i-1].ID {
			d.rows[i].ID = d.rows[i-1].ID
		}
	}
	b.reg.Meters = d.rows
	b.reg.meters = firstRows(len(d.rows), func(i int) string { return d.rows[i].ID })
	b.meterVersions(d)
	b.meterParents(d)
}

// meter reads one row.
func (b *builder) meter(r *row) schema.Meter {
	m := schema.Meter{
		ID:         strings.Clone(r.id(meterID)),
		Carrier:    word(r, meterCarrier, schema.ParseCarrier),
		Use:        word(r, meterUse, schema.ParseUse),
		Kind:       word(r, meterKind, schema.ParseKind),
		Multiplier: r.ratio(meterMultiplier),
		Hold:       word(r, meterHold, parseHold),
		Gateway:    b.keep(r.text(meterGateway)),
		Parent:     b.keep(r.id(meterParent)),
		Formula:    b.keep(r.text(meterFormula)),
		Reconciles: b.keep(r.id(meterReconciles)),
		Validity:   r.validity(meterFrom, meterTo),
	}
	if building := r.text(meterBuilding); building != "" {
		if i, ok := b.reg.buildings[building]; ok {
			m.Building = b.reg.Buildings[i].ID
		} else {
			m.Building = b.reference(r, meterBuilding, BuildingsFile, b.reg.buildings)
		}
	}
	if m.Multiplier == (schema.Ratio{}) {
		m.Multiplier = schema.One
	}
	b.meterUnit(r, &m)
	b.meterRegister(r, &m)
	b.meterTimes(r, &m)
	return m
}

// meterUnit reads the unit and holds it against carrier and kind.
func (b *builder) meterUnit(r *row, m *schema.Meter) {
	if m.Carrier == schema.CarrierNone || m.Kind == schema.KindNone {
		return
	}
	if r.text(meterUnit) == "" {
		m.Unit = defaultUnit(m.Carrier, m.Kind)
		if m.Unit == schema.UnitNone {
			r.bad(meterUnit, "empty, and %s of kind power has no usual unit", m.Carrier)
		}
		return
	}
	m.Unit = word(r, meterUnit, schema.ParseUnit)
	if m.Unit == schema.UnitNone {
		return
	}
	if reason := unitConflict(m.Carrier, m.Unit); reason != "" {
		r.bad(meterUnit, "%s", reason)
		return
	}
	if m.Unit.IsRate() != (m.Kind == schema.Power) {
		if m.Kind == schema.Power {
			r.bad(meterUnit, "got %s for kind power, want a rate as kW or m3/h", m.Unit)
		} else {
			r.bad(meterUnit, "got the rate %s for kind %s, want an amount as %s", m.Unit, m.Kind, m.Carrier.Unit())
		}
	}
}

// unitConflict says why amounts in a unit cannot be booked for a carrier.
func unitConflict(carrier schema.Carrier, unit schema.Unit) string {
	booked := carrier.Unit()
	if _, ok := unit.In(booked); ok {
		return ""
	}
	reason := "got " + unit.String() + " for " + carrier.String() + ", want a unit that converts to " + booked.String()
	if isMass(unit) != isMass(booked) && isVolume(unit) != isVolume(booked) {
		reason += ": mass and volume of a fuel convert only by a factor set's density, and books do not depend on factors"
	}
	return reason
}

func isMass(u schema.Unit) bool   { _, ok := u.In(schema.Kilogram); return ok }
func isVolume(u schema.Unit) bool { _, ok := u.In(schema.Litre); return ok }

// defaultUnit is the carrier's own unit, and for power the usual rate.
func defaultUnit(carrier schema.Carrier, kind schema.Kind) schema.Unit {
	unit := carrier.Unit()
	if kind != schema.Power {
		return unit
	}
	for _, rate := range []schema.Unit{schema.Kilowatt, schema.CubicMetrePerHour} {
		if _, ok := rate.In(unit); ok {
			return rate
		}
	}
	return schema.UnitNone
}

// meterRegister reads the register's greatest value and the rating.
func (b *builder) meterRegister(r *row, m *schema.Meter) {
	if text := r.text(meterRegisterMax); text != "" {
		m.RegisterMax, _ = r.amount(meterRegisterMax)
		m.RegisterStep = leastDigit(text)
		if m.RegisterMax == 0 && !r.failed {
			r.bad(meterRegisterMax, "got %s, want the greatest value that the register shows", text)
		}
	}
	if rate, given := r.amount(meterMaxRate); given {
		m.MaxRate = rate
		if rate == 0 && !r.failed {
			r.bad(meterMaxRate, "got 0, want a rating above zero or nothing")
		}
	}
	if r.failed || m.Unit == schema.UnitNone || m.Carrier == schema.CarrierNone {
		return
	}
	factor, ok := m.Unit.In(m.Carrier.Unit())
	if ok {
		factor, ok = factor.Times(m.Multiplier)
	}
	if !ok {
		r.bad(meterMultiplier, "%s %s: does not fit the exact arithmetic", r.text(meterMultiplier), m.Unit)
		return
	}
	if _, ok := factor.Of(m.Modulus()); !ok {
		r.bad(meterRegisterMax, "got %s: times the multiplier it is beyond %s %s", m.RegisterMax, schema.MaxQuantity, m.Carrier.Unit())
	}
}

// leastDigit is one step of the last digit that a number is written with.
func leastDigit(text string) schema.Quantity {
	d, err := schema.ParseDecimal(text)
	if err != nil || d.Scale <= 0 {
		return schema.Micro
	}
	step := schema.Quantity(schema.Micro)
	for range min(d.Scale, 6) {
		step /= 10
	}
	return step
}

// billInterval is the distance of bills where none is given: with the usual gap
// limit a bill of a quarter is no gap.
const billInterval = 31 * 24 * schema.Hour

// meterTimes reads interval and gap limit.
func (b *builder) meterTimes(r *row, m *schema.Meter) {
	interval, calendar := r.duration(meterInterval)
	if calendar && !m.Kind.HasStart() && m.Kind != schema.KindNone {
		r.bad(meterInterval, "got %s for kind %s: a month has no fixed length, want days as P31D", r.text(meterInterval), m.Kind)
	}
	gap, _ := r.duration(meterGapLimit)
	if interval == 0 {
		interval = b.opt.Interval
		if m.Kind == schema.Bill {
			interval = billInterval
		}
	}
	if gap == 0 {
		gap = b.opt.GapIntervals * interval
	}
	if gap < interval && !r.failed {
		r.bad(meterGapLimit, "got %s, want at least the interval (%s)", r.text(meterGapLimit), durationText(interval))
	}
	m.Interval, m.GapLimit = interval, gap
}

var holds = [...]string{schema.HoldMean: "mean", schema.HoldPrevious: "previous"}

func parseHold(text string) (schema.Hold, error) {
	switch text {
	case "", holds[schema.HoldMean]:
		return schema.HoldMean, nil
	case holds[schema.HoldPrevious]:
		return schema.HoldPrevious, nil
	}
	return 0, fmt.Errorf("unknown hold: got %q, want mean or previous", text)
}
