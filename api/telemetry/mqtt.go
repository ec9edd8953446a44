package telemetry

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// MQTT takes what the bridge to an MQTT broker has to tell.
type MQTT struct {
	connected      prometheus.Gauge
	taken, dropped prometheus.Counter
}

// MQTT makes the bridge's instruments; a server without a bridge shows none.
func (t *Telemetry) MQTT() (MQTT, error) {
	m := MQTT{
		connected: prometheus.NewGauge(prometheus.GaugeOpts{Name: "jouleline_mqtt_connected", Help: "1 where the MQTT broker has our subscription, else 0"}),
		taken:     prometheus.NewCounter(prometheus.CounterOpts{Name: "jouleline_mqtt_messages_total", Help: "Messages of the MQTT broker that are on the topic, or kept with the reason"}),
		dropped:   prometheus.NewCounter(prometheus.CounterOpts{Name: "jouleline_mqtt_dropped_messages_total", Help: "Messages of quality of service 0 that found no room"}),
	}
	return m, errors.Join(t.registry.Register(m.connected), t.registry.Register(m.taken), t.registry.Register(m.dropped))
}

// Connected tells whether the broker has our subscription.
func (m MQTT) Connected(yes bool) {
	m.connected.Set(0)
	if yes {
		m.connected.Set(1)
	}
}

// Taken counts messages that were taken.
func (m MQTT) Taken(messages int) { m.taken.Add(float64(messages)) }

// Dropped counts a message that found no room.
func (m MQTT) Dropped() { m.dropped.Inc() }
