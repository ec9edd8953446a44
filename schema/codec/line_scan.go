package codec

import (
	"unicode/utf8"

	"jouleline/schema"
)

// endsPart tells what ends a part of a line: the measurement, a tag's name and
// text, a field's name. Backslashes, quotes and control characters end it too,
// and the scanner gives up on them. Bytes of other characters do not; they are
// looked at once the line is read.
var endsPart = func() (ends [256]bool) {
	for c := range ends {
		ends[c] = c <= ' ' || c == ',' || c == '=' || c == '"' || c == '\\' || c == 0x7f
	}
	return ends
}()

// partEnd gives the end of the part at b[i:] and how the bytes passed were, or-ed.
func partEnd(b []byte, i int) (end int, passed byte) {
	for ; i < len(b) && !endsPart[b[i]]; i++ {
		passed |= b[i]
	}
	return i, passed
}

// scanLine reads a plain, good line at body[i:] without allocating (but for the
// text of a value that was rounded), up to behind its newline. It gives up (ok
// is false) on escapes, on any text in the fields, on anything wrong: parseLine
// then decides. foreign counts fields that mean nothing here.
func (d *Decoder) scanLine(i int) (end, foreign int, ok bool) {
	b, start := d.body, i
	s := &d.scanned
	s.Meter, s.Reading = nil, schema.Reading{}
	i, all := partEnd(b, i)
	if i == start {
		return i, 0, false
	}
	for i < len(b) && b[i] == ',' {
		name := i + 1
		j, passed := partEnd(b, name)
		if j >= len(b) || b[j] != '=' {
			return j, 0, false
		}
		end, passedText := partEnd(b, j+1)
		i, all = end, all|passed|passedText
		if !d.scanTag(b[name:j], b[j+1:i]) {
			return i, 0, false
		}
	}
	if i >= len(b) || b[i] != ' ' || len(s.Meter) == 0 {
		return i, 0, false
	}
	for i < len(b) && b[i] == ' ' {
		i++
	}
	i, foreign, passed, ok := d.scanFields(i)
	if !ok {
		return i, 0, false
	}
	if i, ok = d.scanStamp(i); !ok || i-start > MaxElement {
		return i, 0, false
	}
	if all|passed >= 0x80 && !utf8.Valid(b[start:i]) {
		return i, 0, false
	}
	if code, _ := CheckMeter(s.Meter); code != schema.Accepted {
		return i, 0, false
	}
	code, _ := Validate(&s.Reading, d.received)
	return i, foreign, code == schema.Accepted
}

// scanFields reads the fields at i, of which one must be the value. all is the
// bytes of their names, or-ed.
func (d *Decoder) scanFields(i int) (end, foreign int, all byte, ok bool) {
	b, valued := d.body, false
	for {
		name := i
		j, passed := partEnd(b, i)
		all |= passed
		if j == name || j >= len(b) || b[j] != '=' {
			return j, 0, all, false
		}
		var known bool
		if string(b[name:j]) == "value" {
			known, valued = true, true
			i, ok = d.scanAmount(j + 1)
		} else {
			known, i, ok = d.scanField(b[name:j], j+1)
		}
		if !ok {
			return i, 0, all, false
		}
		if !known {
			foreign++
		}
		if i >= len(b) || b[i] != ',' {
			return i, foreign, all, valued
		}
		i++
	}
}

func (d *Decoder) scanTag(name, text []byte) (ok bool) {
	s := &d.scanned
	switch string(name) {
	case "meter":
		ok = len(s.Meter) == 0 && len(text) > 0
		s.Meter = text
	case "unit":
		s.Reading.Unit, ok = unitWords[string(text)]
	case "kind":
		s.Reading.Kind, ok = kindWords[string(text)]
	default:
		ok = len(name) > 0
	}
	return ok
}

// scanAmount reads the field value at i: 12.5, 12i or 12u.
func (d *Decoder) scanAmount(i int) (end int, ok bool) {
	b, r := d.body, &d.scanned.Reading
	q, exact, end, ok := scanQuantity(b, i)
	if r.Value, r.Original = q, ""; ok && !exact {
		r.Original = string(b[i:end])
	}
	if ok && end < len(b) && (b[end] == 'i' || b[end] == 'u') {
		return end + 1, digitsEnd(b, i+1) == end
	}
	return end, ok
}

// scanField reads the field whose value starts at i.
func (d *Decoder) scanField(name []byte, i int) (known bool, end int, ok bool) {
	b, r := d.body, &d.scanned.Reading
	switch string(name) {
	case "revision":
		n, end, ok := scanCount(b, i)
		r.Revision = int32(n)
		return true, integerEnd(b, end), ok
	case "register":
		n, end, ok := scanCount(b, i)
		r.Register = uint8(n)
		return true, integerEnd(b, end), ok && n <= 255
	case "deleted", "start":
		return true, i, false // rare, and text or words of several spellings
	}
	// A foreign field may hold anything that the plain parser would take too:
	// here only numbers, which need no look at quotes.
	end = numberEnd(b, i)
	return false, integerEnd(b, end), end > i
}

// integerEnd steps over the mark of an integer.
func integerEnd(b []byte, i int) int {
	if i >= 0 && i < len(b) && b[i] == 'i' {
		i++
	}
	return i
}

// scanStamp reads the spaces and the timestamp at i, if any, and the end of the
// line.
func (d *Decoder) scanStamp(i int) (end int, ok bool) {
	b, fields := d.body, i
	for i < len(b) && b[i] == ' ' {
		i++
	}
	if end = digitsEnd(b, i); end == i {
		d.scanned.Reading.Time = d.received
	} else {
		if i == fields || end-i > 18 && (end-i > 19 || b[i] > '8') { // may not fit into 63 bits
			return i, false
		}
		var count int64
		for _, c := range b[i:end] {
			count = count*10 + int64(c-'0')
		}
		if d.scanned.Reading.Time, ok = d.format.Precision.ticks(count); !ok {
			return i, false
		}
	}
	for end < len(b) && (b[end] == ' ' || b[end] == '\r') {
		end++
	}
	if end == len(b) {
		return end, true
	}
	return end + 1, b[end] == '\n'
}
