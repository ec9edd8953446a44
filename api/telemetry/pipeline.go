package telemetry

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"jouleline/schema"
)

// Batch is the counts of one stored transaction. It has the fields of the
// pipeline's Stats, which convert to it.
type Batch struct {
	Readings, Quick, Repeats, Late, Parked int
	Rejected                               map[schema.Code]int
	Entries, Codes                         int
	// PostSeconds is how long the transaction took, BookSeconds how long judging
	// took, FreshnessSeconds how old the latest reading was when it could be
	// queried; negative where no reading said.
	PostSeconds, BookSeconds, FreshnessSeconds float64
}

type pipelineInstruments struct {
	readings, rejected, entries, verdicts, gaps, forwarded *prometheus.CounterVec
	lag                                                    *prometheus.GaugeVec
	batch, book, post, freshness                           prometheus.Histogram
}

func newPipeline() pipelineInstruments {
	return pipelineInstruments{
		readings:  counter("pipeline_readings_total", "Readings stored, by the way they were booked: quick (the ordinary next one), repeat (says what was known), late (neighbours were looked up), pending (joins implausible ones), parked (meter not registered)", "way"),
		rejected:  counter("pipeline_rejected_total", "Elements of messages that could not be understood, by code", "code"),
		entries:   counter("pipeline_entries_total", "Entries written into the ledger"),
		verdicts:  counter("pipeline_verdicts_total", "Verdicts written or changed"),
		gaps:      counter("pipeline_gap_records_total", "Records that were deleted from the topic before they were read", "partition"),
		forwarded: counter("pipeline_forwarded_readings_total", "Readings that a producer put into the partition of another meter and that were put into their own", "partition"),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "jouleline_pipeline_lag_records", Help: "Records on the topic that are not read yet",
		}, []string{"partition"}),
		batch:     histogram("pipeline_batch_readings", "Readings in a transaction", sizes),
		book:      histogram("pipeline_book_seconds", "Time to judge the readings of a transaction", durations),
		post:      histogram("store_post_seconds", "Time to store a transaction", durations),
		freshness: histogram("pipeline_freshness_seconds", "Age of a transaction's latest reading, since it was received, when it could be queried", ages),
	}
}

func (p *pipelineInstruments) all() []prometheus.Collector {
	return []prometheus.Collector{p.readings, p.rejected, p.entries, p.verdicts, p.gaps, p.forwarded, p.lag, p.batch, p.book, p.post, p.freshness}
}

// Batch tells of a stored transaction.
func (t *Telemetry) Batch(b Batch) {
	p := &t.pipeline
	for _, way := range []struct {
		name string
		n    int
	}{
		{"quick", b.Quick}, {"repeat", b.Repeats}, {"late", b.Late}, {"parked", b.Parked},
		{"pending", b.Readings - b.Quick - b.Repeats - b.Late},
	} {
		if way.n > 0 {
			p.readings.WithLabelValues(way.name).Add(float64(way.n))
		}
	}
	for code, n := range b.Rejected {
		p.rejected.WithLabelValues(string(code)).Add(float64(n))
	}
	p.entries.WithLabelValues().Add(float64(b.Entries))
	p.verdicts.WithLabelValues().Add(float64(b.Codes))
	p.batch.Observe(float64(b.Readings))
	p.book.Observe(b.BookSeconds)
	p.post.Observe(b.PostSeconds)
	if b.FreshnessSeconds >= 0 {
		p.freshness.Observe(b.FreshnessSeconds)
	}
}

// Lag tells how many records of a partition are not yet read. From then on the
// partition has a count of lost ones, too: what grows from nothing, instead of from
// 0, is no increase.
func (t *Telemetry) Lag(partition int, records int64) {
	t.pipeline.lag.WithLabelValues(strconv.Itoa(partition)).Set(float64(records))
	t.pipeline.gaps.WithLabelValues(strconv.Itoa(partition)).Add(0)
}

// Forwarded tells of readings that were found in another meter's partition and
// put into their own.
func (t *Telemetry) Forwarded(partition int, readings int) {
	t.pipeline.forwarded.WithLabelValues(strconv.Itoa(partition)).Add(float64(readings))
}

// Gap tells that records were deleted before they were read.
func (t *Telemetry) Gap(partition int, records int64) {
	t.pipeline.gaps.WithLabelValues(strconv.Itoa(partition)).Add(float64(records))
}

// Size makes gauges of the bytes of the database file and of its write-ahead
// log, asked for when they are looked at. It is called once.
func (t *Telemetry) Size(bytes func() (file, wal int64)) error {
	file := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "jouleline_store_file_bytes", Help: "Size of the database file",
	}, func() float64 { size, _ := bytes(); return float64(size) })
	wal := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "jouleline_store_wal_bytes", Help: "Size of the database's write-ahead log",
	}, func() float64 { _, size := bytes(); return float64(size) })
	if err := t.registry.Register(file); err != nil {
		return err
	}
	return t.registry.Register(wal)
}
