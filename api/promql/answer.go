package promql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/prometheus/prometheus/model/labels"
	prom "github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// answer is the data of a success.
type answer struct {
	data            []byte // JSON
	warnings, infos []string
}

func jsonAnswer(data any) (*answer, error) {
	text, err := json.Marshal(data)
	return &answer{data: text}, err
}

// envelope is what every answer of Prometheus' API is wrapped in.
type envelope struct {
	Status    string          `json:"status"`
	Data      json.RawMessage `json:"data,omitempty"`
	ErrorType string          `json:"errorType,omitempty"`
	Error     string          `json:"error,omitempty"`
	Warnings  []string        `json:"warnings,omitempty"`
	Infos     []string        `json:"infos,omitempty"`
}

// dataError tells that the request is at fault.
type dataError struct{ error }

func (e dataError) Unwrap() error { return e.error }

func badData(err error) error { return dataError{err} }

func badParam(name string, err error) error {
	return dataError{fmt.Errorf("invalid parameter %q: %w", name, err)}
}

// canceled is what a server answers to a caller who is gone (nginx' number).
const canceled = 499

// classify is the only place that turns errors into Prometheus' kinds.
func classify(err error) (kind string, status int) {
	_, isData := errors.AsType[dataError](err)
	_, isTimeout := errors.AsType[prom.ErrQueryTimeout](err)
	_, isCanceled := errors.AsType[prom.ErrQueryCanceled](err)
	_, isStorage := errors.AsType[prom.ErrStorage](err)
	switch {
	case isData:
		return "bad_data", http.StatusBadRequest
	case isTimeout, errors.Is(err, context.DeadlineExceeded):
		return "timeout", http.StatusServiceUnavailable
	case isCanceled, errors.Is(err, context.Canceled):
		return "canceled", canceled
	case isStorage:
		return "internal", http.StatusInternalServerError
	}
	return "execution", http.StatusUnprocessableEntity
}

// refusal tells what a caller is told of an error.
func (h *Handler) refusal(ctx context.Context, err error) (kind string, status int, text string) {
	kind, status = classify(err)
	if _, isLarge := errors.AsType[*http.MaxBytesError](err); isLarge {
		return kind, http.StatusRequestEntityTooLarge, err.Error()
	}
	fault, ok := errors.AsType[sourceError](err)
	if !ok || kind != "execution" {
		return kind, status, err.Error()
	}
	switch status, text = h.config.Fault(ctx, fault.error); {
	case status == http.StatusServiceUnavailable:
		return "unavailable", status, text
	case status >= http.StatusInternalServerError:
		return "internal", status, text
	}
	return kind, http.StatusUnprocessableEntity, text
}

// answer lets work answer a request.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, work func(*form) (*answer, error)) {
	f, err := readForm(w, r, h.config.Limits.Body)
	var a *answer
	if err == nil {
		a, err = work(f)
	}
	if err != nil {
		kind, status, text := h.refusal(r.Context(), err)
		Refuse(w, status, kind, text)
		return
	}
	to, done := pack(w, r, len(a.data))
	defer done()
	write(to, http.StatusOK, envelope{Status: "success", Data: a.data, Warnings: a.warnings, Infos: a.infos})
}

// Refuse answers with an error in Prometheus' shape.
func Refuse(w http.ResponseWriter, status int, kind, text string) {
	write(w, status, envelope{Status: "error", ErrorType: kind, Error: text})
}

func write(w http.ResponseWriter, status int, e envelope) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(e) // an error means that the caller is gone
}

func lengthOf(v parser.Value) int {
	switch v := v.(type) {
	case prom.Vector:
		return len(v)
	case prom.Matrix:
		return len(v)
	}
	return 1
}

// appendResult writes a result as Prometheus does; limit bounds the series, 0
// does not.
func appendResult(dst []byte, v parser.Value, limit int) []byte {
	dst = fmt.Appendf(dst, `{"resultType":%q,"result":`, v.Type())
	switch v := v.(type) {
	case prom.Vector:
		dst = append(dst, '[')
		for i := range v {
			if limit > 0 && i == limit {
				break
			}
			dst = appendLabels(comma(dst, i), v[i].Metric)
			dst = appendPoint(append(dst, `,"value":`...), v[i].T, v[i].F)
			dst = append(dst, '}')
		}
		dst = append(dst, ']')
	case prom.Matrix:
		dst = append(dst, '[')
		for i := range v {
			if limit > 0 && i == limit {
				break
			}
			dst = appendLabels(comma(dst, i), v[i].Metric)
			dst = append(dst, `,"values":[`...)
			for k, p := range v[i].Floats {
				dst = appendPoint(comma(dst, k), p.T, p.F)
			}
			dst = append(dst, "]}"...)
		}
		dst = append(dst, ']')
	case prom.Scalar:
		dst = appendPoint(dst, v.T, v.V)
	case prom.String:
		dst = append(appendSeconds(append(dst, '['), v.T), ',')
		dst = append(appendText(dst, v.V), ']')
	default:
		panic(fmt.Sprintf("promql: the engine gave a %T", v))
	}
	return append(dst, '}')
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	return dst
}

func appendLabels(dst []byte, l labels.Labels) []byte {
	dst = append(dst, `{"metric":{`...)
	first := true
	l.Range(func(x labels.Label) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendText(dst, x.Name), ':')
		dst = appendText(dst, x.Value)
	})
	return append(dst, '}')
}

func appendText(dst []byte, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic("promql: a string has no JSON: " + err.Error())
	}
	return append(dst, quoted...)
}

func appendPoint(dst []byte, t int64, v float64) []byte {
	dst = append(appendSeconds(append(dst, '['), t), `,"`...)
	format := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e' // as Prometheus switches, and JavaScript does
	}
	dst = strconv.AppendFloat(dst, v, format, -1, 64)
	return append(dst, `"]`...)
}

// appendSeconds writes Unix milliseconds as seconds.
func appendSeconds(dst []byte, t int64) []byte {
	if t < 0 {
		dst, t = append(dst, '-'), -t
	}
	dst = strconv.AppendInt(dst, t/1000, 10)
	if rest := t % 1000; rest != 0 {
		dst = fmt.Appendf(dst, ".%03d", rest)
	}
	return dst
}
