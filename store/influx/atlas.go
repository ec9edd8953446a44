package influx

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store"
)

// atlas is one version of the registry, prepared for publishing.
type atlas struct {
	*registry.Registry
	// recorded is when the version was; equal moments are equal versions.
	recorded schema.Instant
	step     calendar.Step
	names    map[int32]string // meter by number
	numbers  map[string]int32
	// meters gives the rows of Registry.Meters by building.
	meters map[string][]int32
	zones  *calendar.Zones
	// prepared is made when indicators are first asked for.
	prepared func() (*indicator.World, error)
}

// atlasAt prepares the version that held at a moment, the given one where it still
// holds.
func (p *Publisher) atlasAt(ctx context.Context, at schema.Instant, latest *atlas) (*atlas, error) {
	tables, recorded, err := p.config.Store.RegistryTables(ctx, at)
	if err != nil {
		return nil, err
	}
	if latest != nil && latest.recorded == recorded {
		return latest, nil
	}
	reg, err := registry.Build(tables, p.config.Registry)
	if err != nil {
		return nil, fmt.Errorf("registry as of %s: stored tables: %w", at, err)
	}
	meters, _, _, err := p.config.Store.Numbers(ctx)
	if err != nil {
		return nil, err
	}
	a := &atlas{
		Registry: reg, recorded: recorded, step: p.config.Step, zones: &p.zones, meters: map[string][]int32{},
		names: make(map[int32]string, len(meters)), numbers: make(map[string]int32, len(meters)),
		prepared: sync.OnceValues(func() (*indicator.World, error) { return indicator.NewWorld(reg) }),
	}
	for _, m := range meters {
		a.names[m.ID], a.numbers[m.Key] = m.Key, m.ID
	}
	for row := range reg.Meters {
		building := reg.Meters[row].Building
		a.meters[building] = append(a.meters[building], int32(row))
	}
	return a, nil
}

// facts compiles what judging knows of a meter.
func (a *atlas) facts(id string) *books.Meter {
	return books.FactsOf(a, id, a.zones.Of(a.Zone(id)))
}

// zoneOf gives the calendar of a building.
func (a *atlas) zoneOf(building string) *calendar.Zone {
	location := a.TimeZone
	if b, ok := a.Building(building); ok && b.TimeZone != "" {
		if own, err := time.LoadLocation(b.TimeZone); err == nil { // checked at import
			location = own
		}
	}
	return a.zones.Of(location)
}

// stand tells where a touched day counts: the building of the meter on that day and
// the institutions that it counts to.
func (a *atlas) stand(t store.Touch) (building string, carrier schema.Carrier, institutions []string) {
	for _, m := range a.MeterVersions(a.names[t.Meter]) {
		if !m.Contains(t.Day) || !m.Counts() {
			continue
		}
		for _, c := range a.Claims(&m) {
			if c.Contains(t.Day) {
				institutions = append(institutions, c.Institution)
			}
		}
		return m.Building, m.Carrier, institutions
	}
	return "", 0, nil
}
