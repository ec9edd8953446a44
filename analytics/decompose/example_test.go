package decompose_test

import (
	"fmt"

	"jouleline/analytics/decompose"
)

func ExampleLMDI() {
	// Offices and schools: area (1000 m2) and energy (tce) in 2020 and 2023.
	before, err := decompose.EnergyTable([]decompose.Energy{{Activity: 400, Energy: 9200}, {Activity: 600, Energy: 4800}})
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := decompose.EnergyTable([]decompose.Energy{{Activity: 410, Energy: 8900}, {Activity: 690, Energy: 5100}})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := decompose.LMDI(before, after)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("change %.0f tce\n", e.VT-e.V0)
	for k, name := range decompose.EnergyFactors {
		fmt.Printf("%-10s %+6.0f  x %.4f\n", name, e.Additive[k], e.Multiplicative[k])
	}
	// Output:
	// change 0 tce
	// activity    +1334  x 1.1000
	// structure    -419  x 0.9705
	// weather        +0  x 1.0000
	// intensity    -915  x 0.9367
}
