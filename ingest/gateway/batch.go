package gateway

import (
	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// Bounds of one record. Few large records cost Kafka and the pipeline less than
// one for each reading; half of Kafka's default limit of 1 MiB leaves room for
// the reading that passes the bound.
const (
	recordBytes    = 512 << 10
	recordReadings = 5000
)

// batch sorts readings into records by partition. Readings of one partition
// keep their order.
type batch struct {
	received schema.Instant
	sender   string // the key of a record of several meters
	open     []openRecord
	records  []ingest.Record
}

// openRecord is the record of a partition that readings are added to.
type openRecord struct {
	value    []byte
	readings int
	meter    string // of the first reading
	several  bool   // readings of other meters too
}

func newBatch(partitions int, received schema.Instant, sender string) *batch {
	return &batch{received: received, sender: sender, open: make([]openRecord, partitions)}
}

func (b *batch) add(r *schema.Reading) {
	partition := ingest.PartitionOf(r.Meter, len(b.open))
	o := &b.open[partition]
	if o.readings == 0 {
		o.meter = r.Meter
	}
	o.several = o.several || o.meter != r.Meter
	o.value = codec.AppendJSON(o.value, r)
	o.readings++
	if o.readings == recordReadings || len(o.value) >= recordBytes {
		b.close(partition)
	}
}

// close makes the open record of a partition a record.
func (b *batch) close(partition int) {
	o := &b.open[partition]
	if o.readings == 0 {
		return
	}
	key := o.meter
	if o.several {
		key = b.sender
	}
	b.records = append(b.records, ingest.Record{
		Partition:   partition,
		Key:         []byte(key),
		Value:       o.value,
		ContentType: ingest.JSON,
		Received:    b.received,
	})
	*o = openRecord{}
}

// finish gives all records.
func (b *batch) finish() []ingest.Record {
	for partition := range b.open {
		b.close(partition)
	}
	return b.records
}
