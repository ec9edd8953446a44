package changepoint_test

import (
	"fmt"

	"jouleline/analytics/changepoint"
)

func ExampleBest() {
	// Mean temperature (C) and electricity per day (kWh) of twelve months.
	temps := []float64{-1, 2, 9, 16, 22, 26, 28, 27, 22, 16, 8, 1}
	use := []float64{412, 408, 411, 409, 451, 533, 571, 552, 449, 407, 412, 410}
	m, _, err := changepoint.Best(temps, use, changepoint.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: %.0f kWh a day, %.0f more per degree above %.1f C (%.1f to %.1f)\n",
		m.Form, m.Base, m.CoolingSlope, m.CoolingChange, m.CoolingCI[0], m.CoolingCI[1])
	// Output: 3PC: 410 kWh a day, 20 more per degree above 20.0 C (19.8 to 20.2)
}
