// Package paper answers with what is signed and handed in: frozen reports and what
// differs from them by now, filled statistical forms, and the mid-term evaluation.
//
// A frozen report never changes, and carries the versions it rests on. A figure of
// a form that is not known well enough is left out, with the reason. It computes
// nothing that planner and monitor do not.
package paper

import (
	"log/slog"

	"jouleline/api/contract"
	"jouleline/api/monitor"
	"jouleline/api/planner"
	"jouleline/api/world"
)

// Handlers answer with reports and forms. They are safe for concurrent use.
type Handlers struct {
	*world.Library
	Config
	planner *planner.Handlers
	monitor *monitor.Handlers
}

// Config is what reports and forms need beside the library.
type Config struct {
	// Archive keeps frozen reports; nil answers 503.
	Archive Archive
	// Forms fills in statistical forms; nil answers 503.
	Forms  Forms
	Logger *slog.Logger
	// Version is the program's; reports rest on it.
	Version string
	// Demo says that the figures were made up; documents do, too.
	Demo bool
}

// Register adds the routes of this package, whose figures are those of
// planner and monitor.
func Register(b *contract.Builder, l *world.Library, config Config, planner *planner.Handlers, monitor *monitor.Handlers) {
	s := &Handlers{Library: l, Config: config, planner: planner, monitor: monitor}
	s.registerReports(b)
	s.registerMidterm(b)
	s.registerFilledForms(b)
}
