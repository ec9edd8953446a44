package verify

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Options choose what is verified.
type Options struct {
	// Sample is the number of meters that are drawn; 0 means all.
	Sample int
	// Seed draws them.
	Seed uint64
	// Registry are the options that the registry is built with.
	Registry registry.Options
	// List bounds the differences that are listed.
	List int
	// Owns tells whose meters' books are kept in the source; nil means all. Meters
	// of other instances are drawn, and passed over.
	Owns func(meter string) bool
}

// Report is what verifying found.
type Report struct {
	// Meters were compared, of Registered ones; Waiting ones were not, since their
	// books are to be computed anew.
	Meters, Registered, Waiting int
	// Readings were judged; Checked days, causes and verdicts compared, and Months
	// of accounts.
	Readings, Checked, Months int
	// Differences are listed up to a limit; More counts the others.
	Differences []Difference
	More        int
}

// readingsAtOnce bounds the readings that are in memory at once, at about 120
// bytes each: a quarter of a gigabyte.
const readingsAtOnce = 2_000_000

// chunkMost bounds the meters of one snapshot, since an open reader lets the
// store's log grow.
const chunkMost = 2048

// attempts bounds how often a snapshot is taken again because the registry
// changed under it.
const attempts = 5

// Run verifies a sample of meters, or all, and the roll-ups of the accounts that
// they count to. The error is the source's, or tells that the registry kept
// changing; differences are no error.
func Run(ctx context.Context, source Source, o Options) (*Report, error) {
	v := &verifier{source: source, options: o, report: &Report{}}
	var err error
	if v.world, err = readWorld(ctx, source, o.Registry); err != nil {
		return nil, fmt.Errorf("verify: registry: %w", err)
	}
	meters, accounts, readings, err := source.Numbers(ctx)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	v.name(meters, accounts)
	chosen := v.draw(meters)
	chunk := chunkMost
	if len(meters) > 0 && readings > 0 {
		chunk = int(min(chunkMost, max(1, readingsAtOnce*int64(len(meters))/readings)))
	}
	for _, some := range slices.Collect(slices.Chunk(chosen, chunk)) {
		if err := v.meters(ctx, some); err != nil {
			return nil, fmt.Errorf("verify %d meters: %w", len(some), err)
		}
	}
	if err := v.sums(ctx, chosen); err != nil {
		return nil, fmt.Errorf("verify roll-ups: %w", err)
	}
	return v.report, nil
}

type verifier struct {
	source   Source
	options  Options
	report   *Report
	world    world
	whole    bool // all registered meters are drawn
	zones    calendar.Zones
	names    map[int32]string
	numbers  map[string]int32
	accounts map[posting.Account]int32 // without ID
	account  map[int32]posting.Account
}

func (v *verifier) name(meters []posting.Meter, accounts []posting.Account) {
	v.names, v.numbers = map[int32]string{}, map[string]int32{}
	for _, m := range meters {
		v.names[m.ID], v.numbers[m.Key] = m.Key, m.ID
	}
	v.accounts, v.account = map[posting.Account]int32{}, map[int32]posting.Account{}
	for _, a := range accounts {
		v.account[a.ID] = a
		key := a
		key.ID = 0
		v.accounts[key] = a.ID
	}
}

// draw chooses the registered meters to verify, in the order of their numbers.
func (v *verifier) draw(meters []posting.Meter) []int32 {
	var all []int32
	for _, m := range meters {
		if v.world.MeterVersions(m.Key) != nil {
			all = append(all, m.ID)
		}
	}
	v.report.Registered = len(all)
	slices.Sort(all)
	if v.options.Sample > 0 && v.options.Sample < len(all) {
		random := rand.New(rand.NewPCG(v.options.Seed, 0))
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:v.options.Sample]
		slices.Sort(all)
	}
	v.whole = len(all) == v.report.Registered
	if owns := v.options.Owns; owns != nil {
		all = slices.DeleteFunc(all, func(id int32) bool { return !owns(v.names[id]) })
	}
	return all
}

