package regress_test

import (
	"fmt"

	"jouleline/analytics/regress"
)

func ExampleFit() {
	degreeDays := []float64{410, 350, 240, 120, 30, 0, 0, 0, 20, 130, 270, 390}
	gas := []float64{885, 774, 548, 322, 141, 84, 79, 81, 118, 338, 611, 843} // m3 per month
	m, err := regress.Fit(gas, [][]float64{degreeDays}, regress.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("base load %.0f m3, %.2f m3 per degree day (± %.2f), R2 %.3f\n",
		m.Intercept.Value, m.Slopes[0].Value, m.Slopes[0].SE, m.R2)
	// Output: base load 82 m3, 1.96 m3 per degree day (± 0.01), R2 1.000
}
