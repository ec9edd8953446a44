package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"

	"jouleline/ingest"
	"jouleline/schema"
)

// retryAfter is how long, in seconds, a caller shall wait when Kafka does not
// take readings: an election of a partition's leader takes about that long.
const retryAfter = "5"

// failure is a request that is refused as a whole.
type failure struct {
	status int
	code   schema.Code // one of schema's where one says it, else a word of its own
	detail string
}

// Codes of failures beyond those of readings.
const (
	codeUnsupported schema.Code = "unsupported_media_type"
	codeUnavailable schema.Code = "unavailable"
	codeMethod      schema.Code = "method_not_allowed"
)

func malformed(format string, args ...any) *failure {
	return &failure{http.StatusBadRequest, schema.Malformed, fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) *failure {
	return &failure{http.StatusRequestEntityTooLarge, schema.TooLarge, fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) *failure {
	return &failure{http.StatusUnsupportedMediaType, codeUnsupported, fmt.Sprintf(format, args...)}
}

func unavailable() *failure {
	return &failure{http.StatusServiceUnavailable, codeUnavailable, "the readings could not be stored now; nothing is acknowledged, send the same again"}
}

// Problem is the answer to a request that is refused as a whole (RFC 9457,
// application/problem+json).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Code is a stable short word for the cause.
	Code schema.Code `json:"code"`
	// Rejected tells of each element, where the body was read but held no
	// reading at all.
	Rejected []RejectedVerdict `json:"rejected,omitempty"`
}

// problem answers with a Problem.
func problem(w http.ResponseWriter, f *failure, rejected []RejectedVerdict) {
	f.header(w)
	answer(w, f.status, "application/problem+json", Problem{
		Type: "about:blank", Title: http.StatusText(f.status), Status: f.status, Detail: f.detail, Code: f.code, Rejected: rejected,
	})
}

// InfluxError is the answer of the write endpoint to a request of which not all
// was taken, as InfluxDB shapes it.
type InfluxError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// influxCodes are the words that InfluxDB 2 uses; others are "invalid".
var influxCodes = map[int]string{
	http.StatusRequestEntityTooLarge: "request too large",
	http.StatusServiceUnavailable:    "unavailable",
	http.StatusMethodNotAllowed:      "method not allowed",
	http.StatusUnsupportedMediaType:  "unsupported media type",
}

// influxError answers with an InfluxError.
func influxError(w http.ResponseWriter, f *failure) {
	f.header(w)
	answer(w, f.status, "application/json", InfluxError{influxCode(f.status), f.detail})
}

func influxCode(status int) string {
	if code, ok := influxCodes[status]; ok {
		return code
	}
	return "invalid"
}

// header sets what tells a caller how to do better.
func (f *failure) header(w http.ResponseWriter) {
	switch f.status {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusUnsupportedMediaType:
		w.Header().Set("Accept", "application/json, application/x-ndjson, text/csv, "+ingest.ArrowStream)
		w.Header().Set("Accept-Encoding", "gzip, zstd")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
}

// answer writes a JSON body. An error of writing means that the caller is gone.
func answer(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(body)
}
