package main

import (
	"context"
	"fmt"
	"time"

	"jouleline/ingest"
	"jouleline/ingest/kafka"
	"jouleline/schema"
)

// Distances of the background work.
const (
	outboxEvery = 2 * time.Second
	upkeepEvery = time.Minute
	outboxRows  = 1000
)

// every runs work now and then until the context ends; what fails is logged and
// tried again the next time.
func (s *server) every(ctx context.Context, pause time.Duration, what string, work func(context.Context) error) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := work(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("background work is put off", "work", what, "error", err)
			}
		}
	}
}

// publishRejects sends rejected rows that the topic readings.rejected does not
// have yet: the rows are its outbox (rule 9).
func (s *server) publishRejects(ctx context.Context) error {
	done, err := s.store.Published(ctx, ingest.TopicRejected)
	if err != nil {
		return err
	}
	for {
		rows, err := s.store.Rejected(ctx, done, outboxRows)
		if err != nil || len(rows) == 0 {
			return err
		}
		rejections := make([]kafka.Rejection, len(rows))
		for i := range rows {
			r := &rows[i]
			rejections[i] = kafka.Rejection{
				Record: ingest.Record{Partition: r.Partition, Offset: r.Offset, Value: r.Original, Received: r.Received},
				Reason: string(r.Code), Detail: r.Detail,
			}
		}
		if err := s.producer.Reject(ctx, rejections); err != nil {
			return fmt.Errorf("publish rejects: %w", err)
		}
		done = rows[len(rows)-1].Sequence
		if err := s.store.SetPublished(ctx, ingest.TopicRejected, done); err != nil {
			return err
		}
	}
}

// upkeep folds roll-ups, saves heads and frees the embedded broker's disk.
func (s *server) upkeep(ctx context.Context) error {
	if err := s.maintain(ctx); err != nil {
		return err
	}
	if err := s.retire(ctx); err != nil {
		return fmt.Errorf("let old readings go: %w", err)
	}
	if s.broker == nil {
		return s.warnNearRetention(ctx)
	}
	needed, err := s.needed(ctx)
	if err != nil {
		return err
	}
	for partition, next := range needed {
		if err := s.broker.Trim(ctx, partition, next); err != nil {
			return fmt.Errorf("trim partition %d: %w", partition, err)
		}
	}
	return nil
}

// settleAfter is how long after the end of a UTC day its readings settle: most have
// come by then, and the rest settles later.
const settleAfter = time.Hour

// pack settles the readings of days that have ended.
func (s *server) pack(ctx context.Context) error {
	before := schema.DayOf(time.Now().Add(-settleAfter).UTC().Date())
	for {
		if moved, err := s.store.Settle(ctx, before); err != nil || moved == 0 {
			return err
		}
	}
}

// retire lets readings go that are older than they are to be kept, a UTC day at a
// time.
func (s *server) retire(ctx context.Context) error {
	if s.flags.KeepReadings == 0 {
		return nil
	}
	horizon := schema.InstantOf(time.Now().Add(-s.flags.KeepReadings).Truncate(24 * time.Hour))
	if horizon <= s.horizon {
		return nil
	}
	p, err := s.books.pipeline()
	if err != nil {
		return err
	}
	gone, err := p.Retire(ctx, horizon)
	if err != nil {
		return err
	}
	s.horizon = horizon
	if gone > 0 {
		s.log.Info("old readings were let go; their books stay", "before", horizon, "readings", gone)
	}
	return nil
}

// needed gives, for each partition, the first offset that the topic must keep:
// what is not booked yet and, for some days, what came after the latest backup,
// so that a restored copy finds the rest.
func (s *server) needed(ctx context.Context) (map[int]int64, error) {
	needed := s.store.Offsets()
	backedUp, err := s.store.BackedUp(ctx, schema.InstantOf(time.Now().Add(-s.flags.BackupHold)))
	if err != nil {
		return nil, err
	}
	for partition, next := range backedUp {
		if booked, ok := needed[partition]; ok {
			needed[partition] = min(booked, next)
		}
	}
	return needed, nil
}

// maintain folds roll-ups and ledger and saves heads. The ledger is not folded
// across a frozen report, so where other instances freeze reports they are copied
// first; while the one that keeps them cannot be asked, nothing is folded.
func (s *server) maintain(ctx context.Context) error {
	if s.peers != nil {
		if err := s.peers.CopyReports(ctx); err != nil {
			s.log.Warn("the store is maintained later, since reports could not be copied", "error", err)
			return nil
		}
	}
	if err := s.store.Maintain(ctx); err != nil {
		return fmt.Errorf("maintain the store: %w", err)
	}
	return nil
}

// warnNearRetention warns where records of a cluster are about to be deleted
// before they were read (rule 8).
func (s *server) warnNearRetention(ctx context.Context) error {
	for partition, next := range s.store.Offsets() {
		first, err := s.client.Earliest(ctx, partition)
		if err != nil {
			return err
		}
		last, err := s.client.Latest(ctx, partition)
		if err != nil {
			return err
		}
		if nearRetention(first, next, last) {
			s.log.Warn("the lag comes near the topic's retention: records that are not read yet will be deleted soon",
				"partition", partition, "next", next, "first", first, "last", last)
		}
	}
	return nil
}

// nearRetention tells that the next record to read is among the oldest fifth of
// those that a partition holds, of which some were deleted already. It counts
// records, so it holds for retention by time and by size.
func nearRetention(first, next, last int64) bool {
	return first > 0 && next < last && (next-first)*5 < last-first
}
