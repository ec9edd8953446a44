package promql

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// form reads the parameters of a request and keeps the first error.
type form struct {
	request *http.Request
	err     error
}

// readForm reads the parameters of the address and of a body of at most so many
// bytes.
func readForm(w http.ResponseWriter, r *http.Request, body int64) (*form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, body)
	if err := r.ParseForm(); err != nil {
		return nil, badData(fmt.Errorf("error parsing form values: %w", err))
	}
	return &form{request: r}, nil
}

func (f *form) text(name string) string { return f.request.Form.Get(name) }

func (f *form) fail(name string, err error) {
	if f.err == nil {
		f.err = badParam(name, err)
	}
}

// time reads a moment as Unix seconds or RFC 3339.
func (f *form) time(name string, otherwise time.Time) time.Time {
	if f.text(name) == "" {
		return otherwise
	}
	return f.wantTime(name)
}

func (f *form) wantTime(name string) time.Time {
	at, err := parseTime(f.text(name))
	if err != nil {
		f.fail(name, err)
	}
	return at
}

// The moments that can be asked about: the engine counts milliseconds in 64 bits
// and goes back from there by lookback and offset.
const (
	firstSecond = -1 << 33
	lastSecond  = 1 << 35
)

func parseTime(text string) (at time.Time, err error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if !(seconds >= firstSecond && seconds <= lastSecond) { // NaN too
			return at, fmt.Errorf("cannot parse %q to a valid timestamp", clip(text))
		}
		whole, part := math.Modf(seconds)
		part = math.Round(part*1000) / 1000
		return time.Unix(int64(whole), int64(part*float64(time.Second))).UTC(), nil
	}
	at, err = time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Unix() < firstSecond || at.Unix() > lastSecond {
		return at, fmt.Errorf("cannot parse %q to a valid timestamp", clip(text))
	}
	return at, nil
}

func parseDuration(text string) (time.Duration, error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if ns := seconds * float64(time.Second); ns > math.MinInt64 && ns < math.MaxInt64 {
			return time.Duration(ns), nil
		}
		return 0, fmt.Errorf("cannot parse %q to a valid duration. It overflows int64", clip(text))
	}
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("cannot parse %q to a valid duration", clip(text))
	}
	return time.Duration(d), nil
}

// step reads the step of a range query.
func (f *form) step() time.Duration {
	step, err := parseDuration(f.text("step"))
	if err == nil && step <= 0 {
		err = errors.New("zero or negative query resolution step widths are not accepted. Try a positive integer")
	}
	if err == nil && step < time.Millisecond {
		err = errors.New("steps below a millisecond are not accepted")
	}
	if err != nil {
		f.fail("step", err)
		return time.Second
	}
	return step
}

// options are what a query may choose of its limits.
type options struct {
	lookback time.Duration
	timeout  time.Duration
	limit    int // 0 is none
}

// EnablePerStepStats is off.
func (options) EnablePerStepStats() bool { return false }

// LookbackDelta is how far the query looks back.
func (o options) LookbackDelta() time.Duration { return o.lookback }

// UseStartTimestamps leaves it to the engine.
func (options) UseStartTimestamps() *bool { return nil }

// options reads timeout, lookback_delta and limit, none of which may go beyond
// what the limits allow.
func (f *form) options(l Limits) options {
	o := options{lookback: l.Lookback, timeout: l.Timeout, limit: f.limit("limit")}
	for name, value := range map[string]*time.Duration{"timeout": &o.timeout, "lookback_delta": &o.lookback} {
		if f.text(name) == "" {
			continue
		}
		d, err := parseDuration(f.text(name))
		if err == nil && d <= 0 {
			err = fmt.Errorf("got %s, want more than none", d)
		}
		if err != nil {
			f.fail(name, err)
			continue
		}
		*value = min(d, *value)
	}
	return o
}

// limit reads a count; 0 where there is none.
func (f *form) limit(name string) int {
	if f.text(name) == "" {
		return 0
	}
	n, err := strconv.Atoi(f.text(name))
	if err != nil || n < 0 {
		f.fail(name, fmt.Errorf("got %q, want a count", clip(f.text(name))))
		return 0
	}
	return n
}

// matchers reads the selectors of match[].
func (h *Handler) matchers(f *form) (sets [][]*labels.Matcher, err error) {
	texts := f.request.Form["match[]"]
	if most := h.config.Limits.Matchers; len(texts) > most {
		return nil, badParam("match[]", fmt.Errorf("got %d, want at most %d", len(texts), most))
	}
	for _, text := range texts {
		matchers, err := h.parse.ParseMetricSelector(text)
		if err != nil {
			return nil, badParam("match[]", err)
		}
		if !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches("") }) {
			return nil, badParam("match[]", errors.New("match[] must contain at least one non-empty matcher"))
		}
		sets = append(sets, matchers)
	}
	return sets, nil
}

// clip shortens what a caller sent before it is shown.
func clip(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}
