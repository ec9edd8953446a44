package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
)

// Imported tells what an import changed.
type Imported struct {
	// Tables are the files that changed.
	Tables []string `json:"tables"`
	// Meters counts the meters registered now, Added those that are new, Rebooked
	// those whose books were computed anew.
	Meters   int `json:"meters"`
	Added    int `json:"added"`
	Rebooked int `json:"rebooked"`
	// Unparked counts the readings that had waited for their meter.
	Unparked int `json:"unparked"`
	// Recorded is when the new version holds from in the books, left out where
	// nothing changed.
	Recorded schema.Instant `json:"recorded,omitzero"`
}

// Import makes the given tables part of the registry: all of them or, where one
// row is bad, none (*registry.Errors). Tables that are not given stay as they
// are. With dryRun everything is checked and nothing changes.
func (p *Pipeline) Import(ctx context.Context, tables registry.Tables, dryRun bool) (done Imported, err error) {
	if _, err := p.World(ctx); err != nil {
		return done, err
	}
	err = p.ask(ctx, func(ctx context.Context) error {
		done, err = p.importTables(ctx, tables, dryRun)
		return err
	})
	return done, err
}

func (p *Pipeline) importTables(ctx context.Context, tables registry.Tables, dryRun bool) (done Imported, err error) {
	stored, _, err := p.sink.RegistryTables(ctx, 0)
	if err != nil {
		return done, err
	}
	all, changed := registry.Tables{}, map[string][]byte{}
	for name, content := range stored {
		all[name] = content
	}
	for name, content := range tables {
		if old, ok := all[name]; !ok || !bytes.Equal(old, content) {
			changed[name] = content
			done.Tables = append(done.Tables, name)
		}
		all[name] = content
	}
	slices.Sort(done.Tables)
	reg, err := registry.Build(all, p.config.Registry)
	if err != nil {
		return done, blame(err, tables)
	}
	diff := registry.Diff(p.world.Registry, reg)
	done.Meters, done.Added = len(reg.Meters), len(diff.Added)
	if dryRun || len(changed) == 0 {
		return done, nil
	}
	before := len(p.builder.names)
	world, change := p.builder.build(reg)
	change.Tables = changed
	change.Moved = len(diff.Moved)+len(diff.Removed) > 0
	for _, name := range diff.Added { // a meter that comes back has a ledger already
		if id, _ := world.Number(name); int(id) < before {
			change.Moved = true
		}
	}
	b := &posting.Batch{Registry: change}
	if err := p.unparkAll(ctx, world, b, diff.Added); err != nil {
		return done, err
	}
	for _, name := range slices.Concat(diff.Judged, diff.Added) {
		if id, ok := world.Number(name); ok {
			b.Recompute = append(b.Recompute, id)
		}
	}
	slices.Sort(b.Recompute)
	b.Recompute = slices.Compact(b.Recompute)
	done.Unparked = len(b.Readings)
	if err := p.sink.Post(ctx, b); err != nil {
		return done, fmt.Errorf("store registry: %w", err)
	}
	done.Recorded = b.Recorded
	p.adopt(world, b)
	done.Rebooked, err = p.recompute(ctx, b.Recompute, schema.Open, false)
	return done, err
}

// blame tells of problems that stand in tables which the import did not bring:
// what it brought left them without something that they name.
func blame(err error, brought registry.Tables) error {
	var bad *registry.Errors
	if !errors.As(err, &bad) {
		return err
	}
	for i := range bad.Problems {
		if p := &bad.Problems[i]; brought[p.File] == nil {
			p.Reason += " (a table that is kept: bring it, too)"
		}
	}
	return err
}

// adopt makes a stored world the present one.
func (p *Pipeline) adopt(world *World, b *posting.Batch) {
	p.world = world
	p.heads.grow(len(world.facts))
	for i := range b.Readings {
		r := &b.Readings[i]
		h := &p.heads.list[r.Meter]
		h.first, h.seen = min(h.first, r.Time), max(h.seen, r.Time)
	}
	p.current.Store(world)
}

// unparkAll takes the parked readings of newly registered meters into a batch.
func (p *Pipeline) unparkAll(ctx context.Context, world *World, b *posting.Batch, added []string) error {
	counts, err := p.sink.ParkedMeters(ctx)
	if err != nil {
		return err
	}
	for _, name := range added {
		if counts[name] == 0 {
			continue
		}
		rows, err := p.sink.Parked(ctx, name)
		if err != nil {
			return err
		}
		id, _ := world.Number(name)
		for i := range rows {
			reading := posting.Reading{Meter: id}
			if code, detail := world.resolve(&reading, &rows[i].Reading, rows[i].Received); code != schema.Accepted {
				b.Rejected = append(b.Rejected, rejectParked(&rows[i], code, detail))
				continue
			}
			b.Readings = append(b.Readings, reading)
		}
		b.Registry.Unparked = append(b.Registry.Unparked, name)
	}
	return nil
}

// rejectParked rejects a reading that had been parked, in the canonical JSON.
func rejectParked(r *posting.Parked, code schema.Code, detail string) posting.Rejected {
	return posting.Rejected{Received: r.Received, Source: "parked", Code: code, Detail: detail, Original: codec.AppendJSON(nil, &r.Reading)}
}
