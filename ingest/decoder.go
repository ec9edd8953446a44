package ingest

import (
	"bytes"
	"mime"

	"jouleline/schema"
	"jouleline/schema/arrow"
	"jouleline/schema/codec"
)

// Format is how a body is to be read.
type Format struct {
	// Arrow tells that the body is an Arrow stream; then the rest is empty.
	Arrow bool
	codec.Format
}

// FormatOf gives the format of a content type, as [codec.FormatOf] does, and
// knows Arrow streams. Empty text leaves the choice to the body: see [Sniff].
func FormatOf(contentType string, body []byte) (Format, error) {
	switch contentType { // the common ones without parsing
	case "":
		return Sniff(body, codec.Line), nil
	case ArrowStream:
		return Format{Arrow: true}, nil
	}
	format, err := codec.FormatOf(contentType, body)
	if err != nil {
		if media, _, bad := mime.ParseMediaType(contentType); bad == nil && media == ArrowStream {
			return Format{Arrow: true}, nil
		}
		return Format{}, err
	}
	return Format{Format: format}, nil
}

// Sniff tells an Arrow stream by the mark before its first message, which no
// text has, and leaves the rest to [codec.Sniff].
func Sniff(body []byte, other codec.Encoding) Format {
	if len(body) >= len(arrowMark) && string(body[:len(arrowMark)]) == arrowMark {
		return Format{Arrow: true}
	}
	return Format{Format: codec.Sniff(body, other)}
}

// arrowMark stands before every message of an Arrow stream since format 0.15.
const arrowMark = "\xff\xff\xff\xff"

// Decoder reads the readings of one body after another, in any encoding of the
// contract. It is used as [codec.Decoder] is, and its elements hold as long. The
// zero value is ready for Reset. A Decoder belongs to one goroutine.
type Decoder struct {
	format Format
	text   codec.Decoder
	arrow  arrow.Decoder
}

// Map makes the decoder read line protocol by a mapping too; nil: by none.
func (d *Decoder) Map(m *codec.Mapping) { d.text.Map(m) }

// Reset starts on a new body, which must not change while it is read.
func (d *Decoder) Reset(format Format, body []byte, received schema.Instant) {
	d.format = format
	if format.Arrow {
		d.arrow.Reset(body, received)
		return
	}
	d.text.Reset(format.Format, body, received)
}

// Next goes on to the next element. It is false at the end of the body.
func (d *Decoder) Next() bool {
	if d.format.Arrow {
		return d.arrow.Next()
	}
	return d.text.Next()
}

// Scanned gives the reading of the present element, nil where it was rejected.
func (d *Decoder) Scanned() *codec.Scanned {
	if d.format.Arrow {
		return d.arrow.Scanned()
	}
	return d.text.Scanned()
}

// Rejection tells why the present element was rejected, nil where it was not.
func (d *Decoder) Rejection() *codec.Rejection {
	if d.format.Arrow {
		return d.arrow.Rejection()
	}
	return d.text.Rejection()
}

// Original gives the present reading as a person can read it and a replay can
// offer it once more: its own bytes, or the row of an Arrow stream as a JSON
// object. It is nil where the element was rejected by the decoder.
func (d *Decoder) Original() []byte {
	s := d.Scanned()
	switch {
	case s == nil:
		return nil
	case !d.format.Arrow:
		return s.Original
	}
	r := s.Owned()
	return bytes.TrimSuffix(codec.AppendJSON(nil, &r), []byte("\n"))
}

// Unmapped counts the line protocol fields of good lines since Reset that mean
// nothing here.
func (d *Decoder) Unmapped() int {
	if d.format.Arrow {
		return 0
	}
	return d.text.Unmapped()
}

// UnmappedFields names some of the fields that a mapping does not speak of. It
// holds until the next Reset.
func (d *Decoder) UnmappedFields() []string {
	if d.format.Arrow {
		return nil
	}
	return d.text.UnmappedFields()
}
