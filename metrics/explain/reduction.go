package explain

import (
	"fmt"
	"math/big"
)

// Goal is what a plan promised of an indicator.
type Goal struct {
	Plan string
	// Target is the reduction in percent by the target year, Pace what is due by
	// now; nil where the plan has none.
	Target, Pace *big.Rat
	Paced        string // how the pace came about, as "5 % x 3 of 5 years"
}

// Reduction puts both sides beside each other. Where compared is false the two
// are shown, and no percentage is formed.
func Reduction(label string, base, current *Node, compared bool, goal Goal) *Node {
	n := &Node{Label: label, Kind: OfReduction, Word: current.Word, Name: current.Name, Unit: "%", Children: []*Node{base, current}, From: current.From, To: current.To}
	if !compared || base.Value == nil || current.Value == nil || base.Value.Sign() <= 0 {
		return n
	}
	n.Op = ReductionPct
	n.How = fmt.Sprintf("100 x (%s - %s) / %s", number(base.Value), number(current.Value), number(base.Value))
	n.Value, _ = n.computed() // both sides are known and the base is above zero
	if goal.Target == nil || goal.Target.Sign() <= 0 {
		return n
	}
	done := new(big.Rat).Quo(n.Value, goal.Target)
	done.Mul(done, big.NewRat(100, 1))
	n.Notes = append(n.Notes,
		fmt.Sprintf("target of plan %s: %s %%; completion 100 x %s / %s = %s %%", goal.Plan, number(goal.Target), number(n.Value), number(goal.Target), number(done)))
	if goal.Pace != nil {
		word := "not on pace"
		if n.Value.Cmp(goal.Pace) >= 0 {
			word = "on pace"
		}
		n.Notes = append(n.Notes, fmt.Sprintf("due by now: %s = %s %%; %s", goal.Paced, number(goal.Pace), word))
	}
	return n
}
