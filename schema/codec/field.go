package codec

import (
	"errors"
	"fmt"
	"strconv"

	"jouleline/schema"
)

// field is one field of a reading before its meaning is looked at.
type field struct {
	form form
	// text is what was given; for a wrong form, what was got instead.
	text []byte
}

type form uint8

const (
	absent    form = iota
	plain          // text of the right type
	ticks          // a count in the precision of the line protocol
	onReceipt      // the moment of reception
	wrong          // of a wrong type: text describes it
)

// given makes a field of text; empty text is not given.
func given(text []byte) field {
	if len(text) == 0 {
		return field{}
	}
	return field{plain, text}
}

func wrongType(format string, args ...any) field {
	return field{wrong, fmt.Appendf(nil, format, args...)}
}

// fields are the fields of one reading, whatever the encoding.
type fields struct {
	meter, time, value, unit, kind, start, revision, register, deleted field
}

// interpret fills d.scanned from the fields and judges them in the order that
// the package comment promises.
func (d *Decoder) interpret(f *fields) (code schema.Code, detail string) {
	s := &d.scanned
	s.Meter, s.Reading = nil, schema.Reading{}
	r := &s.Reading
	if f.meter.form == wrong {
		return schema.BadMeter, fmt.Sprintf("meter: got %s, want text", f.meter.text)
	}
	if code, detail = CheckMeter(f.meter.text); code != schema.Accepted {
		return code, detail
	}
	s.Meter = f.meter.text
	if f.deleted.form == plain { // judged last, but a tombstone needs no value
		r.Deleted, _ = strconv.ParseBool(string(f.deleted.text))
	}
	if f.time.form == absent {
		return schema.MissingTime, "time: not given"
	}
	if r.Time, detail = d.instant("time", f.time); detail != "" {
		return schema.BadTime, detail
	}
	if code, detail = interpretValue(f.value, r); code != schema.Accepted {
		return code, detail
	}
	var err error
	if f.unit.form == wrong {
		return schema.UnknownUnit, fmt.Sprintf("unit: got %s, want text", f.unit.text)
	} else if r.Unit, err = unitOf(f.unit.text); err != nil {
		return schema.UnknownUnit, err.Error()
	}
	if f.kind.form == wrong {
		return schema.UnknownKind, fmt.Sprintf("kind: got %s, want text", f.kind.text)
	} else if r.Kind, err = kindOf(f.kind.text); err != nil {
		return schema.UnknownKind, err.Error()
	}
	if r.HasStart = f.start.form != absent; r.HasStart {
		if r.Start, detail = d.instant("start", f.start); detail != "" {
			return schema.BadStart, detail
		}
	}
	if revision, ok := count(f.revision, 31); ok {
		r.Revision = int32(revision)
	} else {
		return schema.BadRevision, fmt.Sprintf("revision: got %s, want a whole number from 0 to 2147483647", clip(f.revision.text))
	}
	if register, ok := count(f.register, 8); ok {
		r.Register = uint8(register)
	} else {
		return schema.BadRegister, fmt.Sprintf("register: got %s, want a whole number from 0 to 255", clip(f.register.text))
	}
	if f.deleted.form != absent {
		if _, err := strconv.ParseBool(string(f.deleted.text)); err != nil || f.deleted.form == wrong {
			return schema.Malformed, fmt.Sprintf("deleted: got %s, want true or false", clip(f.deleted.text))
		}
	}
	return Validate(r, d.received)
}

// instant reads a moment as text or as a count. detail is empty where it is good.
func (d *Decoder) instant(name string, f field) (t schema.Instant, detail string) {
	switch f.form {
	case ticks:
		precision := d.format.Precision
		n, err := strconv.ParseInt(string(f.text), 10, 64)
		if err != nil {
			return 0, fmt.Sprintf("%s: got %q, want a whole number of %v since 1970", name, clip(f.text), precision)
		}
		t, ok := precision.ticks(n)
		if !ok {
			return 0, fmt.Sprintf("%s: got %d %v since 1970, want 1970 to 2199", name, n, precision)
		}
		return t, ""
	case onReceipt:
		return d.received, ""
	case plain:
		t, err := parseInstant(f.text)
		if err != nil {
			return 0, fmt.Sprintf("%s: got %q, want RFC 3339 with an offset, as 2024-05-01T08:15:00+08:00", name, clip(f.text))
		}
		return t, ""
	}
	return 0, fmt.Sprintf("%s: got %s, want RFC 3339 text", name, f.text)
}

func interpretValue(f field, r *schema.Reading) (code schema.Code, detail string) {
	switch f.form {
	case absent:
		if r.Deleted {
			return schema.Accepted, ""
		}
		return schema.MissingValue, "value: not given"
	case wrong:
		return schema.BadValue, fmt.Sprintf("value: got %s, want a decimal number", f.text)
	}
	q, exact, err := schema.ParseQuantity(f.text)
	switch {
	case errors.Is(err, schema.ErrOutOfRange):
		return schema.OutOfRange, fmt.Sprintf("value: got %s, at most %v is taken", clip(f.text), schema.MaxQuantity)
	case err != nil:
		return schema.BadValue, fmt.Sprintf("value: got %q, want a decimal number", clip(f.text))
	}
	if r.Value = q; !exact {
		r.Original = jsonNumber(string(f.text))
	}
	return schema.Accepted, ""
}

// count reads a whole number of so many bits; absent is 0.
func count(f field, bits int) (n uint64, ok bool) {
	if f.form == absent {
		return 0, true
	}
	n, err := strconv.ParseUint(string(f.text), 10, bits)
	return n, err == nil && f.form != wrong
}

// unitWords and kindWords hold the words as schema spells them, for a look-up
// without allocation. Other spellings are schema's to judge.
var (
	unitWords = words(schema.WattHour, schema.CubicMetrePerHour)
	kindWords = words(schema.Register, schema.Bill)
)

func words[E interface {
	~uint8
	fmt.Stringer
}](first, last E) map[string]E {
	m := make(map[string]E, last-first+1)
	for e := first; e <= last; e++ {
		m[e.String()] = e
	}
	return m
}

func unitOf(text []byte) (schema.Unit, error) {
	if len(text) == 0 {
		return schema.UnitNone, nil
	}
	if u, ok := unitWords[string(text)]; ok {
		return u, nil
	}
	return schema.ParseUnit(string(text))
}

func kindOf(text []byte) (schema.Kind, error) {
	if len(text) == 0 {
		return schema.KindNone, nil
	}
	if k, ok := kindWords[string(text)]; ok {
		return k, nil
	}
	return schema.ParseKind(string(text))
}
