// Package ingest brings readings in. The words that its rooms share stand here:
// what a record on the topic is, and which partition a meter belongs to.
//
//	gateway   HTTP push -> records
//	mqtt      an MQTT broker's messages -> the gateway
//	kafka     records -> the topic and back; the embedded broker
//	pipeline  records -> readings -> the Sink
//	feed      files -> the gateway's way in
//
// Nothing enters except through the topic, so there is one code path.
package ingest

import "jouleline/schema"

// Topics.
const (
	TopicReadings = "readings"
	TopicRejected = "readings.rejected"
)

// Header keys of a record.
const (
	HeaderContentType = "content-type"
	HeaderReceived    = "received"
	HeaderReason      = "reason"
	HeaderDetail      = "detail"
	HeaderPartition   = "source-partition"
	HeaderOffset      = "source-offset"
)

// Content types of a record's value.
const (
	JSON         = "application/json"
	ArrowStream  = "application/vnd.apache.arrow.stream"
	LineProtocol = "text/plain"
)

// Record is one message of the topic. Its value holds readings of meters of one
// partition only.
type Record struct {
	Partition int
	Offset    int64 // set when it was read
	Key       []byte
	Value     []byte
	// ContentType is one of the content types; empty where the producer said
	// nothing, then the value's first byte tells ('{' or '[' is JSON).
	ContentType string
	// Received is when the gateway took the readings; 0 where a direct producer
	// said nothing, then Appended counts.
	Received schema.Instant
	// Appended is the record's own time on the topic.
	Appended schema.Instant
}

// PartitionOf gives the partition that holds a meter's books. It is the murmur2
// hash of Kafka's own default partitioner, so a producer that uses the meter id
// as key with the Java client's default lands there by itself.
func PartitionOf(meter string, partitions int) int {
	return int(murmur2(meter)&0x7fffffff) % partitions
}

// murmur2 is the 32-bit MurmurHash2 with the seed that Kafka's clients use.
func murmur2(key string) uint32 {
	const (
		seed = 0x9747b28c
		m    = 0x5bd1e995
		r    = 24
	)
	n := len(key)
	h := uint32(seed) ^ uint32(n)
	i := 0
	for ; i+4 <= n; i += 4 {
		k := uint32(key[i]) | uint32(key[i+1])<<8 | uint32(key[i+2])<<16 | uint32(key[i+3])<<24
		k *= m
		k ^= k >> r
		k *= m
		h = h*m ^ k
	}
	switch n - i {
	case 3:
		h ^= uint32(key[i+2]) << 16
		fallthrough
	case 2:
		h ^= uint32(key[i+1]) << 8
		fallthrough
	case 1:
		h ^= uint32(key[i])
		h *= m
	}
	h ^= h >> 13
	h *= m
	h ^= h >> 15
	return h
}
