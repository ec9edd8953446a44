package kafka

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/segmentio/kafka-go/compress"

	"jouleline/ingest"
	"jouleline/schema"
)

// Damaged is the content type of a record that could not be decoded: its value
// is what was there instead of it, from the first unreadable byte to the end of
// its batch. No producer sends it and no decoder takes it, so the bytes end up
// among the rejected with their place on the topic.
const Damaged = "application/vnd.kafka.damaged"

// maxDecompressed bounds what one batch may unpack to. The embedded broker
// takes 8 MiB; readings as text pack to a tenth.
const maxDecompressed = 128 << 20

// decoder turns the batches of an answer into records. It reuses its memory:
// what it gave is valid until reset. One goroutine.
type decoder struct {
	partition int
	records   []ingest.Record
	arena     []byte // unpacked batches; records point into it
	headers   headers
	next      int64 // the offset after all that was decoded
	harm      error // the last damage, for the log
}

// errChecksum says that a batch came with a wrong checksum: perhaps only on the
// way, so it is worth fetching again.
var errChecksum = errors.New("batch is damaged")

// maxKept bounds the memory that is kept for the next answer: a rare giant must
// not stay for ever.
const maxKept = 32 << 20

// reset forgets the records and goes on at an offset.
func (d *decoder) reset(next int64) {
	if cap(d.arena) > maxKept {
		d.arena = nil
	}
	d.records, d.arena, d.next, d.harm = d.records[:0], d.arena[:0], next, nil
}

// decode reads the batches of an answer, skipping what lies before d.next and
// what the transactions call off. lenient takes a batch with a wrong checksum as
// damaged; otherwise decoding stops before it with errChecksum. A cut-off last
// batch is left for the next fetch.
func (d *decoder) decode(b []byte, t *transactions, lenient bool) error {
	for len(b) > 0 {
		batch, err := parseBatch(b)
		if errors.Is(err, errShort) {
			return nil
		}
		if err != nil {
			return err // the frame itself is broken: nothing to count on
		}
		b = b[len(batch.raw):]
		if batch.last < d.next {
			continue // before where we are: brokers may send it along
		}
		if err := batch.check(); err != nil {
			if !lenient {
				return fmt.Errorf("%w: %w", errChecksum, err)
			}
			d.damaged(&batch, batch.raw, err)
			continue
		}
		d.batch(&batch, t)
	}
	return nil
}

// batch decodes a sound batch.
func (d *decoder) batch(b *batch, t *transactions) {
	control := b.attributes&attributeControl != 0
	if aborted := t.aborted(b); aborted && !control {
		d.next = b.last + 1
		return
	}
	body := b.raw[batchHeader:]
	if codec := compress.Compression(b.attributes & attributeCodec); codec != compress.None {
		var err error
		if body, err = d.unpack(codec, body); err != nil {
			d.damaged(b, b.raw, err)
			return
		}
	}
	previous := int64(-1)
	for i := range b.count {
		r, rest, err := parseRecord(body)
		offset := b.first + r.offsetDelta
		if err == nil && (r.offsetDelta <= previous || offset > b.last) {
			err = fmt.Errorf("offset %d after %d, in a batch from %d to %d", offset, b.first+previous, b.first, b.last)
		}
		previous = r.offsetDelta
		if err != nil {
			d.damaged(b, body, fmt.Errorf("record %d of %d: %w", i+1, b.count, err))
			return
		}
		body = rest
		if control {
			t.end(b, r.key)
			break
		}
		if offset < d.next {
			continue
		}
		d.next = offset + 1
		contentType, received := d.headers.read(r.headers)
		d.records = append(d.records, ingest.Record{
			Partition: d.partition, Offset: offset, Key: r.key, Value: r.value,
			ContentType: contentType, Received: received, Appended: schema.Instant(b.time(r.timeDelta)),
		})
	}
	d.next = b.last + 1
}

// damaged gives what is left of a batch as one record at the next offset.
func (d *decoder) damaged(b *batch, left []byte, harm error) {
	offset := min(max(d.next, b.first), b.last) // more records than offsets share the last
	d.records = append(d.records, ingest.Record{
		Partition: d.partition, Offset: offset, Value: left, ContentType: Damaged, Appended: schema.Instant(b.lastTime),
	})
	d.next = b.last + 1
	d.harm = fmt.Errorf("offset %d: %w", offset, harm)
}

// unpack decompresses into the arena.
func (d *decoder) unpack(codec compress.Compression, packed []byte) ([]byte, error) {
	if codec == compress.Snappy && !snappyFits(packed) {
		return nil, fmt.Errorf("%s batch of %d bytes claims lengths that cannot be true", codec, len(packed))
	}
	c := codec.Codec()
	if c == nil {
		return nil, fmt.Errorf("codec %d, want 0 to 4", codec)
	}
	r := c.NewReader(bytes.NewReader(packed))
	defer r.Close()
	start := len(d.arena)
	for {
		if len(d.arena) == cap(d.arena) {
			// A new arena leaves the old one to the records that point into it;
			// it grows until it holds all that one answer unpacks to.
			grown := make([]byte, len(d.arena)-start, cap(d.arena)+max(64<<10, 4*len(packed), len(d.arena)-start))
			copy(grown, d.arena[start:])
			d.arena, start = grown, 0
		}
		n, err := r.Read(d.arena[len(d.arena):cap(d.arena)])
		d.arena = d.arena[:len(d.arena)+n]
		if len(d.arena)-start > maxDecompressed {
			d.arena = d.arena[:start]
			return nil, fmt.Errorf("%s batch of %d bytes unpacks to more than %d", codec, len(packed), maxDecompressed)
		}
		if err == io.EOF {
			return d.arena[start:len(d.arena):len(d.arena)], nil
		}
		if err != nil {
			d.arena = d.arena[:start]
			return nil, fmt.Errorf("%s batch of %d bytes: %w", codec, len(packed), err)
		}
	}
}
