package paper

import (
	"fmt"
	"math/big"

	"jouleline/api/midterm"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// formSum is one figure of one column.
type formSum struct {
	value           *big.Rat
	counted, due    int
	sources         [2]bool // metered, declared
	fromRegistry    bool    // areas and people
	known, expected int64   // meter-milliseconds of what is metered
}

func (s *formSum) add(p *indicator.Part, enough *big.Rat) {
	s.due++
	full := p.Source == "declared"
	switch p.Source {
	case "":
		return
	case "metered":
		s.sources[0] = true
		s.known, s.expected = s.known+p.Known, s.expected+p.Expected
		full = p.Expected == 0 || big.NewRat(p.Known, p.Expected).Cmp(enough) >= 0
	default:
		s.sources[1] = true
	}
	if full {
		s.counted++
	}
	s.value.Add(s.value, big.NewRat(int64(p.Quantity), schema.Micro))
}

func (s *formSum) source() string {
	if s.fromRegistry {
		return "registry"
	}
	return map[[2]bool]string{{true, false}: "metered", {false, true}: "declared", {true, true}: "mixed"}[s.sources]
}

// decimal gives the sum with six decimals, half up, and no zeros behind them.
func (s *formSum) decimal() (schema.Decimal, error) {
	scaled := new(big.Rat).Mul(s.value, big.NewRat(2*schema.Micro, 1))
	scaled.Add(scaled, big.NewRat(1, 1))
	mantissa := new(big.Int).Div(scaled.Num(), new(big.Int).Mul(scaled.Denom(), big.NewInt(2))) // sums are not below zero
	if !mantissa.IsInt64() {
		return schema.Decimal{}, fmt.Errorf("%w: %s micro-units", schema.ErrOutOfRange, mantissa)
	}
	d := schema.Decimal{Mantissa: mantissa.Int64(), Scale: 6}
	for d.Scale > 0 && d.Mantissa%10 == 0 {
		d.Mantissa, d.Scale = d.Mantissa/10, d.Scale-1
	}
	return d, nil
}

// unitOfFigure gives the unit in which a quantity is summed.
func unitOfFigure(q schema.DeclaredQuantity) string {
	switch q.Name {
	case indicator.EnergyPerArea.Basis():
		return "m2"
	case indicator.EnergyPerCapita.Basis():
		return "person"
	case indicator.Energy.String():
		return "kgce"
	}
	return q.Carrier.Unit().String()
}

// figureName names a figure for the form's notes, which are Chinese as it is.
func figureName(q schema.DeclaredQuantity) string {
	if q.Carrier == schema.CarrierNone {
		return midterm.Words(midterm.Chinese, "figure", q.Name)
	}
	name := midterm.Words(midterm.Chinese, "carrier", q.Carrier.String())
	if q.Use == schema.ForVehicle {
		name += "（车辆）"
	}
	return name
}
