package promql

import (
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// sample is a value at a Unix millisecond. The engine sees it by its address, so
// that walking over samples allocates nothing.
type sample struct {
	at    int64
	value float64
}

var _ chunks.Sample = (*sample)(nil)

// T gives the time.
func (s *sample) T() int64 { return s.at }

// ST gives no start: none is known.
func (*sample) ST() int64 { return 0 }

// F gives the value.
func (s *sample) F() float64 { return s.value }

// H gives none: there are no histograms.
func (*sample) H() *histogram.Histogram { return nil }

// FH gives none either.
func (*sample) FH() *histogram.FloatHistogram { return nil }

// Type says that it is a float.
func (*sample) Type() chunkenc.ValueType { return chunkenc.ValFloat }

// Copy gives a sample of its own.
func (s *sample) Copy() chunks.Sample {
	own := *s
	return &own
}

// samples are in order of time.
type samples []sample

// Get gives a sample.
func (s samples) Get(i int) chunks.Sample { return &s[i] }

// Len counts them.
func (s samples) Len() int { return len(s) }

// entry is a series as the engine sees it.
type entry struct {
	labels  labels.Labels
	samples samples
}

var _ storage.Series = entry{}

// Labels gives the labels with the family's name.
func (e entry) Labels() labels.Labels { return e.labels }

// Iterator walks over the samples.
func (e entry) Iterator(reuse chunkenc.Iterator) chunkenc.Iterator {
	if again, ok := reuse.(interface{ Reset(storage.Samples) }); ok {
		again.Reset(e.samples)
		return reuse
	}
	return storage.NewListSeriesIterator(e.samples)
}

// set walks over series.
type set struct {
	list []entry
	at   int
	err  error
}

var _ storage.SeriesSet = (*set)(nil)

// Next goes on by one.
func (s *set) Next() bool {
	s.at++
	return s.err == nil && s.at <= len(s.list)
}

// At gives the series.
func (s *set) At() storage.Series { return s.list[s.at-1] }

// Err tells why there are no series.
func (s *set) Err() error { return s.err }

// Warnings gives none.
func (*set) Warnings() annotations.Annotations { return nil }
