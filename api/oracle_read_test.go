//go:build integration && linux

package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"

	"github.com/klauspost/compress/s2"
	"google.golang.org/protobuf/encoding/protowire"

	"jouleline/api/promql"
	"jouleline/schema"
)

// remote serves samples by Prometheus' remote read protocol 1.0: messages of
// prometheus/prompb/remote.proto and types.proto in protobuf, as a snappy block.
// Stale markers pass, being values of their own.
type remote struct {
	source   promql.Source
	from, to schema.Instant // of what is served

	mu    sync.Mutex // guards found and asked
	found map[string][]promql.Series
	asked int
}

// serveRemote serves what a source has in a stretch, and gives the address.
func serveRemote(t testing.TB, source promql.Source, from, to schema.Instant) (*remote, string) {
	t.Helper()
	r := &remote{source: source, from: from, to: to, found: map[string][]promql.Series{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		answer, err := r.answer(request)
		if err != nil {
			t.Errorf("remote read: %v", err)
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
		w.Header().Set("Content-Encoding", "snappy")
		_, _ = w.Write(s2.EncodeSnappy(nil, answer)) // an error means that the caller is gone
	}))
	t.Cleanup(server.Close)
	return r, server.URL
}

func (r *remote) answer(request *http.Request) ([]byte, error) {
	packed, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	body, err := s2.Decode(nil, packed)
	if err != nil {
		return nil, err
	}
	var answer []byte
	err = fields(body, func(number protowire.Number, value []byte, _ uint64) error {
		if number != 1 { // accepted_response_types: samples are always accepted
			return nil
		}
		result, err := r.query(request.Context(), value)
		answer = appendMessage(answer, 1, result)
		return err
	})
	return answer, err
}

// query answers one Query with a QueryResult.
func (r *remote) query(ctx context.Context, query []byte) (result []byte, err error) {
	var start, end int64
	var matchers []func(promql.Labels) bool
	name := ""
	err = fields(query, func(number protowire.Number, value []byte, n uint64) error {
		switch number {
		case 1:
			start = int64(n)
		case 2:
			end = int64(n)
		case 3:
			m, err := matcherOf(value)
			if err != nil {
				return err
			}
			if m.name == "__name__" && m.kind == 0 {
				name = m.value
				return nil
			}
			matchers = append(matchers, m.matches)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	list, err := r.series(ctx, name)
	for i := range list {
		keep := true
		for _, matches := range matchers {
			keep = keep && matches(list[i].Labels)
		}
		if keep {
			result = appendSeries(result, name, &list[i], start, end)
		}
	}
	return result, err
}

// series reads a family once.
func (r *remote) series(ctx context.Context, name string) ([]promql.Series, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	if list, ok := r.found[name]; ok {
		return list, nil
	}
	families := r.source.Families()
	for i := range families {
		if families[i].Name != name {
			continue
		}
		list, err := r.source.Select(ctx, promql.Selection{
			Family: &families[i], Matches: func(promql.Labels, ...string) bool { return true }, From: r.from, To: r.to, MaxSeries: 1000, MaxSamples: 10_000_000,
		})
		r.found[name] = list
		return list, err
	}
	return nil, fmt.Errorf("got the name %q, want a family", name)
}

// appendSeries appends a TimeSeries to a QueryResult where it has samples in a
// stretch.
func appendSeries(dst []byte, name string, s *promql.Series, start, end int64) []byte {
	text := func(dst []byte, number protowire.Number, value string) []byte {
		return protowire.AppendString(protowire.AppendTag(dst, number, protowire.BytesType), value)
	}
	label := func(dst []byte, name, value string) []byte {
		return appendMessage(dst, 1, text(text(nil, 1, name), 2, value))
	}
	one := label(nil, "__name__", name) // before all others
	s.Labels.Range(func(l promql.Label) { one = label(one, l.Name, l.Value) })
	count := 0
	for i := range s.Samples() {
		at, v, _ := s.At(i)
		if int64(at) < start || int64(at) > end {
			continue
		}
		sample := protowire.AppendFixed64(protowire.AppendTag(nil, 1, protowire.Fixed64Type), math.Float64bits(v))
		sample = protowire.AppendVarint(protowire.AppendTag(sample, 2, protowire.VarintType), uint64(at))
		one = appendMessage(one, 2, sample)
		count++
	}
	if count == 0 {
		return dst
	}
	return appendMessage(dst, 1, one)
}

func appendMessage(dst []byte, number protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(dst, number, protowire.BytesType), message)
}

// matcher is a LabelMatcher: kinds 0 to 3 are =, !=, =~ and !~.
type matcher struct {
	kind        uint64
	name, value string
	pattern     *regexp.Regexp
}

func matcherOf(message []byte) (m matcher, err error) {
	err = fields(message, func(number protowire.Number, value []byte, n uint64) error {
		switch number {
		case 1:
			m.kind = n
		case 2:
			m.name = string(value)
		case 3:
			m.value = string(value)
		}
		return nil
	})
	if err == nil && m.kind >= 2 {
		m.pattern, err = regexp.Compile("^(?:" + m.value + ")$")
	}
	return m, err
}

func (m *matcher) matches(l promql.Labels) bool {
	value := l.Get(m.name)
	if m.kind < 2 {
		return (value == m.value) == (m.kind == 0)
	}
	return m.pattern.MatchString(value) == (m.kind == 2)
}

// fields visits the fields of a message: bytes, or a number where they are none.
func fields(message []byte, visit func(protowire.Number, []byte, uint64) error) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		var value []byte
		var count uint64
		switch kind {
		case protowire.BytesType:
			value, n = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			count, n = protowire.ConsumeVarint(message)
		default:
			return errors.New("got a field that is neither bytes nor a number")
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		if err := visit(number, value, count); err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}
