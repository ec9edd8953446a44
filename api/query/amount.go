package query

import (
	"math/big"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/schema"
)

// Amount is an exact quantity as a JSON number.
type Amount struct{ schema.Quantity }

// Schema describes the number.
func (Amount) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeNumber} }

// AmountOf gives a quantity for an answer, nil where there is none.
func AmountOf(q *schema.Quantity) *Amount {
	if q == nil {
		return nil
	}
	return &Amount{*q}
}

// Cell gives the amount as a cell of a table.
func (a *Amount) Cell() any {
	if a == nil {
		return nil
	}
	return a.Quantity
}

// Float gives the number in JSON, nil where there is none.
func Float(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}
