package codec

import (
	"fmt"

	"jouleline/schema"
)

// shape is where in a JSON body the decoder stands.
type shape uint8

const (
	between     shape = iota // before or after a value of the stream
	inArray                  // in an array of readings
	inReadings               // in the array of {"readings":[...]}
	behindArray              // after that array, before the closing brace
)

// nextJSON reads on in a stream of values, each an object, an array of objects,
// or an object with such an array under "readings". All shapes of a body are
// such a stream, so one way serves them all.
func (d *Decoder) nextJSON() bool {
	for {
		if d.pos = skipSpace(d.body, d.pos); d.pos == len(d.body) {
			if d.shape == between {
				return false
			}
			return d.broken(d.pos, d.unexpected(d.pos, "the end of the array or object"))
		}
		switch d.shape {
		case between:
			switch d.body[d.pos] {
			case '{':
				if d.streamObject() {
					return true
				}
			case '[':
				d.shape, d.first = inArray, true
				d.pos++
			default:
				return d.resume(schema.Malformed, d.unexpected(d.pos, "a JSON object or array"))
			}
		case inArray, inReadings:
			if next, found := d.arrayElement(); found {
				return next
			}
		case behindArray:
			if rejected := d.closeObject(); rejected {
				return true
			}
		}
	}
}

// streamObject reads the object at pos. found is false where it turns out to
// hold an array of readings; then pos stands in that array.
func (d *Decoder) streamObject() (found bool) {
	start := d.pos
	if end, ok := d.scanObject(start); ok {
		d.pos = end
		return d.accept(start)
	}
	// An object may be spread over lines, but a broken one must not swallow
	// the lines behind it: look no further than an element may reach.
	b := d.body[:min(len(d.body), start+MaxElement)]
	end, array, ok := walkObject(b, start+1, 0, true)
	if array {
		d.shape, d.first, d.pos = inReadings, true, end
		return false
	}
	if ok {
		d.pos = end
		return d.parseObject(start, end)
	}
	if end >= len(b) && len(b) < len(d.body) {
		return d.resume(schema.TooLarge, fmt.Sprintf("byte %d: got an object of more than %d bytes%s", start, MaxElement, strangers(b[start:], true)))
	}
	return d.resume(schema.Malformed, d.unexpected(end, "a JSON object"))
}

// arrayElement reads the element at pos, or what stands between elements; then
// found is false.
func (d *Decoder) arrayElement() (next, found bool) {
	b, i := d.body, d.pos
	if b[i] == ']' {
		d.pos++
		if d.shape == inReadings {
			d.shape = behindArray
		} else {
			d.shape = between
		}
		return false, false
	}
	if !d.first {
		if b[i] != ',' {
			return d.broken(i, d.unexpected(i, "',' or ']'")), true
		}
		if i = skipSpace(b, i+1); i == len(b) {
			return d.broken(i, d.unexpected(i, "an element")), true
		}
	}
	d.first = false
	if b[i] == '{' {
		if end, ok := d.scanObject(i); ok {
			d.pos = end
			return d.accept(i), true
		}
	}
	end, ok := skipValue(b, i, 0)
	if !ok {
		return d.broken(i, d.unexpected(end, "a JSON value")), true
	}
	d.pos = end
	return d.parseObject(i, end), true
}

// closeObject reads what stands behind the array of {"readings":[...]}.
func (d *Decoder) closeObject() (rejected bool) {
	i := d.pos
	if d.body[i] == '}' {
		d.shape, d.pos = between, i+1
		return false
	}
	if d.body[i] != ',' {
		return d.broken(i, d.unexpected(i, "',' or '}'"))
	}
	end, array, ok := walkObject(d.body, i+1, 0, true)
	switch {
	case array:
		d.shape, d.first, d.pos = inReadings, true, end
	case ok:
		d.shape, d.pos = between, end
	default:
		return d.broken(i, d.unexpected(end, "a JSON object"))
	}
	return false
}

// broken rejects the rest of the body from i on: inside of an array nobody can
// tell where the next element starts.
func (d *Decoder) broken(i int, detail string) bool {
	d.shape, d.pos = between, len(d.body)
	return d.rejectSyntax(detail, i, len(d.body))
}

// resume rejects what stands at pos, up to the next line that starts like a
// value. So a bad line of NDJSON costs itself only, and a body that is not JSON
// at all is one rejection.
func (d *Decoder) resume(code schema.Code, detail string) bool {
	b, start := d.body, d.pos
	end := start
	for end < len(b) {
		next := lineEnd(b, end)
		end = skipSpace(b, next)
		if end < len(b) && (b[end] == '{' || b[end] == '[') {
			end = next
			break
		}
	}
	d.pos = end
	if code == schema.Malformed {
		return d.rejectSyntax(detail, start, end)
	}
	return d.reject(code, detail, start, end)
}

// unexpected says what stands at i.
func (d *Decoder) unexpected(i int, want string) string {
	if i >= len(d.body) {
		return fmt.Sprintf("byte %d: got the end of the body, want %s", i, want)
	}
	return fmt.Sprintf("byte %d: got %q, want %s", i, clip(d.body[i:min(len(d.body), i+20)]), want)
}
