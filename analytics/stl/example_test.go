package stl_test

import (
	"fmt"

	"jouleline/analytics/stl"
)

func ExampleDecompose() {
	p, err := stl.Decompose(wave(), stl.Settings{Period: 12, Robust: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("trend from %.1f to %.1f, season %.1f to %.1f, rest at month 20: %.1f\n",
		p.Trend[0], p.Trend[47], p.Seasonal[9], p.Seasonal[3], p.Remainder[20])
	// Output: trend from 10.1 to 14.7, season -3.2 to 2.9, rest at month 20: 6.7
}
