package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Free shows how much space is free on the disk of the data folder, where the
// system tells.
func (t *Telemetry) Free(bytes func() (free int64, ok bool)) error {
	if _, ok := bytes(); !ok {
		return nil
	}
	return t.registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "jouleline_store_free_bytes", Help: "Space that is free for the server on the disk of its data folder",
	}, func() float64 {
		free, _ := bytes()
		return float64(free)
	}))
}
