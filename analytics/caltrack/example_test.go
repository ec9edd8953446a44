package caltrack_test

import (
	"fmt"
	"math/rand/v2"

	"jouleline/analytics/caltrack"
	"jouleline/analytics/weather"
)

func ExampleFitDaily() {
	temps, before := building(rand.New(rand.NewPCG(1, 2)), 3)
	after := make([]float64, len(before))
	for i, v := range before {
		after[i] = .9 * v // a measure that saves a tenth
	}
	m, err := caltrack.FitDaily(temps, before, caltrack.Settings{Scale: weather.Fahrenheit})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := m.Savings(temps, after)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, heating below %.0f F, cooling above %.0f F\n", m.Kind, m.HeatingBalance, m.CoolingBalance)
	fmt.Printf("saved %.0f kWh ± %.0f at %.0f %%\n", s.Savings, s.Bands.OLS, 100*s.Bands.Level)
	// Output:
	// cdd_hdd, heating below 58 F, cooling above 70 F
	// saved 1477 kWh ± 137 at 90 %
}
