package indicator

import (
	"context"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// Usage is what one institution used of one carrier for one use over a period,
// as its books know it.
type Usage struct {
	// Institution is the index in Registry.InstitutionIDs.
	Institution int32
	Carrier     schema.Carrier
	Use         schema.Use
	// Quantity and the part of it that is Estimated are in the carrier's
	// canonical unit.
	Quantity, Estimated schema.Quantity
	// Known is the time over which consumption is known, in meter-milliseconds.
	Known int64
}

// UsageQuery asks for the local days [From, To).
type UsageQuery struct {
	Registry *registry.Registry
	From, To schema.Day
	// Institutions limits the answer to these indices; nil means all.
	Institutions []int32
	// KnownAt asks as of a moment; 0 means now.
	KnownAt schema.Instant
}

// Source gives usage from the books, of the meters that [Counts] lets in. Each
// institution, carrier and use stands once in the answer, sorted by institution;
// the slice must not be written to.
type Source interface {
	Usage(ctx context.Context, q UsageQuery) ([]Usage, error)
}
