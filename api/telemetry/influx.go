package telemetry

import "github.com/prometheus/client_golang/prometheus"

type influxInstruments struct {
	points, refused, deletions, retries *prometheus.CounterVec
	lag                                 *prometheus.GaugeVec
}

func newInflux() influxInstruments {
	return influxInstruments{
		points:    counter("influx_points_total", "Points that InfluxDB took"),
		refused:   counter("influx_refused_points_total", "Points that InfluxDB refused for themselves; they are kept with the reason"),
		deletions: counter("influx_deletions_total", "Deletions of points that became unknown"),
		retries:   counter("influx_retries_total", "Requests to InfluxDB that are tried again, by kind: unreachable, denied, not_found, busy or failed", "kind"),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "jouleline_influx_lag_seconds", Help: "Age of the oldest booking that is not published to InfluxDB, 0 where there is none",
		}, []string{"stream"}),
	}
}

func (i *influxInstruments) all() []prometheus.Collector {
	return []prometheus.Collector{i.points, i.refused, i.deletions, i.retries, i.lag}
}

// Influx takes what the publisher to InfluxDB has to tell.
type Influx struct{ instruments *influxInstruments }

// Influx gives the publisher's instruments.
func (t *Telemetry) Influx() Influx { return Influx{&t.influx} }

// Sent tells of points that were taken.
func (i Influx) Sent(points int) { i.instruments.points.WithLabelValues().Add(float64(points)) }

// Refused tells of points that were refused for themselves.
func (i Influx) Refused(points int) { i.instruments.refused.WithLabelValues().Add(float64(points)) }

// Erased tells of deletions.
func (i Influx) Erased(deletions int) {
	i.instruments.deletions.WithLabelValues().Add(float64(deletions))
}

// Trouble tells of a request that is tried again.
func (i Influx) Trouble(kind string) { i.instruments.retries.WithLabelValues(kind).Inc() }

// Lag tells how far a stream is behind.
func (i Influx) Lag(stream string, seconds float64) {
	i.instruments.lag.WithLabelValues(stream).Set(seconds)
}
