package schema

// Correction is a signed amount that is put to a figure of an institution, or to
// an indicator that a region declared of itself: a recalculation of a baseline, or
// a non-routine adjustment. It never changes what was read or declared.
type Correction struct {
	Kind CorrectionKind
	// ID is the version of a baseline, of which several corrections may be part,
	// or the id of an adjustment.
	ID     string
	Date   Day // when it was decided
	Author string
	// Cause of a baseline's version: boundary, error or method.
	Cause  string
	Reason string
	Scope  Scope
	Target string // the institution or region
	Validity
	// Quantity is a carrier with its use, energy, carbon, floor_area or headcount
	// of an institution, or an indicator of a region.
	Quantity DeclaredQuantity
	Unit     string
	Amount   Decimal
	// Reversed is the day on which an adjustment was taken back, 0 where it holds.
	Reversed Day
}

// CorrectionKind tells recalculations of baselines from adjustments.
type CorrectionKind string

// The kinds.
const (
	BaselineCorrection CorrectionKind = "baseline"
	Adjustment         CorrectionKind = "adjustment"
)
