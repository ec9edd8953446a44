package telemetry

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"jouleline/schema"
)

type gatewayInstruments struct {
	readings, unmapped, refused *prometheus.CounterVec
}

func newGateway() gatewayInstruments {
	return gatewayInstruments{
		readings: counter("gateway_readings_total", "Pushed readings that got a verdict, by the way they came and the verdict: accepted, parked, or the code of a rejected one", "source", "verdict"),
		unmapped: counter("gateway_unmapped_fields_total", "Fields of line protocol that mean nothing here", "source"),
		refused:  counter("gateway_refused_requests_total", "Pushes that were refused as a whole", "source", "status"),
	}
}

func (g *gatewayInstruments) all() []prometheus.Collector {
	return []prometheus.Collector{g.readings, g.unmapped, g.refused}
}

// Readings counts pushed readings that got a verdict. source is the way by which
// they came, of which there are few.
func (t *Telemetry) Readings(source string, code schema.Code, n int) {
	verdict := string(code)
	if code == schema.Accepted {
		verdict = "accepted"
	}
	t.gateway.readings.WithLabelValues(source, verdict).Add(float64(n))
}

// Unmapped counts fields of line protocol that mean nothing here.
func (t *Telemetry) Unmapped(source string, fields int) {
	t.gateway.unmapped.WithLabelValues(source).Add(float64(fields))
}

// Refused counts a push that was refused as a whole.
func (t *Telemetry) Refused(source string, status int) {
	t.gateway.refused.WithLabelValues(source, strconv.Itoa(status)).Inc()
}
