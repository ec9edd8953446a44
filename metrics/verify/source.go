package verify

import (
	"context"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Source gives what is stored. Its methods are those of the store.
type Source interface {
	// RegistryTables gives the stored tables that hold now (0), and when the
	// youngest was recorded.
	RegistryTables(ctx context.Context, knownAt schema.Instant) (tables map[string][]byte, recorded schema.Instant, err error)
	// Numbers gives the numbers of all meters and accounts, and how many readings
	// are stored.
	Numbers(ctx context.Context) (meters []posting.Meter, accounts []posting.Account, readings int64, err error)
	// Evidence gives all that is stored of meters, in one snapshot.
	Evidence(ctx context.Context, meters []int32) (Evidence, error)
	// Sums compares the roll-ups with the sums of the ledger over the months, as
	// the attribution says, in one snapshot. whole tells that the attribution is
	// all there is: then roll-ups of other accounts are compared with nothing.
	Sums(ctx context.Context, attribution []posting.Attribution, whole bool) (Sums, error)
}

// Evidence is all that is stored of some meters.
type Evidence struct {
	// Readings are all versions, sorted by meter and then as books.Sort sorts.
	Readings []posting.Reading
	// Booked is sorted by meter; Codes too.
	Booked []posting.Entry
	Codes  []posting.Code
	// Waiting are the meters, among all, whose books wait for being computed anew.
	Waiting []int32
	// Retired are the meters, among all, whose older readings were let go, sorted.
	Retired []posting.Retired
	// World is when the youngest registry table of the snapshot was recorded.
	World schema.Instant
}

// Sums is what comparing roll-ups gave.
type Sums struct {
	// Compared counts the accounts' months.
	Compared int
	Differ   []Sum
	World    schema.Instant // as of Evidence
}

// Sum is a month of an account whose roll-up is not the sum of its ledger.
type Sum struct {
	Account                   int32
	Month                     schema.Month
	Quantity, Estimated       schema.Quantity // of the ledger
	Known                     int64
	HasQuantity, HasEstimated schema.Quantity // of the roll-up
	HasKnown                  int64
}

// world is the registry as it is stored.
type world struct {
	*registry.Registry
	recorded schema.Instant
}

// readWorld builds the registry that holds now.
func readWorld(ctx context.Context, source Source, options registry.Options) (world, error) {
	tables, recorded, err := source.RegistryTables(ctx, 0)
	if err != nil {
		return world{}, err
	}
	reg, err := registry.Build(tables, options)
	return world{reg, recorded}, err
}
