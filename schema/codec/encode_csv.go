package codec

import (
	"strconv"
	"strings"

	"jouleline/schema"
)

// AppendCSVHeader appends the header row of the rows that AppendCSV appends.
func AppendCSVHeader(dst []byte) []byte {
	return append(append(dst, strings.Join(columnNames[1:], ",")...), '\n')
}

// AppendCSV appends the reading as one row with a cell for each column of
// [AppendCSVHeader]. What the decoder reads from it is the same reading.
func AppendCSV(dst []byte, r *schema.Reading) []byte {
	dst = appendCell(dst, r.Meter)
	dst = append(dst, ',')
	dst = appendInstant(dst, r.Time)
	dst = append(dst, ',')
	dst = appendValue(dst, r)
	dst = append(dst, ',')
	if r.HasStart {
		dst = appendInstant(dst, r.Start)
	}
	dst = append(dst, ',')
	dst = append(dst, r.Unit.String()...)
	dst = append(dst, ',')
	dst = append(dst, r.Kind.String()...)
	dst = append(dst, ',')
	if r.Revision != 0 {
		dst = strconv.AppendInt(dst, int64(r.Revision), 10)
	}
	dst = append(dst, ',')
	if r.Register != 0 {
		dst = strconv.AppendUint(dst, uint64(r.Register), 10)
	}
	dst = append(dst, ',')
	if r.Deleted {
		dst = append(dst, "true"...)
	}
	return append(dst, '\n')
}

// appendCell appends a cell, in quotes where it needs them (RFC 4180).
func appendCell(dst []byte, text string) []byte {
	if !strings.ContainsAny(text, "\",\r\n") {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for i := 0; i < len(text); i++ {
		if text[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, text[i])
	}
	return append(dst, '"')
}
