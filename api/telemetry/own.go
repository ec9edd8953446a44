package telemetry

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// NewServer makes the instruments of a server, with those of the Go runtime and
// the process, on a registry of their own, and the handler that shows them.
func NewServer() (*Telemetry, http.Handler, error) {
	registry := prometheus.NewRegistry()
	for _, c := range []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		if err := registry.Register(c); err != nil {
			return nil, nil, err
		}
	}
	t, err := New(registry)
	return t, Handler(registry), err
}
