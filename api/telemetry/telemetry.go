// Package telemetry counts what the server does, for Prometheus.
//
// It answers how many readings came by which way with which verdict, how far the
// books are behind, how long transactions and requests take, and how old a
// reading is when it can be queried. It refuses labels with open sets of values:
// a meter's id is none. Its invariants:
//
//   - every name is jouleline_<package>_<thing>_<unit>, with _total for counters;
//   - instruments are made from an injected Registerer, so that two servers in
//     one process do not meet;
//   - methods are safe for concurrent use and take about a microsecond.
//
// Its methods match the interfaces by which the rooms tell what they do; the
// program ties them together, since this room imports none of those.
package telemetry

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Telemetry holds the instruments.
type Telemetry struct {
	pipeline pipelineInstruments
	gateway  gatewayInstruments
	requests requestInstruments
	influx   influxInstruments
	registry prometheus.Registerer
}

// New makes the instruments and registers them. The error says which name is
// taken already.
func New(registry prometheus.Registerer) (*Telemetry, error) {
	t := &Telemetry{registry: registry, pipeline: newPipeline(), gateway: newGateway(), requests: newRequests(), influx: newInflux()}
	var failed error
	for _, list := range [][]prometheus.Collector{t.pipeline.all(), t.gateway.all(), t.requests.all(), t.influx.all()} {
		for _, c := range list {
			if err := registry.Register(c); err != nil {
				failed = errors.Join(failed, fmt.Errorf("register an instrument: %w", err))
			}
		}
	}
	return t, failed
}

// Handler answers /metrics with all that a Gatherer has.
func Handler(gatherer prometheus.Gatherer) http.Handler {
	return promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jouleline_" + name, Help: help}, labels)
}

func histogram(name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Name: "jouleline_" + name, Help: help, Buckets: buckets})
}

// Buckets of durations: of a transaction or request, from a millisecond to the
// half minute in which readers end, and of freshness, whose first bar is 3 s and
// whose worst is a restart.
var (
	durations = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	ages      = []float64{.05, .1, .25, .5, .75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 3600}
	sizes     = []float64{1, 10, 100, 1e3, 5e3, 1e4, 2.5e4, 5e4, 1e5, 2.5e5}
)
