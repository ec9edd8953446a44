// Package monitor answers how sure the figures are and what looks wrong: coverage
// and freshness, readings that wait or were rejected, anomalies with what they
// cost, and which of them people have muted.
//
// It refuses to look through more than the limits allow at once. Muting changes no
// figure. What could not be asked is left out or null, never taken for silence.
package monitor

import (
	"log/slog"

	"jouleline/api/contract"
	"jouleline/api/world"
)

// Handlers tell what to look after. They are safe for concurrent use.
type Handlers struct {
	*world.Library
	Config
}

// Config is what monitoring needs beside the library.
type Config struct {
	Rejects Rejects
	// Stream tells how readings come in; nil leaves that out of the quality.
	Stream Stream
	// Mutes keeps which findings are muted; nil mutes nothing and answers 503.
	Mutes  Mutes
	Logger *slog.Logger
}

// Register adds the routes of this package.
func Register(b *contract.Builder, l *world.Library, config Config) *Handlers {
	s := &Handlers{Library: l, Config: config}
	s.registerQuality(b)
	s.registerAnomalies(b)
	s.registerMutes(b)
	s.registerRejected(b)
	return s
}
