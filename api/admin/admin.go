// Package admin lets those who run the server change what the books rest on and
// take things out of it: the registry, meter events, bills and annual forms,
// computing anew, replays, tokens, the publisher to InfluxDB, backups and exports.
//
// A change holds whole or not at all, changes of the registry one after the other,
// and each is logged with who made it. Figures are not answered here.
package admin

import (
	"log/slog"

	"jouleline/api/contract"
	"jouleline/api/world"
)

// Handlers do the work of those who run the server. They are safe for
// concurrent use.
type Handlers struct {
	*world.Library
	Config
	changes changes
}

// Config is what administration needs beside the library.
type Config struct {
	Desk Desk
	// Tokens keeps the tokens of callers; nil answers 503.
	Tokens Tokens
	// Files reads bills and forms; nil answers 503.
	Files Files
	// Vault makes copies of the books; nil answers 503.
	Vault Vault
	// Publication is the publisher to InfluxDB; nil answers 503.
	Publication Publication
	Logger      *slog.Logger
}

// Register adds the routes of this package.
func Register(b *contract.Builder, l *world.Library, config Config) {
	s := &Handlers{Library: l, Config: config, changes: make(changes, 1)}
	s.registerRegistry(b)
	s.registerEvents(b)
	s.registerBills(b)
	s.registerForm(b)
	s.registerWork(b)
	s.registerTokens(b)
	s.registerInflux(b)
	s.mountCopies(b)
}
