package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"jouleline/api/admin"
	"jouleline/api/problem"
	"jouleline/ingest/feed"
	"jouleline/ingest/gateway"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// storedReadings gives what the books hold of meters.
type storedReadings interface {
	Points(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error)
}

// files lets the API take bills and forms.
type files struct {
	gateway *gateway.Gateway
	books   *supervisor
	store   storedReadings // of this instance, or of all
	// audit keeps what was done, and by whom.
	audit func(ctx context.Context, action, detail string)
}

func (f files) Bills(ctx context.Context, file admin.BillFile) (admin.FileSummary, error) {
	world, err := f.books.world(ctx)
	if err != nil {
		return admin.FileSummary{}, err
	}
	bills, err := f.gateway.Bills(ctx, supplies{world.Registry, world.Number, f.store}, gateway.BillFile(file))
	switch {
	case errors.As(err, new(*feed.FileError)):
		return admin.FileSummary{}, fmt.Errorf("%w: %w", problem.ErrFile, err)
	case errors.Is(err, gateway.ErrNotStored):
		return admin.FileSummary{}, fmt.Errorf("%w: %w", problem.ErrUnavailable, err)
	case err != nil:
		return admin.FileSummary{}, err
	}
	if !file.DryRun {
		f.audit(ctx, "import bills", fmt.Sprintf("%d accepted, %d corrected", bills.Accepted, bills.Corrected))
	}
	return summaryOf(&bills.Summary), nil
}

func (f files) NY301(file admin.FormFile) (admin.Form, error) {
	form, err := feed.ReadNY301(bytes.NewReader(file.Content), feed.FormConfig{
		Scope: file.Scope, ID: file.ID, Year: file.Year, Edition: file.Edition,
	})
	if errors.As(err, new(*feed.FileError)) {
		return admin.Form{}, fmt.Errorf("%w: %w", problem.ErrFile, err)
	}
	if err != nil {
		return admin.Form{}, err
	}
	return admin.Form{Year: form.Year, Edition: form.Edition, Declared: form.Declared, FileSummary: summaryOf(&form.Summary)}, nil
}

func summaryOf(s *feed.Summary) admin.FileSummary {
	problems := func(list []feed.Problem) []admin.FileProblem {
		all := make([]admin.FileProblem, len(list))
		for i, p := range list {
			all[i] = admin.FileProblem(p)
		}
		return all
	}
	return admin.FileSummary{
		Accepted: s.Accepted, Duplicate: s.Duplicate, Corrected: s.Corrected, Superseded: s.Superseded, Ignored: s.Ignored,
		Rejected: problems(s.Rejected), Gaps: problems(s.Gaps),
	}
}

// supplies is what the registry and the books know of meters that bills name.
type supplies struct {
	registry *registry.Registry
	number   func(meter string) (int32, bool)
	store    storedReadings
}

func (s supplies) Zone() *time.Location { return s.registry.TimeZone }

func (s supplies) Billed(meter string) (schema.Carrier, *time.Location, error) {
	versions := s.registry.MeterVersions(meter)
	if versions == nil {
		return schema.CarrierNone, nil, fmt.Errorf("no meter is registered as %q", meter)
	}
	if !slices.ContainsFunc(versions, func(m schema.Meter) bool { return m.Kind == schema.Bill }) {
		return schema.CarrierNone, nil, fmt.Errorf("meter %q is of kind %s and books no bills: register its bills as a meter of kind bill that reconciles it",
			meter, versions[len(versions)-1].Kind)
	}
	return versions[0].Carrier, s.registry.Zone(meter), nil
}

func (s supplies) Booked(ctx context.Context, meters []string, from, to schema.Instant) (booked []schema.Reading, err error) {
	names := map[int32]string{}
	var stretches []posting.Stretch
	for _, meter := range meters {
		if n, ok := s.number(meter); ok {
			names[n] = meter
			stretches = append(stretches, posting.Stretch{Meter: n, From: from, To: to})
		}
	}
	readings, err := s.store.Points(ctx, stretches, 0)
	if err != nil {
		return nil, err
	}
	for i := range readings {
		r := &readings[i]
		last := i+1 == len(readings) || readings[i+1].Meter != r.Meter || !books.SameIdentity(&r.Point, &readings[i+1].Point)
		if !last || r.Kind != schema.Bill {
			continue
		}
		booked = append(booked, schema.Reading{
			Meter: names[r.Meter], Time: r.Time, Start: r.Start, HasStart: true, Value: r.Value, Original: r.Original,
			Unit: r.Unit, Kind: r.Kind, Revision: r.Revision, Deleted: r.Deleted,
		})
	}
	return booked, nil
}
