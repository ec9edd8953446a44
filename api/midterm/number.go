package midterm

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"jouleline/metrics/exact"
)

// none stands for what is not known; the reason stands beside it.
const none = "—"

// fixed writes the shortest decimal that means a number with so many places,
// rounded half up on that decimal; sizes that no table has stay as they are.
func fixed(v float64, places int) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if size := math.Abs(v); size >= 1e15 || size != 0 && size < 1e-12 || math.IsNaN(v) {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	decimal, ok := new(big.Rat).SetString(text)
	if !ok {
		return text
	}
	return new(exact.Fraction).SetRat(decimal).Decimal(places)
}

// percent writes a percentage of an answer with two places.
func percent(v *float64) string {
	if v == nil {
		return none
	}
	return fixed(*v, 2) + "%"
}

// official writes a percentage that the answer has rounded already.
func official(text *string) string {
	if text == nil {
		return none
	}
	return *text + "%"
}

// share writes a share of 1 in percent.
func share(v *float64) string {
	if v == nil {
		return none
	}
	return fixed(*v*100, 1) + "%"
}

// amount writes a value with its unit; four places are more than the indicators
// have digits, and a whole number needs none.
func (w words) amount(v *float64, unit string) string {
	if v == nil {
		return none
	}
	text := strings.TrimSuffix(fixed(*v, 4), ".0000")
	return strings.TrimSpace(text + " " + w.unit(unit))
}

// unit writes a unit as people do.
func (w words) unit(unit string) string {
	return strings.NewReplacer("m2", "m²", "m3", "m³", "CO2", "CO₂", "person", w.T("unit.person")).Replace(unit)
}
