package benchmark_test

import (
	"fmt"

	"jouleline/analytics/benchmark"
	"jouleline/analytics/orderstat"
)

func ExamplePeers_Place() {
	schools := []float64{4.1, 5.0, 5.2, 5.9, 6.3, 6.8, 7.0, 7.7, 8.4, 9.1, 10.6, 13.0} // kgce/m2
	p, err := benchmark.NewPeers(schools, orderstat.Hazen, .9)
	if err != nil {
		fmt.Println(err)
		return
	}
	place, err := p.Place(8.4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("median %.1f, percentile %.0f (%.0f to %.0f), %s\n", p.P50, place.Percentile, place.Interval[0], place.Interval[1], place.Band)
	// Output: median 6.9, percentile 71 (47 to 87), typical
}
