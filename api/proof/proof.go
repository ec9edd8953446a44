// Package proof answers why a figure is what it is, and whether the books follow
// from the readings: the tree of a figure down to the readings behind it, and
// judging stored readings anew.
//
// It changes nothing: what differs is mended by computing books anew. The tree of
// a figure is that of the code that answers with it; its parts sum to it exactly.
package proof

import (
	"log/slog"

	"jouleline/api/contract"
	"jouleline/api/planner"
	"jouleline/api/world"
)

// Handlers explain and verify. They are safe for concurrent use.
type Handlers struct {
	*world.Library
	Config
	planner *planner.Handlers
}

// Config is what proving needs beside the library.
type Config struct {
	// Verifier holds the books against the readings; nil answers 503.
	Verifier Verifier
	Logger   *slog.Logger
}

// Register adds the routes of this package. planner finds the figures of
// reductions.
func Register(b *contract.Builder, l *world.Library, config Config, planner *planner.Handlers) *Handlers {
	s := &Handlers{Library: l, Config: config, planner: planner}
	s.registerExplain(b)
	s.registerVerify(b)
	return s
}
