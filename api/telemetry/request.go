package telemetry

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

type requestInstruments struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newRequests() requestInstruments {
	return requestInstruments{
		requests: counter("api_requests_total", "HTTP requests by route and status", "route", "status"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jouleline_api_request_seconds", Help: "Time to answer an HTTP request, by route", Buckets: durations,
		}, []string{"route"}),
	}
}

func (r *requestInstruments) all() []prometheus.Collector {
	return []prometheus.Collector{r.requests, r.seconds}
}

// Request tells of an answered HTTP request. pattern is the route's, "" where
// none matched: what callers make up is no label.
func (t *Telemetry) Request(pattern string, status int, seconds float64) {
	if pattern == "" {
		pattern = "none"
	}
	t.requests.requests.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
	t.requests.seconds.WithLabelValues(pattern).Observe(seconds)
}
