package main

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"jouleline/bench/sim"
	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// The pace of the row: 500 pushes a second of 100 readings each, for at most 20
// seconds. Sixteen pushes may wait for their acknowledgement at a time.
const (
	visibleRate    = 50_000
	pushReadings   = 100
	visibleSeconds = 20
	pushers        = 16
)

// visible measures how long after its acknowledgement a push can be queried.
func visible(ctx context.Context, t *trial) error {
	readings := min(t.sizes.Readings, visibleRate*visibleSeconds)
	load, err := sim.NewLoad(sim.LoadConfig{Seed: seed, Meters: t.sizes.Meters, Readings: t.sizes.Meters + readings, Interval: quarterHour})
	if err != nil {
		return err
	}
	return withStand(ctx, t, func(s *stand) (err error) {
		if _, err := s.importTables(ctx, load.Tables()); err != nil {
			return err
		}
		feed := &feeder{stand: s, load: load, form: line1}
		if _, err := feed.feed(ctx, t.sizes.Meters); err != nil { // opens all meters
			return err
		}
		pushes := pushesOf(load)
		ends, err := s.ends(ctx)
		if err != nil {
			return err
		}
		b := s.book(ctx, topic{s.client})
		if err = b.await(ctx, ends); err == nil {
			err = s.measureVisible(ctx, t, b, ends, pushes)
		}
		world := b.pipeline.Now()
		if err := b.joinStop(err); err != nil {
			return err
		}
		return newLedgerCheck(load).compare(ctx, s, world)
	})
}

// pushesOf puts the rest of a load into pushes, as the gateway would.
func pushesOf(load *sim.Load) (pushes [][]ingest.Record) {
	var s sim.Sample
	for more := true; more; {
		var values [partitions][]byte
		n := 0
		for n < pushReadings {
			if more = load.Next(&s); !more {
				break
			}
			p := ingest.PartitionOf(s.Meter, partitions)
			values[p] = codec.AppendJSON(values[p], &s.Reading)
			n++
		}
		var records []ingest.Record
		for p, value := range values {
			if len(value) > 0 {
				records = append(records, ingest.Record{Partition: p, Key: []byte("gateway"), Value: value, ContentType: ingest.JSON})
			}
		}
		if n > 0 {
			pushes = append(pushes, records)
		}
	}
	return pushes
}

// acknowledged is a push that Kafka has. Its records lie before the offsets, and
// at most the other pushes on the way between them and there.
type acknowledged struct {
	at      time.Time
	offsets map[int]int64
}

// measureVisible pushes at the pace and compares acknowledgements with what was
// stored when.
func (s *stand) measureVisible(ctx context.Context, t *trial, b *booking, from map[int]int64, pushes [][]ingest.Record) error {
	s.watch.since()
	var acks []acknowledged
	took, err := t.timed(func() (err error) {
		if acks, err = s.pushAll(ctx, from, pushes); err != nil {
			return err
		}
		ends, err := s.ends(ctx)
		if err != nil {
			return err
		}
		return b.await(ctx, ends)
	})
	if err != nil {
		return err
	}
	w, err := delays(acks, s.watch.seen())
	if err != nil {
		return err
	}
	t.recordWaits("visible_p99", w)
	d := took.into(t.figures["visible_p99"].Details)
	d["readings_per_s"] = float64(len(pushes)*pushReadings) / took.seconds
	return nil
}

// pushAll pushes at the pace and gives the acknowledgements.
func (s *stand) pushAll(ctx context.Context, from map[int]int64, pushes [][]ingest.Record) ([]acknowledged, error) {
	var sent [partitions]atomic.Int64
	for p, offset := range from {
		sent[p].Store(offset)
	}
	var mu sync.Mutex // guards acks
	acks := make([]acknowledged, 0, len(pushes))
	group, ctx := errgroup.WithContext(ctx)
	due := make(chan []ingest.Record)
	group.Go(func() error {
		defer close(due)
		return pace(ctx, visibleRate/pushReadings, len(pushes), func(i int) error {
			select {
			case due <- pushes[i]:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	})
	for range pushers {
		group.Go(func() error {
			for records := range due {
				now := schema.InstantOf(time.Now())
				for i := range records {
					records[i].Received = now
					sent[records[i].Partition].Add(1)
				}
				if err := s.producer.Produce(ctx, records); err != nil {
					return err
				}
				a := acknowledged{time.Now(), map[int]int64{}}
				for i := range records {
					p := records[i].Partition
					a.offsets[p] = sent[p].Load()
				}
				mu.Lock()
				acks = append(acks, a)
				mu.Unlock()
			}
			return nil
		})
	}
	err := group.Wait()
	return acks, err
}

// delays gives how long after its acknowledgement each push could be queried; 0
// where it could before. The offsets of moments only grow.
func delays(acks []acknowledged, moments []moment) (waits, error) {
	var w waits
	for _, a := range acks {
		i := sort.Search(len(moments), func(i int) bool { return covers(moments[i].offsets, a.offsets) })
		if i == len(moments) {
			return nil, fmt.Errorf("%w: what was acknowledged before offsets %v cannot be queried", errWrong, a.offsets)
		}
		w.add(max(0, moments[i].at.Sub(a.at)))
	}
	return w, nil
}
