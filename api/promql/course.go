package promql

import (
	"math"

	"github.com/prometheus/prometheus/model/value"

	"jouleline/schema"
)

// Series is a series of samples in order of time.
type Series struct {
	Labels  Labels
	samples samples
}

// Samples counts the samples, stale markers included.
func (s *Series) Samples() int { return len(s.samples) }

// At gives a sample; stale tells that the series ends there for the time being.
func (s *Series) At(i int) (at schema.Instant, v float64, stale bool) {
	x := &s.samples[i]
	return schema.Instant(x.at), x.value, value.IsStaleNaN(x.value)
}

// Course collects the samples of a series. The zero value is ready.
type Course struct {
	samples samples
	until   schema.Instant // up to which the latest sample holds
}

// Hold adds a sample that holds in [from, until). Where it does not follow upon
// the one before it, a stale marker stands between them. from only grows.
func (c *Course) Hold(from, until schema.Instant, v float64) {
	if len(c.samples) > 0 && c.until < from {
		c.end()
	}
	c.samples, c.until = append(c.samples, sample{int64(from), v}), until
}

func (c *Course) end() {
	c.samples = append(c.samples, sample{int64(c.until), math.Float64frombits(value.StaleNaN)})
}

// Len counts the samples so far, stale markers included.
func (c *Course) Len() int { return len(c.samples) }

// Series closes the course with a stale marker where its last sample ceases to
// hold.
func (c *Course) Series(labels Labels) Series {
	if len(c.samples) > 0 {
		c.end()
	}
	return Series{Labels: labels, samples: c.samples}
}
