package codec

import (
	"unicode/utf8"

	"jouleline/schema"
)

// Bits for the names that an object has had.
const (
	sawMeter = 1 << iota
	sawTime
	sawValue
	sawStart
	sawUnit
	sawKind
	sawRevision
	sawRegister
	sawDeleted

	required = sawMeter | sawTime | sawValue
)

// scanObject reads a plain, good reading at body[i:], which starts with a
// brace, without allocating (but for the text of a value that was rounded). It
// gives up (ok is false) on escapes, repeated or nested names, null, anything
// wrong: parseObject then decides.
func (d *Decoder) scanObject(i int) (end int, ok bool) {
	b, start := d.body, i
	s := &d.scanned
	s.Reading = schema.Reading{}
	saw, ascii := 0, true
	for {
		if i = skipSpace(b, i+1); i >= len(b) || b[i] != '"' {
			return i, false
		}
		name, j, ok := scanString(b, i, &ascii)
		if !ok {
			return j, false
		}
		if i = skipSpace(b, j); i >= len(b) || b[i] != ':' {
			return i, false
		}
		if i = skipSpace(b, i+1); i >= len(b) {
			return i, false
		}
		var bit int
		if bit, i, ok = d.scanMember(name, i, &ascii); !ok || saw&bit != 0 {
			return i, false
		}
		saw |= bit
		if i = skipSpace(b, i); i >= len(b) || b[i] != ',' && b[i] != '}' {
			return i, false
		}
		if b[i] == '}' {
			i++
			break
		}
	}
	if saw&required != required || i-start > MaxElement {
		return i, false
	}
	if !ascii {
		if !utf8.Valid(b[start:i]) {
			return i, false
		}
		if code, _ := CheckMeter(s.Meter); code != schema.Accepted {
			return i, false
		}
	}
	code, _ := Validate(&s.Reading, d.received)
	return i, code == schema.Accepted
}

// scanMember reads the value at i into the field that name means.
func (d *Decoder) scanMember(name []byte, i int, ascii *bool) (bit, end int, ok bool) {
	b, r := d.body, &d.scanned.Reading
	var text []byte
	switch string(name) {
	case "meter":
		text, end, ok = scanString(b, i, ascii)
		d.scanned.Meter = text
		return sawMeter, end, ok && len(text) > 0 && len(text) <= schema.MaxMeterID
	case "time":
		if text, end, ok = scanString(b, i, ascii); ok {
			r.Time, ok = plainInstant(text)
		}
		return sawTime, end, ok
	case "value":
		var exact bool
		if r.Value, exact, end, ok = scanQuantity(b, i); ok && !exact {
			r.Original = string(b[i:end])
		}
		return sawValue, end, ok
	case "start":
		if text, end, ok = scanString(b, i, ascii); ok {
			r.Start, r.HasStart = plainInstant(text)
		}
		return sawStart, end, r.HasStart
	case "unit":
		if text, end, ok = scanString(b, i, ascii); ok {
			r.Unit, ok = unitWords[string(text)]
		}
		return sawUnit, end, ok
	case "kind":
		if text, end, ok = scanString(b, i, ascii); ok {
			r.Kind, ok = kindWords[string(text)]
		}
		return sawKind, end, ok
	case "revision":
		n, end, ok := scanCount(b, i)
		r.Revision = int32(n)
		return sawRevision, end, ok
	case "register":
		n, end, ok := scanCount(b, i)
		r.Register = uint8(n)
		return sawRegister, end, ok && n <= 255
	case "deleted":
		r.Deleted = b[i] == 't'
		end, ok = scanWord(b, i)
		return sawDeleted, end, ok && b[i] != 'n'
	}
	end, ok = scanForeign(b, i, ascii)
	return 0, end, ok
}

// scanForeign skips the plain value of a name that means nothing here.
func scanForeign(b []byte, i int, ascii *bool) (end int, ok bool) {
	switch c := b[i]; {
	case c == '"':
		_, end, ok = scanString(b, i, ascii)
		return end, ok
	case c == '-' || c-'0' <= 9:
		end = numberEnd(b, i)
		return end, end > i
	}
	return scanWord(b, i)
}

// scanWord skips true, false or null.
func scanWord(b []byte, i int) (end int, ok bool) {
	for _, word := range [...]string{"true", "false", "null"} {
		if end = i + len(word); end <= len(b) && string(b[i:end]) == word {
			return end, true
		}
	}
	return i, false
}

// scanString reads a string without escapes. ascii is cleared where it holds
// other characters.
func scanString(b []byte, i int, ascii *bool) (text []byte, end int, ok bool) {
	if b[i] != '"' {
		return nil, i, false
	}
	i++
	for j := i; ; j++ {
		j = plainEnd(b, j)
		switch {
		case j >= len(b):
			return nil, j, false
		case b[j] == '"':
			return b[i:j], j + 1, true
		case b[j] < 0x80: // escapes and control characters
			return nil, j, false
		}
		*ascii = false
	}
}

// scanCount reads a whole number of at most nine digits.
func scanCount(b []byte, i int) (n uint32, end int, ok bool) {
	end = i
	for ; end < len(b) && b[end]-'0' <= 9; end++ {
		if end-i == 9 {
			return 0, end, false
		}
		n = n*10 + uint32(b[end]-'0')
	}
	return n, end, end == i+1 || end > i+1 && b[i] != '0'
}
