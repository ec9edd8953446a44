package promql

import (
	"fmt"
	"math"
	"time"

	prom "github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// plainStep is the step of subqueries that name none: Prometheus' default.
const plainStep = time.Minute

// bounded refuses a query whose subqueries take more steps than they may. The
// engine counts samples only once it has made room for all steps, which for
// [5y:1ms] is more than a machine has, and no room is the end of the program.
func bounded(q prom.Query, most int) error {
	s, ok := q.Statement().(*parser.EvalStmt)
	if !ok {
		return nil
	}
	if got := subquerySteps(s.Expr, s.End.Sub(s.Start).Seconds()); got > float64(most) {
		return fmt.Errorf("%w: got %.0f steps of subqueries, want at most %d: take longer steps, or ask for less time", ErrTooMany, got, most)
	}
	return nil
}

// subquerySteps counts the steps of all subqueries below a node that is evaluated
// over so many seconds. Ranges add up to more than an integer holds.
func subquerySteps(node parser.Node, seconds float64) (steps float64) {
	switch n := node.(type) {
	case *parser.StepInvariantExpr:
		seconds = 0 // evaluated once
	case *parser.SubqueryExpr:
		step := n.Step
		if step <= 0 {
			step = plainStep
		}
		if n.Timestamp != nil {
			seconds = 0
		}
		seconds += n.Range.Seconds()
		if steps = math.Floor(seconds/step.Seconds()) + 1; step < time.Millisecond {
			steps = math.Inf(1) // to the engine it is none
		}
	}
	for child := range parser.ChildrenIter(node) {
		steps += subquerySteps(child, seconds)
	}
	return steps
}
