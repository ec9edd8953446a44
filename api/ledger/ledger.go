// Package ledger answers what was read and what was used: the readings of a meter
// with their verdicts and flags, the rules by which they were judged, and the
// course of consumption with what a meter shows beyond those it is held against.
//
// It refuses steps finer than a day, and parts of days, where readings may have been let go, and
// answers that would be too long. Hours sum to days and days to years exactly; a
// gap is null, never 0.
package ledger

import (
	"jouleline/api/contract"
	"jouleline/api/world"
)

// Handlers answer what was read and used. They are safe for concurrent use.
type Handlers struct {
	*world.Library
}

// Register adds the routes of this package.
func Register(b *contract.Builder, l *world.Library) *Handlers {
	s := &Handlers{Library: l}
	s.registerReadings(b)
	s.registerRules(b)
	s.registerConsumption(b)
	return s
}
