package codec

import (
	"fmt"
	"mime"
	"strings"

	"jouleline/schema"
)

// Encoding is a family of wire formats.
type Encoding uint8

// The encodings.
const (
	// JSON is an object, an array, {"readings":[...]}, or a stream of those,
	// such as NDJSON.
	JSON Encoding = iota + 1
	// CSV has a header row with the names of the JSON fields.
	CSV
	// Line is Influx line protocol.
	Line
)

var encodings = [...]string{"", "json", "csv", "line"}

// String gives a short word: json, csv or line.
func (e Encoding) String() string { return encodings[e] }

// Precision is the unit of the timestamps of line protocol.
type Precision uint8

// The precisions. The zero value is what Influx takes where nothing is said.
const (
	Nanoseconds Precision = iota
	Microseconds
	Milliseconds
	Seconds
)

var precisions = [...]string{"ns", "us", "ms", "s"}

// String gives ns, us, ms or s.
func (p Precision) String() string { return precisions[p] }

// ParsePrecision reads ns, us, ms or s; empty text is nanoseconds. It also
// takes "n" and "u", which version 1 of InfluxDB wrote.
func ParsePrecision(text string) (Precision, error) {
	switch text {
	case "", "ns", "n":
		return Nanoseconds, nil
	case "us", "u", "µs":
		return Microseconds, nil
	case "ms":
		return Milliseconds, nil
	case "s":
		return Seconds, nil
	}
	return 0, fmt.Errorf("precision: got %q, want ns, us, ms or s", clip(text))
}

// ticks gives the instant of a count in the precision. Finer fractions are cut
// off. ok is false where the count is before 1970 or far after 2200.
func (p Precision) ticks(count int64) (t schema.Instant, ok bool) {
	switch p {
	case Nanoseconds:
		return schema.Instant(count / 1_000_000), count >= 0
	case Microseconds:
		return schema.Instant(count / 1000), count >= 0
	case Milliseconds:
		return schema.Instant(count), count >= 0
	}
	return schema.Instant(count * 1000), count >= 0 && count <= int64(schema.MaxInstant)
}

// count is the inverse of ticks. An instant beyond the range of a count of
// nanoseconds (year 2262) does not occur: readings end in 2200.
func (p Precision) count(t schema.Instant) int64 {
	switch p {
	case Nanoseconds:
		return int64(t) * 1_000_000
	case Microseconds:
		return int64(t) * 1000
	case Milliseconds:
		return int64(t)
	}
	return int64(t) / 1000
}

// Format is how a body is to be read.
type Format struct {
	Encoding Encoding
	// Precision counts for line protocol only.
	Precision Precision
}

// FormatOf gives the format of a content type. Line protocol may name the
// precision of its timestamps: "text/plain; precision=s". Empty text leaves the
// choice to the body ([Sniff]).
func FormatOf(contentType string, body []byte) (Format, error) {
	switch contentType { // the common ones without parsing
	case "":
		return Sniff(body, Line), nil
	case "application/json", "application/x-ndjson":
		return Format{Encoding: JSON}, nil
	case "text/plain":
		return Format{Encoding: Line}, nil
	}
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return Format{}, fmt.Errorf("content type: got %q: %w", clip(contentType), err)
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "us-ascii") {
		return Format{}, fmt.Errorf("content type: got charset %q, want utf-8", clip(charset))
	}
	switch media {
	case "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
		return Format{Encoding: JSON}, nil
	case "text/csv", "application/csv":
		return Format{Encoding: CSV}, nil
	case "text/plain":
		precision, err := ParsePrecision(parameters["precision"])
		if err != nil {
			return Format{}, fmt.Errorf("content type: %w", err)
		}
		return Format{Encoding: Line, Precision: precision}, nil
	}
	return Format{}, fmt.Errorf("content type: got %q, want application/json, application/x-ndjson, text/csv, text/plain (line protocol) or application/vnd.apache.arrow.stream", clip(media))
}

// Sniff tells JSON by its first byte ('{' or '['); everything else is read as
// the other encoding.
func Sniff(body []byte, other Encoding) Format {
	i := 0
	if len(body) >= len(bom) && string(body[:len(bom)]) == bom {
		i = len(bom)
	}
	i = skipSpace(body, i)
	if i < len(body) && (body[i] == '{' || body[i] == '[') {
		return Format{Encoding: JSON}
	}
	return Format{Encoding: other}
}
