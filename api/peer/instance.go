package peer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"jouleline/metrics/consumption"
	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Books are what one instance stores. Its methods are those of the store.
type Books interface {
	consumption.Source
	indicator.Source
	BookedSince(ctx context.Context, since schema.Instant, days schema.Validity) ([]frozen.Booked, error)
	Latest(ctx context.Context, meters []int32) ([]posting.Known, error)
	ReceivedSince(ctx context.Context, since schema.Instant, meters []int32) ([]frozen.Received, error)
	RejectedCounts(ctx context.Context) (map[schema.Code]int64, error)
	ParkedMeters(ctx context.Context) (map[string]int64, error)
	RegistryTables(ctx context.Context, knownAt schema.Instant) (tables map[string][]byte, recorded schema.Instant, err error)
	// Seal sees to it that everything that is recorded from now on is recorded
	// after a moment, and gives the recorded-at up to which all is fixed now.
	Seal(at schema.Instant) (schema.Instant, error)
	AddReport(ctx context.Context, r frozen.Report) (id int64, err error)
	Report(ctx context.Context, id int64) (r frozen.Report, ok bool, err error)
	Reports(ctx context.Context, before int64, limit int) ([]frozen.Report, error)
	// ReportsAfter gives whole reports with a greater id, in order; CopyReports
	// stores reports of another instance under the ids that they have.
	ReportsAfter(ctx context.Context, after int64, limit int) ([]frozen.Report, error)
	CopyReports(ctx context.Context, reports []frozen.Report) error
}

// World is one instance's registry and how its books number the meters.
type World interface {
	Registry(ctx context.Context) (*registry.Registry, error)
	RegistryAt(ctx context.Context, knownAt schema.Instant) (*registry.Registry, error)
	Number(meter string) (number int32, ok bool)
	Name(number int32) (meter string, ok bool)
}

// Work is what one instance does on its own books.
type Work interface {
	Rejected(ctx context.Context, after int64, limit int) ([]Reject, error)
	Verify(ctx context.Context, o verify.Options) (*verify.Report, error)
	Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (changed int, err error)
	Import(ctx context.Context, tables registry.Tables, dryRun bool) (Imported, error)
}

// Instance is this instance, as others see it. It is safe for concurrent use.
type Instance struct {
	Books Books
	World World
	Work  Work
	// Log is the topic that is read, Owned the partitions whose books are kept
	// here, sorted.
	Log   posting.Log
	Owned []int
	// PartitionOf gives the partition that holds a meter's books.
	PartitionOf func(meter string, partitions int) int

	prints fingerprints
}

// errRegistry tells that a question rests on another registry than ours.
var errRegistry = errors.New("its registry is another one than here: import the registry once more")

// head tells who this is.
func (i *Instance) head(ctx context.Context) (head, error) {
	h := head{cluster: i.Log.Cluster, topic: i.Log.Topic, partitions: i.Log.Partitions, owned: i.Owned}
	reg, err := i.World.Registry(ctx)
	if err != nil {
		return h, err
	}
	h.registry = i.prints.of(reg)
	return h, nil
}

