package main

import (
	"context"
	"fmt"

	"jouleline/bench/sim"
	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// form is how readings are put into messages.
type form struct {
	contentType string
	perMessage  int // readings of meters of one partition
}

var (
	line1   = form{ingest.LineProtocol, 1}
	line100 = form{ingest.LineProtocol, 100}
	json1   = form{ingest.JSON, 1}
)

// appendReading writes a reading as the form says.
func (f *form) appendReading(dst []byte, r *schema.Reading) ([]byte, error) {
	if f.contentType == ingest.JSON {
		return codec.AppendJSON(dst, r), nil
	}
	return codec.AppendLine(dst, r, codec.Nanoseconds)
}

// producedAtOnce is how many readings are handed to the producer together: what
// a busy direct producer gathers. The producer cuts them into batches.
const producedAtOnce = 20_000

// feeder puts the readings of a load on the topic, as a direct producer does:
// meter id as key, content type as header, reception left to the topic.
type feeder struct {
	stand *stand
	load  *sim.Load
	form  form
	// observe, where not nil, sees each reading that is sent.
	observe func(*sim.Sample)

	sent    int
	open    [partitions]ingest.Record // messages that are not full
	filled  [partitions]int
	records []ingest.Record
	arena   []byte // values of messages of one reading
}

// feed produces the next readings of the load, all that there are where most is
// negative, and returns when they are acknowledged. It gives their number.
func (f *feeder) feed(ctx context.Context, most int) (fed int, err error) {
	var s sim.Sample
	for waiting := 0; ; {
		more := fed != most && f.load.Next(&s)
		if more {
			fed++
			waiting++
			if f.observe != nil {
				f.observe(&s)
			}
			if err := f.add(&s.Reading); err != nil {
				return fed, err
			}
		} else {
			f.closeAll()
		}
		if waiting == producedAtOnce || !more {
			if err := f.stand.producer.Produce(ctx, f.records); err != nil {
				return fed, fmt.Errorf("after %d readings: %w", f.sent, err)
			}
			f.records, f.arena = f.records[:0], f.arena[:0]
			f.sent += waiting
			waiting = 0
		}
		if !more {
			return fed, nil
		}
	}
}

// add puts a reading into a message of its partition.
func (f *feeder) add(r *schema.Reading) (err error) {
	partition := ingest.PartitionOf(r.Meter, partitions)
	if f.form.perMessage == 1 {
		start := len(f.arena)
		f.arena, err = f.form.appendReading(append(f.arena, r.Meter...), r)
		end := start + len(r.Meter)
		f.records = append(f.records, ingest.Record{
			Partition: partition, Key: f.arena[start:end:end], Value: f.arena[end:], ContentType: f.form.contentType,
		})
		return err
	}
	m := &f.open[partition]
	if f.filled[partition] == 0 {
		*m = ingest.Record{Partition: partition, Key: []byte(r.Meter), ContentType: f.form.contentType}
	}
	if m.Value, err = f.form.appendReading(m.Value, r); err != nil {
		return err
	}
	if f.filled[partition]++; f.filled[partition] == f.form.perMessage {
		f.closeOne(partition)
	}
	return nil
}

func (f *feeder) closeOne(partition int) {
	f.records = append(f.records, f.open[partition])
	f.filled[partition] = 0
}

// closeAll makes messages of what is left.
func (f *feeder) closeAll() {
	for p := range f.open {
		if f.filled[p] > 0 {
			f.closeOne(p)
		}
	}
}
