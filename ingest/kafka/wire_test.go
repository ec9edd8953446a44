package kafka

import (
	"encoding/binary"
	"hash/crc32"
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"jouleline/ingest"
)

// wireRecord writes a record as it lies in a batch.
func wireRecord(dst []byte, offsetDelta, timeDelta int64, key, value []byte, headers ...string) []byte {
	field := func(b, v []byte) []byte {
		if v == nil {
			return binary.AppendVarint(b, -1)
		}
		return append(binary.AppendVarint(b, int64(len(v))), v...)
	}
	b := []byte{0}
	b = binary.AppendVarint(b, timeDelta)
	b = binary.AppendVarint(b, offsetDelta)
	b = field(field(b, key), value)
	b = binary.AppendVarint(b, int64(len(headers)/2))
	for _, h := range headers {
		b = field(b, []byte(h))
	}
	return append(binary.AppendVarint(dst, int64(len(b))), b...)
}

// wireBatch writes a batch around records as they are given, with a right checksum.
func wireBatch(first int64, attributes int16, lastDelta, count int32, records []byte) []byte {
	b := make([]byte, batchHeader, batchHeader+len(records))
	b = append(b, records...)
	binary.BigEndian.PutUint64(b, uint64(first))
	binary.BigEndian.PutUint32(b[8:], uint32(len(b)-batchPrefix))
	b[16] = 2
	binary.BigEndian.PutUint16(b[21:], uint16(attributes))
	binary.BigEndian.PutUint32(b[23:], uint32(lastDelta))
	binary.BigEndian.PutUint64(b[27:], 1000) // first time
	binary.BigEndian.PutUint64(b[35:], 2000) // greatest time
	binary.BigEndian.PutUint64(b[43:], ^uint64(0))
	binary.BigEndian.PutUint16(b[51:], ^uint16(0))
	binary.BigEndian.PutUint32(b[53:], ^uint32(0))
	binary.BigEndian.PutUint32(b[57:], uint32(count))
	sum(b)
	return b
}

// sum gives a batch the right checksum.
func sum(b []byte) { binary.BigEndian.PutUint32(b[17:], crc32.Checksum(b[21:], castagnoli)) }

// rowBatch holds count sound records.
func rowBatch(first int64, count int) []byte {
	var records []byte
	for i := range count {
		r := numbered(0, int(first)+i)
		records = wireRecord(records, int64(i), 10*int64(i), r.Key, r.Value, ingest.HeaderContentType, r.ContentType, ingest.HeaderReceived, string(stamp(r.Received)))
	}
	return wireBatch(first, 0, int32(count-1), int32(count), records)
}

func produceRequest(batch []byte) *kmsg.ProduceRequest {
	ask := kmsg.NewPtrProduceRequest()
	ask.Acks, ask.TimeoutMillis = -1, 1000
	topic := kmsg.NewProduceRequestTopic()
	topic.Topic = ingest.TopicReadings
	p := kmsg.NewProduceRequestTopicPartition()
	p.Records = batch
	topic.Partitions = append(topic.Partitions, p)
	ask.Topics = append(ask.Topics, topic)
	return ask
}

// produceRaw sends a batch as it is to partition 0 of the readings.
func produceRaw(t *testing.T, c *Client, batch []byte) error {
	t.Helper()
	answer := kmsg.NewPtrProduceResponse()
	if err := c.askLeader(testContext(t), ingest.TopicReadings, 0, produceRequest(batch), answer, 9); err != nil {
		return err
	}
	if code := answer.Topics[0].Partitions[0].ErrorCode; code != 0 {
		return kafka.Error(code)
	}
	return nil
}
