package arrow

import (
	"fmt"

	"jouleline/schema"
	"jouleline/schema/codec"
)

// ContentType is the media type of an Arrow IPC stream.
const ContentType = "application/vnd.apache.arrow.stream"

// Decoder reads the readings of one stream after another. It is used as
// [codec.Decoder] is:
//
//	d.Reset(body, received)
//	for d.Next() {
//		if rejection := d.Rejection(); rejection != nil {
//			...
//			continue
//		}
//		use(d.Scanned())
//	}
//
// Every row gives exactly one reading or one rejection, with indexes 0, 1, 2,
// ... A message that is damaged, of another schema or cut off makes itself and
// everything behind it one rejection; the rows before it are good.
//
// The zero value is ready for Reset. A Decoder belongs to one goroutine; it
// keeps no reference to a body beyond the next Reset.
type Decoder struct {
	body     []byte
	received schema.Instant
	pos      int // of the next message
	index    int // of the next element
	ended    bool

	known        bool // the schema was read
	columns      [columnCount]column
	slots        []slot
	dictionaries []dictionary

	start, row, rows int // of the present batch

	scanned   codec.Scanned
	rejection codec.Rejection
	rejected  bool

	unit memo[schema.Unit]
	kind memo[schema.Kind]
}

// Reset starts on a new body, which must not change while it is read. received
// is when the readings were taken in: it bounds how far ahead a reading may be.
func (d *Decoder) Reset(body []byte, received schema.Instant) {
	clear(d.dictionaries) // lets go of the old body
	*d = Decoder{body: body, received: received, slots: d.slots[:0], dictionaries: d.dictionaries[:0], unit: d.unit, kind: d.kind}
}

// Next goes on to the next row. It is false at the end of the stream.
func (d *Decoder) Next() bool {
	d.rejected = false
	for d.row == d.rows {
		if d.ended {
			return false
		}
		if fault := d.message(); fault != "" {
			d.ended = true
			d.rejectRest(fault)
			return true
		}
	}
	row := d.row
	d.row++
	if code, detail := d.interpret(row); code != schema.Accepted {
		d.rejectRow(code, detail, row)
		return true
	}
	d.scanned.Index, d.scanned.Offset = d.index, d.start
	d.index++
	return true
}

// Scanned gives the reading of the present row, nil where it was rejected. It
// holds until the next call of Next or Reset. Its Meter points into the body,
// its Offset is that of the message that holds the row. Its Original is nil,
// since a row has no bytes of its own: [codec.AppendJSON] writes one.
func (d *Decoder) Scanned() *codec.Scanned {
	if d.rejected {
		return nil
	}
	return &d.scanned
}

// Rejection tells why the present row was rejected, nil where it was not. It
// holds until the next call of Next or Reset. Its Original is what the row
// gives, as a JSON object; where the rest of a stream is rejected, the first
// [codec.MaxElement] bytes of that.
func (d *Decoder) Rejection() *codec.Rejection {
	if !d.rejected {
		return nil
	}
	return &d.rejection
}

// message reads the next message.
func (d *Decoder) message() (fault string) {
	m, fault := messageAt(d.body, d.pos)
	if fault != "" {
		return fault
	}
	start := d.pos
	switch {
	case m.kind == 0:
		d.pos = m.end
		return d.end()
	case m.kind == schemaMessage && d.known:
		return fmt.Sprintf("byte %d: got a second schema, want one stream a body", start)
	case m.kind != schemaMessage && !d.known:
		return fmt.Sprintf("byte %d: got a batch before the schema", start)
	case m.kind == schemaMessage:
		d.known = true
		fault = d.schema(&m)
	case m.kind == dictionaryMessage:
		fault = d.learn(&m)
	default:
		d.start, d.row = start, 0
		d.rows, fault = m.load(m.header, d.slots, func(column int8) *values { return &d.columns[column].values })
	}
	if fault != "" {
		return fmt.Sprintf("byte %d: %s", start, fault)
	}
	d.pos = m.end
	return ""
}

// end judges where the stream ends.
func (d *Decoder) end() (fault string) {
	switch {
	case !d.known:
		return "got no schema, want an Arrow stream"
	case d.pos != len(d.body):
		return fmt.Sprintf("byte %d: got %d bytes behind the end of the stream", d.pos, len(d.body)-d.pos)
	}
	d.ended = true
	return ""
}

// rejectRest makes everything from the present message on one rejection.
func (d *Decoder) rejectRest(detail string) {
	original := d.body[d.pos:]
	if len(original) > codec.MaxElement {
		detail = fmt.Sprintf("%s (the first %d of %d bytes are kept)", detail, codec.MaxElement, len(original))
		original = original[:codec.MaxElement]
	}
	d.reject(codec.Rejection{Offset: d.pos, Code: schema.Malformed, Detail: detail, Original: original})
}

// rejectRow makes a row a rejection.
func (d *Decoder) rejectRow(code schema.Code, detail string, row int) {
	d.reject(codec.Rejection{Offset: d.start, Code: code, Detail: detail, Original: d.original(row)})
}

func (d *Decoder) reject(r codec.Rejection) {
	r.Index = d.index
	d.rejection, d.rejected = r, true
	d.index++
}

// clip shortens foreign text for a detail.
func clip[T ~string | ~[]byte](text T) string {
	const most = 40
	if len(text) <= most {
		return string(text)
	}
	return string(text[:most]) + "..."
}
