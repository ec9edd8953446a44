package storetest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/ingest"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
	"jouleline/store"
)

// The world of these tests: quarter hours of twenty meters, four in an institution,
// that begin at a local midnight in winter and end within a local day.
const (
	meters  = 20
	courses = 7
	quarter = schema.Instant(15 * schema.Minute)
)

var (
	shanghai = time.FixedZone("Asia/Shanghai", 8*3600)
	begin    = schema.DayOf(2024, time.January, 2).Start(shanghai)
	end      = schema.DayOf(2024, time.March, 12).Start(shanghai) + 77*quarter
)

func key(meter int) string { return fmt.Sprintf("370102-%06d-E%02d", meter/4, meter%4+1) }

// world is the registry.
func world(t testing.TB) (registry.Tables, *registry.Registry) {
	t.Helper()
	institutions, buildings := "id,name,class,region\n", "id,institution\n"
	rows := "id,building,carrier,kind,unit,register_max,max_rate,interval\n"
	for m := range meters {
		owner := fmt.Sprintf("370102-%06d", m/4)
		if m%4 == 0 {
			institutions += owner + ",模拟机构,state_organ,370102\n"
			buildings += owner + "-B," + owner + "\n"
		}
		rows += key(m) + "," + owner + "-B,electricity,register,kWh,999999.99,100,PT900S\n"
	}
	tables := registry.Tables{
		registry.RegionsFile: registry.ShandongRegions(), registry.InstitutionsFile: []byte(institutions),
		registry.BuildingsFile: []byte(buildings), registry.MetersFile: []byte(rows),
	}
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tables, reg
}

// factsOf is what the registry says of each meter.
func factsOf(reg *registry.Registry) *books.Meter {
	var zones calendar.Zones
	return books.FactsOf(reg, key(0), zones.Of(reg.Zone(key(0))))
}

// courseOf is a register that counts by chance.
func courseOf(course int) (points []books.Point, err error) {
	random := rand.New(rand.NewPCG(1, uint64(course)))
	value := schema.Quantity(random.IntN(1_000_000))
	for at := begin; at < end; at += quarter {
		points = append(points, books.Point{Time: at, Value: value * schema.Micro / 100, Unit: schema.KilowattHour, Kind: schema.Register})
		value += schema.Quantity(random.IntN(400))
	}
	return points, nil
}

// way is the true way into a store whose clock is set.
type way struct {
	path    string
	now     schema.Instant
	store   *store.Store
	records []ingest.Record
	counts  pipeline.Stats // of the last booking
	batches chan pipeline.Stats
}

// open opens the store.
func (w *way) open(t testing.TB) {
	t.Helper()
	var err error
	if w.store, err = store.Open(t.Context(), store.Config{Path: w.path, Now: func() time.Time { return w.now.Time() }}); err != nil {
		t.Fatal(err)
	}
}

func (w *way) close(t testing.TB) {
	t.Helper()
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
}

var identity = posting.Log{Cluster: "c", Topic: "t", Partitions: 1}

// run runs a pipeline while work is done.
func (w *way) run(t testing.TB, owned []int, work func(*pipeline.Pipeline)) {
	t.Helper()
	w.counts, w.batches = pipeline.Stats{}, make(chan pipeline.Stats, 1)
	config := pipeline.Config{Log: identity, Owned: owned, Watch: w, Linger: 1, Now: func() time.Time { return w.now.Time() }}
	p := pipeline.New(w.store, w, config)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	work(p)
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// bring brings the registry in.
func (w *way) bring(t testing.TB, tables registry.Tables) {
	t.Helper()
	w.run(t, nil, func(p *pipeline.Pipeline) {
		if _, err := p.Import(t.Context(), tables, false); err != nil {
			t.Fatal(err)
		}
	})
}

// send books readings.
func (w *way) send(t testing.TB, readings ...schema.Reading) {
	t.Helper()
	for i := range readings {
		r := &readings[i]
		w.records = append(w.records, ingest.Record{
			Offset: int64(len(w.records)), Key: []byte(r.Meter), Value: codec.AppendJSON(nil, r), ContentType: ingest.JSON, Received: w.now,
		})
	}
	w.run(t, []int{0}, func(*pipeline.Pipeline) {
		for w.store.Offsets()[0] < int64(len(w.records)) {
			s := <-w.batches
			w.counts.Readings += s.Readings
			w.counts.Entries += s.Entries
			w.counts.Codes += s.Codes
		}
	})
}

// The way is the topic and watches what is booked.

func (w *way) Earliest(context.Context, int) (int64, error) { return 0, nil }

func (w *way) Open(_ context.Context, _ int, offset int64) (pipeline.Reader, error) {
	return &reader{w.records, int(offset)}, nil
}

func (w *way) Batch(s pipeline.Stats) {
	select {
	case w.batches <- s:
	case <-time.After(time.Second): // nobody waits any more
	}
}
func (w *way) Gap(int, int64)     {}
func (w *way) Lag(int, int64)     {}
func (w *way) Unmapped(int)       {}
func (w *way) Forwarded(int, int) {}

type reader struct {
	records []ingest.Record
	at      int
}

func (r *reader) Fetch(ctx context.Context) ([]ingest.Record, int64, error) {
	if r.at == len(r.records) {
		<-ctx.Done()
		return nil, 0, ctx.Err()
	}
	rest := r.records[r.at:]
	r.at = len(r.records)
	return rest, int64(len(r.records)), nil
}

func (r *reader) Offset() int64 { return int64(r.at) }
func (r *reader) Close() error  { return nil }
