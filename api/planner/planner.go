// Package planner answers how far a region, a department, a class or an
// institution has come, and what lies ahead: progress and its breakdown,
// forecasts, causes, peers, savings, allocations, plans and the course of
// indicators.
//
// It reads the question, holds it against the caller's reach and the limits, lets
// analytics work and writes the answer down as a table. It refuses to compute
// anything itself. A number that is not known is null, and a state says why.
package planner

import (
	"errors"
	"fmt"
	"strings"

	"jouleline/analytics"
	"jouleline/analytics/benchmark"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/world"
)

// Handlers answer planners' questions. They are safe for concurrent use.
type Handlers struct {
	*world.Library
	// standards are the quotas that consumption standards set.
	standards *benchmark.Standards
}

// Register adds the routes of this package.
func Register(b *contract.Builder, l *world.Library, standards *benchmark.Standards) *Handlers {
	s := &Handlers{Library: l, standards: standards}
	s.registerIndicators(b)
	s.registerProgress(b)
	s.registerPlans(b)
	s.registerAllocation(b)
	s.registerForecast(b)
	s.registerDecomposition(b)
	s.registerBenchmark(b)
	s.registerSavings(b)
	return s
}

// asQuestion marks what an analysis refuses as the question's fault.
func asQuestion(err error) error {
	var input *analytics.InputError
	var few *analytics.NotEnoughError
	if errors.As(err, &input) || errors.As(err, &few) {
		return fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	return err
}

// codesOf gives the codes of warnings for a cell of a table.
func codesOf(warnings []analytics.Warning) string {
	codes := make([]string, len(warnings))
	for i, w := range warnings {
		codes[i] = string(w.Code)
	}
	return strings.Join(codes, " ")
}
