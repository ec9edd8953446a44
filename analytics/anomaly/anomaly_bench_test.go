package anomaly_test

import (
	"testing"

	"jouleline/analytics/anomaly"
)

// A year of hours with one fault.
func BenchmarkDetect(b *testing.B) {
	w := newWorld(1)
	s := w.office()
	w.inject(anomaly.BaseLoadStep, &s)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := anomaly.Detect(s, w.zone, anomaly.Settings{}); err != nil {
			b.Fatal(err)
		}
	}
}
