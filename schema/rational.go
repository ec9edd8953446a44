package schema

import (
	"fmt"
	"math/big"
)

// Rat gives the decimal as an exact rational. Decimals that lost digits, and
// exponents beyond 64, are refused: a factor or target has neither.
func (d Decimal) Rat() (*big.Rat, error) {
	if d.Lost || d.Scale > maxScale || d.Scale < -maxScale {
		return nil, fmt.Errorf("%w: %de%d, want at most 18 significant digits", ErrOutOfRange, d.Mantissa, -d.Scale)
	}
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(d.Scale, -d.Scale))), nil)
	value := new(big.Rat).SetInt64(d.Mantissa)
	if d.Scale > 0 {
		return value.Quo(value, new(big.Rat).SetInt(power)), nil
	}
	return value.Mul(value, new(big.Rat).SetInt(power)), nil
}
