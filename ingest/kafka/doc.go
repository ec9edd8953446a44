// Package kafka carries records to the topic and back, and holds the embedded
// broker that serves where there is no cluster. It is the only place that knows
// kafka-go and kfake.
//
//	Client    the way to a cluster or to the embedded broker: topics, identity, offsets
//	Producer  records -> the topic, acknowledged
//	Reader    one partition of the topic -> records, from a given offset on
//	Broker    a Kafka broker in this process with its log in a folder
//
// It answers "is this record safe" and "what comes after this offset", and
// refuses to guess: an offset that is not there any more, a topic that was made
// anew, a folder that another process holds and a changed partition count are
// errors, never a silent skip. Consumer groups and stored offsets are not used:
// offsets are stored with the data.
//
// Invariants:
//
//   - [Producer.Produce] returns nil only after every record is acknowledged by
//     all in-sync replicas; the embedded broker acknowledges after fsync. After
//     an error records may or may not be on the topic, some of them twice.
//   - A [Reader] gives every record of its partition from its offset on once and
//     in order, whatever connections break. What it cannot decode it gives as a
//     record of content type [Damaged]; nothing stops a partition but an error
//     that names the gap.
//   - Offsets have an identity ([Client.Identity]): where it changed, offsets
//     mean nothing.
package kafka
