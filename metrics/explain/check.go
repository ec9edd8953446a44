package explain

import (
	"fmt"
	"math/big"

	"jouleline/schema"
)

// Check tells where a tree does not add up: the first node whose value does not
// follow exactly from what stands below it. A figure that is not known follows
// from nothing.
func Check(n *Node) error {
	if err := n.check(); err != nil {
		return fmt.Errorf("%s: %w", n.Label, err)
	}
	for _, child := range n.Children {
		if err := Check(child); err != nil {
			return fmt.Errorf("%s: %w", n.Label, err)
		}
	}
	return nil
}

func (n *Node) check() error {
	if n.Value == nil || n.Op == Given || n.Op == Sum && len(n.Children) == 0 {
		return nil
	}
	want, err := n.computed()
	if err != nil {
		return err
	}
	if n.Op == Division {
		return n.checkDivision(want)
	}
	if want.Cmp(n.Value) != 0 {
		return fmt.Errorf("got %s, want %s by its %s", n.Value.RatString(), want.RatString(), n.Op)
	}
	return nil
}

// checkDivision allows the micro-unit that the largest remainder gives or takes.
func (n *Node) checkDivision(want *big.Rat) error {
	apart := new(big.Rat).Sub(want, n.Value)
	if apart.Abs(apart).Cmp(big.NewRat(1, schema.Micro)) >= 0 {
		return fmt.Errorf("got %s, want %s to the micro-unit", n.Value.RatString(), want.RatString())
	}
	return nil
}

// computed gives the value that follows from what stands below.
func (n *Node) computed() (*big.Rat, error) {
	value := new(big.Rat)
	switch n.Op {
	case Sum:
		for _, child := range n.Children {
			if child.Value != nil {
				value.Add(value, child.Value)
			}
		}
	case Product:
		if n.Quantity == nil || n.Factor == nil {
			return nil, fmt.Errorf("got no quantity or factor for a %s", n.Op)
		}
		value.Mul(n.Quantity.Value, n.Factor.Value)
		if n.Subtracted {
			value.Neg(value)
		}
	case Division:
		if len(n.Children) != 1 || n.Factor == nil || n.Children[0].Value == nil {
			return nil, fmt.Errorf("got %d children, want one and a share", len(n.Children))
		}
		value.Mul(n.Children[0].Value, n.Factor.Value)
	case Quotient, ReductionPct:
		if len(n.Children) < 2 || n.Children[0].Value == nil || n.Children[1].Value == nil {
			return nil, fmt.Errorf("got %d children for a %s, want two that are known", len(n.Children), n.Op)
		}
		first, second := n.Children[0].Value, n.Children[1].Value
		divisor := second
		if n.Op == ReductionPct {
			value.Sub(first, second)
			divisor = first
			value.Mul(value, big.NewRat(100, 1))
		} else {
			value.Set(first)
		}
		if divisor.Sign() == 0 {
			return nil, fmt.Errorf("a %s by zero", n.Op)
		}
		value.Quo(value, divisor)
	default:
		return nil, fmt.Errorf("unknown operation %q", n.Op)
	}
	return value, nil
}
