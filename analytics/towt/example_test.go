package towt_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"jouleline/analytics/towt"
)

func ExampleFit() {
	before := office(rand.New(rand.NewPCG(1, 1)), start, 8760, 2)
	after := office(rand.New(rand.NewPCG(2, 2)), start.AddDate(1, 0, 0), 8760, 2)
	for i := range after.Loads {
		after.Loads[i] *= .93
	}
	m, err := towt.Fit(before, time.UTC, towt.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := m.Savings(after)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("in use %d hours a week, saved %.1f %%\n", m.OccupiedTimes, 100*s.Fraction)
	// Output: in use 50 hours a week, saved 7.0 %
}
