package mqtt

import (
	"context"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// enqueue makes a message wait to be taken. It blocks while there is no room, and
// with it the connection.
func (b *Bridge) enqueue(ctx context.Context, m paho.Message) {
	body := m.Payload()
	if len(body) == 0 { // clears what was retained; it says nothing
		m.Ack()
		return
	}
	q := queued{
		Message: Message{Sender: senderOf(b.filters, m.Topic()), Body: body},
		room:    min(int64(len(body)), b.config.MaxQueuedBytes), ack: m.Ack,
	}
	if m.Qos() == 0 {
		if !b.room.TryAcquire(q.room) {
			b.config.Telemetry.Dropped()
			return
		}
	} else if b.room.Acquire(ctx, q.room) != nil {
		return // the broker has it
	}
	select {
	case b.queue <- q:
	case <-ctx.Done():
	}
}

// pass hands over what waits until the context ends.
func (b *Bridge) pass(ctx context.Context) {
	for {
		batch := b.batch(ctx)
		if batch == nil || !b.offer(ctx, batch) {
			return
		}
		for i := range batch {
			batch[i].ack()
			b.room.Release(batch[i].room)
		}
		b.config.Telemetry.Taken(len(batch))
	}
}

// batch gives what waits, at least one message; nil where the context ends.
func (b *Bridge) batch(ctx context.Context) []queued {
	var list []queued
	select {
	case <-ctx.Done():
		return nil
	case q := <-b.queue:
		list = append(list, q)
	}
	for size := len(list[0].Body); len(list) < messagesAtOnce && size < bytesAtOnce; {
		select {
		case q := <-b.queue:
			list = append(list, q)
			size += len(q.Body)
		default:
			return list
		}
	}
	return list
}

// offer returns true once the batch is taken, false where the context ends.
func (b *Bridge) offer(ctx context.Context, batch []queued) bool {
	messages := make([]Message, len(batch))
	for i := range batch {
		messages[i] = batch[i].Message
	}
	for try := 1; ; try++ {
		err := b.config.Taker.Take(ctx, messages)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		b.config.Log.Warn("messages of the MQTT broker are not taken; trying on", "messages", len(messages), "error", err)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(b.config.Pause(try)):
		}
	}
}
