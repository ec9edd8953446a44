package target_test

import (
	"fmt"

	"jouleline/analytics/target"
)

func ExamplePath_Status() {
	p, err := target.NewPath(target.Linear, 18.48, 2020, 2025, .05) // kgce/m2
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := p.Status(2022, 18.03, true)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: fell by %.2f %%, path %.2f, needs %.2f %% a year from now\n", s.State, 100*s.Reduction, s.OnPath, 100*s.RequiredRate)
	// Output: on_track: fell by 2.44 %, path 18.11, needs 0.88 % a year from now
}
