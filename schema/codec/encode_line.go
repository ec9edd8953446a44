package codec

import (
	"fmt"
	"strconv"
	"strings"

	"jouleline/schema"
)

// AppendLine appends the reading as one line of Influx line protocol, with its
// newline and timestamps in the precision: what is finer is cut off. Apart from
// that the decoder reads the same reading from it in the same precision.
//
// Line protocol cannot say a tag that ends in a backslash; such a meter id is
// the only error, and dst is returned as it was.
func AppendLine(dst []byte, r *schema.Reading, precision Precision) ([]byte, error) {
	if strings.HasSuffix(r.Meter, `\`) {
		return dst, fmt.Errorf("meter: got %q, line protocol has no way to write a tag that ends in a backslash", r.Meter)
	}
	dst = append(dst, "reading,meter="...)
	for i := 0; i < len(r.Meter); i++ {
		if c := r.Meter[i]; c == ' ' || c == ',' || c == '=' {
			dst = append(dst, '\\')
		}
		dst = append(dst, r.Meter[i])
	}
	if r.Unit != schema.UnitNone {
		dst = append(append(dst, ",unit="...), r.Unit.String()...)
	}
	if r.Kind != schema.KindNone {
		dst = append(append(dst, ",kind="...), r.Kind.String()...)
	}
	dst = append(dst, " value="...)
	dst = appendValue(dst, r)
	if r.HasStart {
		dst = append(dst, ",start="...)
		dst = strconv.AppendInt(dst, precision.count(r.Start), 10)
		dst = append(dst, 'i')
	}
	if r.Revision != 0 {
		dst = append(dst, ",revision="...)
		dst = strconv.AppendInt(dst, int64(r.Revision), 10)
		dst = append(dst, 'i')
	}
	if r.Register != 0 {
		dst = append(dst, ",register="...)
		dst = strconv.AppendUint(dst, uint64(r.Register), 10)
		dst = append(dst, 'i')
	}
	if r.Deleted {
		dst = append(dst, ",deleted=t"...)
	}
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, precision.count(r.Time), 10)
	return append(dst, '\n'), nil
}
