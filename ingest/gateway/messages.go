package gateway

import (
	"context"
	"fmt"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// Message is a body that came over a way on which nobody waits for verdicts.
type Message struct {
	// Sender is the gateway's id, or a word for the way where none is known.
	Sender string
	// ContentType is as of a push; empty leaves the choice to the body.
	ContentType string
	Body        []byte
}

// Messages takes bodies, in their order, and returns once Kafka has their readings
// and Rejects has what was rejected. A body that cannot be taken as a whole (too
// large, of a type that is unknown) is rejected as one element; readings that stood
// in it before a limit was passed are taken. The error wraps [ErrNotStored]: nothing
// is acknowledged, and the same may be given again.
func (g *Gateway) Messages(ctx context.Context, source Source, messages []Message) error {
	received := g.config.Now()
	var decoder ingest.Decoder
	decoder.Map(g.config.Mapping)
	out, batches := newOutcome(), map[string]*batch{}
	var senders []string // in the order they came
	for i := range messages {
		m := &messages[i]
		b, ok := batches[m.Sender]
		if !ok {
			b = newBatch(g.config.Partitions, received, m.Sender)
			batches[m.Sender] = b
			senders = append(senders, m.Sender)
		}
		in := &intake{source: source, body: m.Body, received: received, sender: m.Sender}
		f := g.readMessage(ctx, in, m.ContentType, &decoder, b, out)
		switch {
		case f == nil:
		case f.code == codeUnavailable:
			return fmt.Errorf("judge a message of %s: %w", m.Sender, ErrNotStored)
		default:
			out.total++
			out.reject(in, &codec.Rejection{Code: f.code, Detail: f.detail, Original: m.Body[:min(len(m.Body), codec.MaxElement)]})
		}
	}
	var records []ingest.Record
	for _, sender := range senders {
		records = append(records, batches[sender].finish()...)
	}
	if err := g.store(ctx, records, out.rejected); err != nil {
		return fmt.Errorf("%w: %w", ErrNotStored, err)
	}
	g.count(source, out)
	return nil
}

func (g *Gateway) readMessage(ctx context.Context, in *intake, contentType string, decoder *ingest.Decoder, b *batch, out *outcome) *failure {
	if int64(len(in.body)) > g.config.MaxBody {
		return tooLarge("got a message of %d bytes, at most %d are taken: send fewer readings at once", len(in.body), g.config.MaxBody)
	}
	format, err := ingest.FormatOf(contentType, in.body)
	if err != nil {
		return &failure{code: schema.BadEncoding, detail: err.Error()}
	}
	in.format = format
	before := out.total
	if f := g.read(ctx, in, decoder, b, out); f != nil {
		return f
	}
	if out.total == before {
		return &failure{code: schema.Malformed, detail: "the message holds no reading"}
	}
	return nil
}
