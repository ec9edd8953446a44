package ingest

import (
	"log/slog"
	"sync"
)

// Unmapped tells the log once of each field that a line mapping does not speak
// of, so that whoever writes the rules sees what is missing. It is safe for
// concurrent use.
type Unmapped struct {
	log  *slog.Logger
	mu   sync.Mutex // guards told
	told map[string]struct{}
}

// mostTold bounds the fields that are told of: names come from outside.
const mostTold = 1000

// NewUnmapped begins with nothing told.
func NewUnmapped(log *slog.Logger) *Unmapped {
	return &Unmapped{log: log, told: map[string]struct{}{}}
}

// Tell tells of the fields that were not told of before.
func (u *Unmapped) Tell(fields []string) {
	if len(fields) == 0 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, field := range fields {
		if _, ok := u.told[field]; ok || len(u.told) == mostTold {
			continue
		}
		u.told[field] = struct{}{}
		u.log.Info("a field of line protocol has no rule: it is counted and left out", "field", field)
	}
}
