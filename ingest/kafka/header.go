package kafka

import (
	"bytes"

	"jouleline/ingest"
	"jouleline/schema"
)

// headers reads the headers that we know without an allocation: neighbouring
// records mostly carry the same ones. The zero value is ready; one goroutine.
type headers struct {
	contentType string // the last that is none of the known ones
	minute      []byte // the last `received`, up to its minute
	start       schema.Instant
}

// read gives content type and received; of several headers with one key the
// last counts. What cannot be read counts as not given: then the value's first
// byte and the record's own time tell.
func (h *headers) read(b []byte) (contentType string, received schema.Instant) {
	s := scan{b: b}
	for n := s.varint(); n > 0 && !s.bad; n-- {
		key, value := s.bytes(), s.bytes()
		if s.bad {
			break
		}
		switch string(key) {
		case ingest.HeaderContentType:
			contentType = h.typeOf(value)
		case ingest.HeaderReceived:
			received = h.instant(value)
		}
	}
	return contentType, received
}

func (h *headers) typeOf(b []byte) string {
	switch string(b) {
	case ingest.JSON:
		return ingest.JSON
	case ingest.LineProtocol:
		return ingest.LineProtocol
	case ingest.ArrowStream:
		return ingest.ArrowStream
	case h.contentType:
		return h.contentType
	}
	h.contentType = string(b)
	return h.contentType
}

// Where the parts of "2024-05-01T08:15:30.123Z" lie: what a Producer writes.
const (
	minuteEnd = len("2024-05-01T08:15")
	stampLen  = len(stampLayout)
)

// stampLayout is how a Producer writes `received`, in UTC.
const stampLayout = "2006-01-02T15:04:05.000Z"

// instant reads a time. Of a Producer's own form only the first of a minute is
// parsed in full.
func (h *headers) instant(b []byte) schema.Instant {
	own := len(b) == stampLen && b[minuteEnd] == ':' && b[19] == '.' && b[23] == 'Z'
	if own && bytes.Equal(b[:minuteEnd], h.minute) {
		seconds, ok1 := digits(b[17:19])
		millis, ok2 := digits(b[20:23])
		if ok1 && ok2 && seconds < 60 {
			return h.start + schema.Instant(seconds*schema.Second+millis)
		}
	}
	t, err := schema.ParseInstant(string(b))
	if err != nil {
		return 0
	}
	if own && t >= 0 {
		h.minute = append(h.minute[:0], b[:minuteEnd]...)
		h.start = t - t%schema.Instant(schema.Minute)
	}
	return t
}

func digits(b []byte) (n int64, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
