package trend_test

import (
	"fmt"

	"jouleline/analytics/trend"
)

func ExampleChanceBelow() {
	energyPerArea := []float64{18.48, 18.30, 18.03, 17.60, 17.55} // kgce/m2, 2020 to 2024
	line, err := trend.FitLine(energyPerArea)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := line.Forecast(1, .9)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := trend.ChanceBelow(f, 1, .95*18.48)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("2025: %.2f (%.2f to %.2f), target met with %.0f %% (%d years, %d df)\n",
		f.Mean[0], f.Low[0], f.High[0], 100*c.P, len(energyPerArea), c.DF)
	// Output: 2025: 17.22 (16.89 to 17.55), target met with 95 % (5 years, 3 df)
}
