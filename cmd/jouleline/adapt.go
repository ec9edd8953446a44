package main

import (
	"context"
	"fmt"
	"slices"

	"jouleline/api/admin"
	"jouleline/api/peer"
	"jouleline/ingest"
	"jouleline/ingest/gateway"
	"jouleline/ingest/kafka"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// topicSource lets the pipeline read the topic's partitions.
type topicSource struct{ client *kafka.Client }

func (s topicSource) Open(ctx context.Context, partition int, offset int64) (pipeline.Reader, error) {
	r, err := s.client.Open(ctx, partition, offset)
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (s topicSource) Earliest(ctx context.Context, partition int) (int64, error) {
	return s.client.Earliest(ctx, partition)
}

// identify finds out which log the topic is.
func (s topicSource) identify(ctx context.Context) (posting.Log, error) {
	cluster, topic, partitions, err := s.client.Identity(ctx)
	return posting.Log{Cluster: cluster, Topic: fmt.Sprintf("%x", topic), Partitions: partitions}, err
}

// gatewayRegistry lets the gateway ask the registry that holds now. While the
// books are being opened no meter is known; readings are taken all the same, and
// booked once they are read from the topic.
type gatewayRegistry struct{ books *supervisor }

func (g gatewayRegistry) now() *pipeline.World { return g.books.known() }

func (g gatewayRegistry) Known(meter string) bool {
	world := g.now()
	if world == nil {
		return false
	}
	_, ok := world.Number(meter)
	return ok
}

func (g gatewayRegistry) Compatible(meter string, unit schema.Unit, kind schema.Kind) (schema.Code, string) {
	world := g.now()
	if world == nil {
		return schema.Accepted, ""
	}
	return world.Compatible(meter, unit, kind)
}

// topicRejects carries what the gateway rejects over the topic.
type topicRejects struct{ producer *kafka.Producer }

func (t topicRejects) Reject(ctx context.Context, rejected []gateway.Rejected) error {
	rejects := make([]ingest.Reject, len(rejected))
	for i, r := range rejected {
		rejects[i] = ingest.Reject{Source: r.Source, Code: r.Code, Detail: r.Detail, Original: r.Original}
	}
	value, err := ingest.EncodeRejects(rejects)
	if err != nil {
		return err
	}
	return t.producer.Produce(ctx, []ingest.Record{{
		Key: []byte(rejected[0].Source), Value: value, ContentType: ingest.RejectedJSON, Received: rejected[0].Received,
	}})
}

// replayer offers rejected rows to the topic once more.
type replayer struct {
	rejects    func(ctx context.Context, after int64, limit int) ([]peer.Reject, error)
	producer   *kafka.Producer
	partitions int
}

// replay produces the originals of rejects, each with the reception it had. What
// is still wrong is rejected once more, as a row of its own.
func (r replayer) replay(ctx context.Context, q admin.Replay) (done admin.Replayed, err error) {
	rows, err := r.rejects(ctx, q.After, q.Limit)
	if err != nil {
		return done, err
	}
	var records []ingest.Record
	for i := range rows {
		done.Last = rows[i].Sequence
		if len(rows[i].Original) == 0 || (q.Codes != nil && !slices.Contains(q.Codes, rows[i].Code)) {
			continue
		}
		records = append(records, ingest.Record{
			Partition: rows[i].Partition % r.partitions, Key: []byte("replay"),
			Value: rows[i].Original, Received: rows[i].Received,
		})
	}
	if err := r.producer.Produce(ctx, records); err != nil {
		return done, fmt.Errorf("replay rejects: %w", err)
	}
	done.Offered = len(records)
	return done, nil
}
