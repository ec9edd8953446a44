package kafka

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/segmentio/kafka-go"

	"jouleline/ingest"
	"jouleline/schema"
)

// ticket is what one call wants written to one partition.
type ticket struct {
	messages []message
	err      error      // the lane's, until it is settled
	settled  chan error // gets exactly one
}

// message is a record on its way out.
type message struct {
	key, value []byte
	headers    []kafka.Header // shared between messages, never changed
	owner      *ticket
}

// size is about how many bytes the message takes on the wire.
func (m *message) size() int {
	n := len(m.key) + len(m.value) + 16 // lengths, deltas, the count of headers
	for _, h := range m.headers {
		n += len(h.Key) + len(h.Value) + 4
	}
	return n
}

func newTicket() *ticket { return &ticket{settled: make(chan error, 1)} }

func (t *ticket) add(key, value []byte, headers []kafka.Header) {
	t.messages = append(t.messages, message{key, value, headers, t})
}

func (t *ticket) settle(err error) { t.settled <- err }

// wait gives how it ended. The lane goes on with it after the context ended.
func (t *ticket) wait(ctx context.Context) error {
	select {
	case err := <-t.settled:
		return err
	case <-ctx.Done():
		return fmt.Errorf("kafka: produce: %w", ctx.Err())
	}
}

// replay gives messages to one attempt of writing them, as kafka-go wants them.
type replay struct {
	messages   []message
	record     kafka.Record
	key, value payload
}

type payload struct{ bytes.Reader }

func (*payload) Close() error { return nil }

func (r *replay) ReadRecord() (*kafka.Record, error) {
	if len(r.messages) == 0 {
		return nil, io.EOF
	}
	m := &r.messages[0]
	r.messages = r.messages[1:]
	r.record = kafka.Record{Headers: m.headers}
	if m.key != nil {
		r.key.Reset(m.key)
		r.record.Key = &r.key
	}
	if m.value != nil {
		r.value.Reset(m.value)
		r.record.Value = &r.value
	}
	return &r.record, nil
}

// headerWriter makes headers; the records of a push mostly share theirs.
type headerWriter struct {
	contentType string
	received    schema.Instant
	headers     []kafka.Header
}

// record gives the headers of a record of readings: those that it has.
func (w *headerWriter) record(r *ingest.Record) []kafka.Header {
	if r.ContentType == w.contentType && r.Received == w.received {
		return w.headers
	}
	w.contentType, w.received, w.headers = r.ContentType, r.Received, nil
	if r.ContentType != "" {
		w.headers = append(w.headers, kafka.Header{Key: ingest.HeaderContentType, Value: []byte(r.ContentType)})
	}
	if r.Received != 0 {
		w.headers = append(w.headers, kafka.Header{Key: ingest.HeaderReceived, Value: stamp(r.Received)})
	}
	return w.headers
}

// rejection gives the headers of a refused record: its own and why and whence.
func (w *headerWriter) rejection(r *Rejection) []kafka.Header {
	return append(w.record(&r.Record)[:len(w.headers):len(w.headers)],
		kafka.Header{Key: ingest.HeaderReason, Value: []byte(r.Reason)},
		kafka.Header{Key: ingest.HeaderDetail, Value: []byte(r.Detail)},
		kafka.Header{Key: ingest.HeaderPartition, Value: strconv.AppendInt(nil, int64(r.Record.Partition), 10)},
		kafka.Header{Key: ingest.HeaderOffset, Value: strconv.AppendInt(nil, r.Record.Offset, 10)},
	)
}

// stamp writes an instant in RFC 3339 with milliseconds, in UTC.
func stamp(t schema.Instant) []byte { return t.Time().AppendFormat(nil, stampLayout) }
