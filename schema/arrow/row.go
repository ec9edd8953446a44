package arrow

import (
	"fmt"
	"math"

	"jouleline/schema"
	"jouleline/schema/codec"
)

// interpret fills d.scanned from a row and judges it in the order that package
// codec promises.
func (d *Decoder) interpret(row int) (code schema.Code, detail string) {
	s := &d.scanned
	s.Meter, s.Reading = nil, schema.Reading{}
	r := &s.Reading

	meter := d.cell(meterColumn, row)
	if meter.fault != "" {
		return schema.Malformed, meter.fault
	}
	if code, detail = codec.CheckMeter(meter.text); code != schema.Accepted {
		return code, detail
	}
	s.Meter = meter.text
	deleted := &d.columns[deletedColumn]
	r.Deleted = deleted.given && !deleted.null(row) && deleted.bool(row)

	at := &d.columns[timeColumn]
	if at.null(row) {
		return schema.MissingTime, "time: not given"
	}
	var ok bool
	if r.Time, ok = at.instant(row); !ok {
		return schema.BadTime, badInstant("time", at, row)
	}
	if code, detail = d.value(row, r); code != schema.Accepted {
		return code, detail
	}
	unit := d.cell(unitColumn, row)
	if r.Unit, ok = d.unit.parse(unit, schema.ParseUnit); !ok {
		return schema.UnknownUnit, unknown(unit, "unit", schema.ParseUnit)
	}
	kind := d.cell(kindColumn, row)
	if r.Kind, ok = d.kind.parse(kind, schema.ParseKind); !ok {
		return schema.UnknownKind, unknown(kind, "kind", schema.ParseKind)
	}
	if start := &d.columns[startColumn]; start.given && !start.null(row) {
		r.HasStart = true
		if r.Start, ok = start.instant(row); !ok {
			return schema.BadStart, badInstant("start", start, row)
		}
	}
	revision, ok := d.whole(revisionColumn, row, math.MaxInt32)
	if !ok {
		return schema.BadRevision, fmt.Sprintf("revision: got %s, want a whole number from 0 to 2147483647", d.columns[revisionColumn].wholeText(row))
	}
	register, ok := d.whole(registerColumn, row, math.MaxUint8)
	if !ok {
		return schema.BadRegister, fmt.Sprintf("register: got %s, want a whole number from 0 to 255", d.columns[registerColumn].wholeText(row))
	}
	r.Revision, r.Register = int32(revision), uint8(register)
	return codec.Validate(r, d.received)
}

// value reads the value of a row.
func (d *Decoder) value(row int, r *schema.Reading) (code schema.Code, detail string) {
	c := &d.columns[valueColumn]
	if c.null(row) {
		if r.Deleted {
			return schema.Accepted, ""
		}
		return schema.MissingValue, "value: not given"
	}
	return c.quantity(row, r)
}

// whole reads a whole number from 0 to most; null is 0.
func (d *Decoder) whole(column, row int, most int64) (n int64, ok bool) {
	c := &d.columns[column]
	if !c.given || c.null(row) {
		return 0, true
	}
	n, ok = c.integer(row)
	return n, ok && n >= 0 && n <= most
}

// instant reads a moment. Finer fractions than milliseconds are cut off. ok is
// false before 1970 and far after 2200.
func (a *values) instant(row int) (t schema.Instant, ok bool) {
	count := a.count(row)
	switch a.unit {
	case 0:
		return schema.Instant(count * 1000), count >= 0 && count <= int64(schema.MaxInstant)
	case 1:
		return schema.Instant(count), count >= 0
	case 2:
		return schema.Instant(count / 1000), count >= 0
	}
	return schema.Instant(count / 1_000_000), count >= 0
}

var timeUnits = [...]string{"s", "ms", "us", "ns"}

func badInstant(name string, c *column, row int) string {
	return fmt.Sprintf("%s: got %d %s since 1970, want 1970 to 2199", name, c.count(row), timeUnits[c.layout.unit])
}

// memo remembers the last word that was parsed: a stream says the same unit a
// million times.
type memo[E any] struct {
	word  string
	value E
}

// longestWord is longer than any unit or kind.
const longestWord = 16

// parse reads a word; null is the zero value.
func (m *memo[E]) parse(c cell, parse func(string) (E, error)) (value E, ok bool) {
	if c.fault != "" || len(c.text) > longestWord {
		return value, false
	}
	if len(c.text) == 0 {
		return value, true
	}
	if string(c.text) == m.word {
		return m.value, true
	}
	word := string(c.text)
	value, err := parse(word)
	if err != nil {
		return value, false
	}
	m.word, m.value = word, value
	return value, true
}

// unknown says why a word is none.
func unknown[E any](c cell, name string, parse func(string) (E, error)) string {
	if c.fault != "" {
		return c.fault
	}
	_, err := parse(clip(c.text))
	return fmt.Sprintf("%s: %v", name, err)
}
