package sim

// The years of the simulated province.
const (
	FirstYear = 2020
	LastYear  = 2025
	months    = (LastYear - FirstYear + 1) * 12
)

// Shares of the months in a year. Electricity has its peaks in cooling time and
// a lesser one in winter; water in summer.
var (
	electricityShape = [12]float64{1.05, 0.80, 0.90, 0.80, 0.85, 1.10, 1.40, 1.40, 1.05, 0.80, 0.90, 1.05}
	waterShape       = [12]float64{0.85, 0.75, 0.90, 0.95, 1.05, 1.20, 1.25, 1.20, 1.10, 1.00, 0.90, 0.85}
	evenShape        = [12]float64{1, 0.8, 1, 1, 1, 1, 1, 1, 1, 0.95, 1, 1.05}
	// heatShape are degree days of a mean year within the heating season from
	// mid November to mid March.
	heatShape = [12]float64{600, 460, 170, 0, 0, 0, 0, 0, 0, 0, 160, 520}
	// holidays is what is left of a school's use.
	holidays = [12]float64{0.85, 0.45, 1, 1, 1, 1, 0.5, 0.35, 1, 1, 1, 1}
)

// Mild and harsh years, as a factor on the use of 2020.
var (
	coolingYears = [LastYear - FirstYear + 1]float64{1, 1.008, 1.014, 1.004, 1.012, 1.003}
	heatingYears = [LastYear - FirstYear + 1]float64{1, 1.015, 0.994, 1.004, 0.990, 0.998}
)

// degreeDays are HDD18 of the cities (DB37/5026-2022, table 3.0.1).
var degreeDays = map[string]float64{
	"370100": 2211, "370200": 2401, "370300": 2266, "370400": 2165, "370500": 2507, "370600": 2432, "370700": 2735, "370800": 2232,
	"370900": 2494, "371000": 2490, "371100": 2361, "371300": 2370, "371400": 2527, "371500": 2474, "371600": 2604, "371700": 2396,
}

// meanDegreeDays is the rounded mean of the cities, for which the heat of the
// archetypes is meant.
const meanDegreeDays = 2400

// normalised gives a shape with the sum 1, after the holidays of schools.
func normalised(shape [12]float64, closes bool) (shares [12]float64) {
	sum := 0.0
	for m, share := range shape {
		if closes {
			share *= holidays[m]
		}
		shares[m] = share
		sum += share
	}
	for m := range shares {
		shares[m] /= sum
	}
	return shares
}