// meters verifies some meters in one snapshot, and once more where the registry
// changed meanwhile.
func (v *verifier) meters(ctx context.Context, chosen []int32) error {
	for range attempts {
		e, err := v.source.Evidence(ctx, chosen)
		if err != nil {
			return err
		}
		if e.World != v.world.recorded {
			if v.world, err = readWorld(ctx, v.source, v.options.Registry); err != nil {
				return err
			}
			continue
		}
		for _, id := range chosen {
			v.meter(id, &e)
		}
		return nil
	}
	return fmt.Errorf("the registry changed %d times under the comparison", attempts)
}

func (v *verifier) meter(id int32, e *Evidence) {
	name := v.names[id]
	versions := v.world.MeterVersions(name)
	if versions == nil {
		return // it left the registry meanwhile: its books stand
	}
	if slices.Contains(e.Waiting, id) {
		v.report.Waiting++
		return
	}
	facts := books.FactsOf(v.world, name, v.zones.Of(v.world.Zone(name)))
	readings := posting.RowsOf(e.Readings, id)
	differences, checked := Meter(facts, readings, posting.RowsOf(e.Booked, id), posting.RowsOf(e.Codes, id), until(posting.RowsOf(e.Retired, id)))
	v.report.Meters++
	v.report.Readings += len(readings)
	v.report.Checked += checked
	for _, d := range differences {
		d.Meter, d.Carrier, d.Use = name, versions[0].Carrier, versions[0].Use
		v.note(d)
	}
}

// until gives the moment up to which a meter's books stand for good, 0 where its
// readings are all there.
func until(retired []posting.Retired) schema.Instant {
	if len(retired) == 0 {
		return 0
	}
	return retired[0].Until
}

func (v *verifier) note(d Difference) {
	if len(v.report.Differences) < v.options.List {
		v.report.Differences = append(v.report.Differences, d)
		return
	}
	v.report.More++
}

// sums verifies the roll-ups of the accounts of the chosen meters, or all.
func (v *verifier) sums(ctx context.Context, chosen []int32) error {
	for range attempts {
		s, err := v.source.Sums(ctx, v.attribution(chosen, v.whole), v.whole)
		if err != nil {
			return err
		}
		if s.World != v.world.recorded {
			if v.world, err = readWorld(ctx, v.source, v.options.Registry); err != nil {
				return err
			}
			continue
		}
		v.report.Months = s.Compared
		for i := range s.Differ {
			d := &s.Differ[i]
			a := v.account[d.Account]
			v.note(Difference{
				Kind: Rollup, Institution: a.Institution, Carrier: a.Carrier, Use: a.Use,
				Where:  fmt.Sprintf("%04d-%02d", d.Month.Year(), int(d.Month)%12+1),
				Stored: amounts(d.HasQuantity, d.HasEstimated, d.HasKnown), Computed: amounts(d.Quantity, d.Estimated, d.Known),
				Excess: d.HasQuantity - d.Quantity,
			})
		}
		return nil
	}
	return fmt.Errorf("the registry changed %d times under the comparison", attempts)
}

// attribution tells by the registry which accounts meters count to: of all, or of
// every meter that shares an account with a chosen one.
func (v *verifier) attribution(chosen []int32, whole bool) []posting.Attribution {
	all := posting.Attribute(v.world.Registry,
		func(meter string) (int32, bool) { id, ok := v.numbers[meter]; return id, ok },
		func(institution string, carrier schema.Carrier, use schema.Use) int32 {
			if id, ok := v.accounts[posting.Account{Institution: institution, Carrier: carrier, Use: use}]; ok {
				return id
			}
			return posting.NoAccount
		})
	if whole {
		return all
	}
	asked := map[int32]bool{}
	for _, a := range all {
		if _, ok := slices.BinarySearch(chosen, a.Meter); ok {
			asked[a.Account] = true
		}
	}
	return slices.DeleteFunc(all, func(a posting.Attribution) bool { return !asked[a.Account] })
}
