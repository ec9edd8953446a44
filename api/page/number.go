package page

import (
	"math"
	"strconv"
	"strings"
)

// Value is a number as text with its unit, or why there is none.
type Value struct {
	Text, Unit string
	Why        string // where Text is empty
	URL        string // what the number rests on
}

// IsLong tells that the reason is too long to stand in every cell of a table: it
// is there for readers who point at it, or listen.
func (v Value) IsLong() bool { return len(v.Why) > 48 }

// value makes one of a number that may not be known.
func (w words) value(v *float64, unit, why string) Value {
	if v == nil {
		return Value{Why: why}
	}
	return Value{Text: amount(*v), Unit: w.unit(unit)}
}

// percent makes one of a number in percent, two decimals.
func percent(v *float64, why string) Value {
	if v == nil {
		return Value{Why: why}
	}
	return Value{Text: fixed(*v, 2), Unit: "%"}
}

// share makes one of a share of 1.
func share(v *float64, why string) Value {
	if v == nil {
		return Value{Why: why}
	}
	p := *v * 100
	if p > 0 && p < .05 {
		return Value{Text: "< 0.1", Unit: "%"} // a little is not nothing
	}
	decimals := 1
	if p > 99.9 && p < 100 {
		decimals = 2 // what is not whole does not read as whole
	}
	if fixed(p, decimals) == fixed(100, decimals) && p < 100 {
		return Value{Text: "> 99.99", Unit: "%"}
	}
	return Value{Text: fixed(p, decimals), Unit: "%"}
}

// official makes one of a percentage that was rounded already.
func official(text *string, why string) Value {
	if text == nil {
		return Value{Why: why}
	}
	return Value{Text: minus(*text), Unit: "%"}
}

// amount writes a number with about four digits that count, thousands apart.
func amount(v float64) string {
	switch size := math.Abs(v); {
	case size == 0:
		return "0"
	case size >= 1000:
		return fixed(v, 0)
	case size >= 100:
		return fixed(v, 1)
	case size >= 1:
		return fixed(v, 2)
	}
	return minus(strconv.FormatFloat(v, 'g', 3, 64))
}

// fixed writes a number with so many decimals, thousands apart.
func fixed(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if strings.HasPrefix(text, "-") && strings.Trim(text, "-0.") != "" {
		return "−" + whole
	}
	return whole
}

// minus writes the sign as typographers do.
func minus(text string) string { return strings.Replace(text, "-", "−", 1) }

// unit gives a unit as people write it.
func (w words) unit(unit string) string {
	if _, ok := messages["unit."+unit]; ok {
		return w.T("unit." + unit)
	}
	return strings.NewReplacer("m2", "m²", "m3", "m³", "CO2", "CO₂").Replace(unit)
}

// ptr is for numbers that are always known.
func ptr(v float64) *float64 { return &v }
