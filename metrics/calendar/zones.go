package calendar

import (
	"sync"
	"time"
)

// Zones keeps the zones that were asked for, since each is a large table. The zero
// value is empty and ready. It is safe for concurrent use.
type Zones struct {
	mu   sync.Mutex // guards list
	list map[string]*Zone
}

// Of gives the zone of a location; equal names give one pointer.
func (z *Zones) Of(location *time.Location) *Zone {
	z.mu.Lock()
	defer z.mu.Unlock()
	zone, ok := z.list[location.String()]
	if !ok {
		if z.list == nil {
			z.list = map[string]*Zone{}
		}
		zone = NewZone(location)
		z.list[location.String()] = zone
	}
	return zone
}
