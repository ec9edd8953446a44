package sim_test

import (
	"testing"

	"jouleline/bench/sim"
)

func BenchmarkLoad(b *testing.B) {
	f := func(name string, config sim.LoadConfig) {
		b.Run(name, func(b *testing.B) {
			config.Readings = 1 << 40
			load := newLoad(b, config)
			var s sim.Sample
			b.ReportAllocs()
			for b.Loop() {
				if !load.Next(&s) {
					b.Fatal("no more readings")
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "M/s")
		})
	}
	f("in_order_10k_meters", sim.LoadConfig{Meters: 10_000})
	f("in_order_1M_meters", sim.LoadConfig{Meters: 1_000_000})
	f("real_mix_100k_meters", sim.LoadConfig{Meters: 100_000, Disorder: sim.RealMix})
}

func BenchmarkProvince(b *testing.B) {
	for b.Loop() {
		p, err := sim.NewProvince(sim.DefaultSeed, sim.DefaultInstitutions)
		if err != nil {
			b.Fatal(err)
		}
		for range p.Readings {
		}
	}
}