// answer answers from this instance's own books.
func (i *Instance) answer(ctx context.Context, k kind, q *question) (*answer, error) {
	a := &answer{}
	var err error
	if a.head, err = i.head(ctx); err != nil {
		return nil, err
	}
	switch k {
	case hello:
	case points, codes, ledger, receivedSince, latest:
		err = i.ofMeters(ctx, k, q, a)
	case usages:
		err = i.usage(ctx, q, a)
	case bookedSince:
		err = i.bookedSince(ctx, q, a)
	case rejected:
		a.rejects, err = i.Work.Rejected(ctx, q.after, q.limit)
	case rejectedCounts:
		var counts map[schema.Code]int64
		counts, err = i.Books.RejectedCounts(ctx)
		for _, code := range slices.Sorted(maps.Keys(counts)) {
			a.counts = append(a.counts, counted{string(code), counts[code]})
		}
	case parked:
		var counts map[string]int64
		counts, err = i.Books.ParkedMeters(ctx)
		for _, meter := range slices.Sorted(maps.Keys(counts)) {
			a.counts = append(a.counts, counted{meter, counts[meter]})
		}
	case seal:
		a.moment, err = i.Books.Seal(q.moment)
	case reportsAfter:
		a.reports, err = i.Books.ReportsAfter(ctx, q.after, q.limit)
	case addReport:
		a.number, err = i.Books.AddReport(ctx, q.report)
	default:
		err = i.work(ctx, k, q, a)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// ofMeters answers about the meters that the question names.
func (i *Instance) ofMeters(ctx context.Context, k kind, q *question, a *answer) error {
	numbers := make([]int32, len(q.meters))
	at := make(map[int32]int32, len(q.meters))
	for j, meter := range q.meters {
		number, ok := i.World.Number(meter)
		if !ok {
			return fmt.Errorf("meter %q: %w", meter, errRegistry)
		}
		numbers[j], at[number] = number, int32(j)
	}
	var err error
	switch k {
	case points:
		stretches := slices.Clone(q.stretches)
		for j := range stretches {
			if m := stretches[j].Meter; m < 0 || int(m) >= len(numbers) {
				return fmt.Errorf("stretch of meter %d of %d: %w", m, len(numbers), errShort)
			}
			stretches[j].Meter = numbers[stretches[j].Meter]
		}
		a.readings, err = i.Books.Points(ctx, stretches, q.moment)
		for j := range a.readings {
			a.readings[j].Meter = at[a.readings[j].Meter]
		}
	case codes:
		a.codes, err = i.Books.Codes(ctx, numbers, q.from, q.to)
		for j := range a.codes {
			a.codes[j].Meter = at[a.codes[j].Meter]
		}
	case ledger:
		a.entries, err = i.Books.Booked(ctx, numbers, q.days, q.moment)
		for j := range a.entries {
			a.entries[j].Meter = at[a.entries[j].Meter]
		}
	case latest:
		a.known, err = i.Books.Latest(ctx, numbers)
		for j := range a.known {
			a.known[j].Meter = at[a.known[j].Meter]
		}
	case receivedSince:
		a.received, err = i.Books.ReceivedSince(ctx, q.moment, numbers)
		for j := range a.received {
			a.received[j].Meter = at[a.received[j].Meter]
		}
	}
	return err
}

// usage sums this instance's part, by the registry that the question rests on.
func (i *Instance) usage(ctx context.Context, q *question, a *answer) error {
	reg, err := i.World.Registry(ctx)
	if err == nil && q.moment != 0 && i.prints.of(reg) != q.registry {
		reg, err = i.World.RegistryAt(ctx, q.moment)
	}
	if err != nil {
		return err
	}
	if i.prints.of(reg) != q.registry {
		return errRegistry
	}
	ask := indicator.UsageQuery{Registry: reg, From: q.days.From, To: q.days.To, Institutions: q.institutions, KnownAt: q.moment}
	if q.whole {
		ask.Institutions = nil
	} else if ask.Institutions == nil {
		ask.Institutions = []int32{}
	}
	a.usage, err = i.Books.Usage(ctx, ask)
	return err
}

func (i *Instance) bookedSince(ctx context.Context, q *question, a *answer) (err error) {
	if a.booked, err = i.Books.BookedSince(ctx, q.moment, q.days); err != nil {
		return err
	}
	for j := range a.booked {
		name, ok := i.World.Name(a.booked[j].Meter)
		if !ok {
			return fmt.Errorf("meter of number %d has no name", a.booked[j].Meter)
		}
		a.booked[j].Meter = int32(len(a.names))
		a.names = append(a.names, name)
	}
	return nil
}

// work answers questions that change something or go through all books.
func (i *Instance) work(ctx context.Context, k kind, q *question, a *answer) error {
	switch k {
	case verifying:
		r, err := i.Work.Verify(ctx, verify.Options{Sample: q.sample, Seed: uint64(q.seed), List: q.limit, Owns: i.owns})
		if err == nil {
			a.verified = *r
		}
		return err
	case recompute:
		meters := q.meters
		if q.whole {
			meters = nil
		} else if len(meters) == 0 {
			return nil
		}
		changed, err := i.Work.Recompute(ctx, meters, q.days, q.dryRun)
		a.number = int64(changed)
		return err
	case importing:
		tables := registry.Tables{}
		for _, f := range q.tables {
			tables[f.name] = f.content
		}
		var err error
		a.imported, err = i.Work.Import(ctx, tables, q.dryRun)
		return err
	}
	return fmt.Errorf("question %q: %w", k, errUnknownKind)
}

// errUnknownKind tells that a question asks for something that is not given.
var errUnknownKind = errors.New("not known here")

// owns tells whether the books of a meter are kept here.
func (i *Instance) owns(meter string) bool {
	return slices.Contains(i.Owned, i.PartitionOf(meter, i.Log.Partitions))
}
