package codec

import (
	"strconv"
	"time"

	"jouleline/schema"
)

// AppendJSON appends the reading as one line of NDJSON, with its newline. The
// value is written as Original where the reading has one. The decoder reads the
// same reading from it; of values of 10^12 and more only the first eighteen
// digits, as [schema.ParseDecimal] does everywhere.
func AppendJSON(dst []byte, r *schema.Reading) []byte {
	dst = append(dst, `{"meter":`...)
	dst = appendQuoted(dst, r.Meter)
	dst = append(dst, `,"time":"`...)
	dst = appendInstant(dst, r.Time)
	dst = append(dst, `","value":`...)
	dst = appendValue(dst, r)
	if r.HasStart {
		dst = append(dst, `,"start":"`...)
		dst = appendInstant(dst, r.Start)
		dst = append(dst, '"')
	}
	if r.Unit != schema.UnitNone {
		dst = append(dst, `,"unit":"`...)
		dst = append(dst, r.Unit.String()...)
		dst = append(dst, '"')
	}
	if r.Kind != schema.KindNone {
		dst = append(dst, `,"kind":"`...)
		dst = append(dst, r.Kind.String()...)
		dst = append(dst, '"')
	}
	if r.Revision != 0 {
		dst = append(dst, `,"revision":`...)
		dst = strconv.AppendInt(dst, int64(r.Revision), 10)
	}
	if r.Register != 0 {
		dst = append(dst, `,"register":`...)
		dst = strconv.AppendUint(dst, uint64(r.Register), 10)
	}
	if r.Deleted {
		dst = append(dst, `,"deleted":true`...)
	}
	return append(dst, "}\n"...)
}

// appendValue appends the value as a JSON number.
func appendValue(dst []byte, r *schema.Reading) []byte {
	if r.Original != "" && numberEnd(r.Original, 0) == len(r.Original) {
		return append(dst, r.Original...)
	}
	return r.Value.Append(dst)
}

// appendInstant appends RFC 3339 text in UTC.
func appendInstant(dst []byte, t schema.Instant) []byte {
	return t.Time().AppendFormat(dst, time.RFC3339Nano)
}

// appendQuoted appends a JSON string.
func appendQuoted(dst []byte, text string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
