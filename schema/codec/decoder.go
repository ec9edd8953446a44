package codec

import (
	"fmt"
	"unicode/utf8"

	"jouleline/schema"
)

// MaxElement is the most bytes that one reading may take in a body. A reading
// takes about 150; the rest is room for foreign fields. It also bounds what a
// [Rejection] keeps, so that it fits into one Kafka message (1 MiB by default).
const MaxElement = 64 << 10

// Scanned is a reading as the decoder hands it out.
type Scanned struct {
	// Index counts the elements of the body from 0.
	Index int
	// Meter is the meter id. It points into the body or into the decoder and
	// holds until the next call of Next or Reset.
	Meter []byte
	// Reading is everything but the meter, whose field is empty here, so that
	// a look-up by Meter needs no allocation.
	Reading schema.Reading
	// Offset is the byte of the body at which the element starts, Original the
	// element as it came, at most MaxElement bytes. It points into the body.
	Offset   int
	Original []byte
}

// Owned gives the reading with a meter id of its own.
func (s *Scanned) Owned() schema.Reading {
	r := s.Reading
	r.Meter = string(s.Meter)
	return r
}

// Rejection is an element that could not be understood.
type Rejection struct {
	// Index counts the elements of the body from 0.
	Index int
	// Offset is the byte of the body at which the element starts.
	Offset int
	Code   schema.Code
	// Detail says what was got and what is wanted, in English.
	Detail string
	// Original is the element as it came, at most MaxElement bytes of it. It
	// points into the body.
	Original []byte
}

// Decoder reads the readings of one body after another.
//
//	d.Reset(codec.Format{Encoding: codec.JSON}, body, received)
//	for d.Next() {
//		if rejection := d.Rejection(); rejection != nil {
//			...
//			continue
//		}
//		use(d.Scanned())
//	}
//
// The zero value is ready for Reset. A Decoder belongs to one goroutine; it
// keeps no reference to a body beyond the next Reset.
type Decoder struct {
	format   Format
	body     []byte
	pos      int
	index    int
	received schema.Instant

	scanned   Scanned
	rejection Rejection
	rejected  bool
	unmapped  int

	shape   shape    // of the JSON body around pos
	first   bool     // no element of the JSON array was read yet
	columns []column // of the CSV header, in the order of the body
	cells   [][]byte // of one CSV row

	mapping        *Mapping
	mapped         mappedLine // the present line, where rules made readings of it
	unmappedFields []string
}

// bom is the byte order mark that spreadsheets put before UTF-8.
const bom = "\xef\xbb\xbf"

// Reset starts on a new body, which must not change while it is read. received
// is when the readings were taken in: it bounds how far ahead a reading may be,
// and is the time of a line without a timestamp.
func (d *Decoder) Reset(format Format, body []byte, received schema.Instant) {
	d.format, d.body, d.received = format, body, received
	d.pos, d.index, d.rejected, d.unmapped = 0, 0, false, 0
	d.shape, d.columns = between, d.columns[:0]
	d.mapped.fields, d.mapped.next, d.unmappedFields = d.mapped.fields[:0], 0, d.unmappedFields[:0]
	if len(body) >= len(bom) && string(body[:len(bom)]) == bom {
		d.pos = len(bom)
	}
}

// Next goes on to the next element. It is false at the end of the body.
func (d *Decoder) Next() bool {
	d.rejected = false
	switch d.format.Encoding {
	case JSON:
		return d.nextJSON()
	case CSV:
		return d.nextRow()
	default:
		return d.nextLine()
	}
}

// Scanned gives the reading of the present element, nil where it was rejected.
// It holds until the next call of Next or Reset.
func (d *Decoder) Scanned() *Scanned {
	if d.rejected {
		return nil
	}
	return &d.scanned
}

// Rejection tells why the present element was rejected, nil where it was not.
// It holds until the next call of Next or Reset.
func (d *Decoder) Rejection() *Rejection {
	if !d.rejected {
		return nil
	}
	return &d.rejection
}

// Unmapped counts the line protocol fields of good lines since Reset that mean
// nothing here, or that no rule of the mapping speaks of.
func (d *Decoder) Unmapped() int { return d.unmapped }

// accept makes d.scanned, read from body[start:pos], the present element.
func (d *Decoder) accept(start int) bool {
	s := &d.scanned
	s.Index, s.Offset, s.Original = d.index, start, d.body[start:d.pos]
	d.index++
	return true
}

// reject makes body[start:end] a rejected element.
func (d *Decoder) reject(code schema.Code, detail string, start, end int) bool {
	original := d.body[start:end]
	if len(original) > MaxElement {
		detail = fmt.Sprintf("%s (the first %d of %d bytes are kept)", detail, MaxElement, len(original))
		original = original[:MaxElement]
	}
	d.rejection = Rejection{Index: d.index, Offset: start, Code: code, Detail: detail, Original: original}
	d.rejected = true
	d.index++
	return true
}

// rejectSyntax rejects body[start:end], which does not have the form that it
// should have: as a wrong encoding if it is not UTF-8, else as malformed.
func (d *Decoder) rejectSyntax(detail string, start, end int) bool {
	if at := invalidUTF8(d.body[start:end]); at >= 0 {
		return d.rejectEncoding(start, end, start+at)
	}
	return d.reject(schema.Malformed, detail, start, end)
}

// rejectEncoding rejects body[start:end] for the byte at an offset.
func (d *Decoder) rejectEncoding(start, end, at int) bool {
	return d.reject(schema.BadEncoding, fmt.Sprintf("byte %d: got 0x%02x, want UTF-8", at, d.body[at]), start, end)
}

// invalidUTF8 gives the offset of the first byte that is not UTF-8, -1 if none.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// clip shortens foreign text for a detail.
func clip[T ~string | ~[]byte](text T) string {
	const most = 40
	if len(text) <= most {
		return string(text)
	}
	return string(text[:most]) + "..."
}
