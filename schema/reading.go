package schema

// MaxMeterID is the longest meter id that is taken, in bytes.
const MaxMeterID = 128

// Reading is one reading as it came over the wire, before the registry was
// asked. It is never overwritten and never deleted.
//
// The optional fields keep their zero value where the sender left them out: the
// meter's own unit and kind, no start, register 0 ("not said"), revision 0.
type Reading struct {
	Meter string
	Time  Instant
	// Start is given only for deltas and bills, where HasStart is set.
	Start    Instant
	HasStart bool
	// Value is the amount as the register shows it, in Unit, before the
	// multiplier, in micro-units.
	Value Quantity
	// Original is the decimal text of the value where it has more than six
	// decimals, else empty.
	Original string
	Unit     Unit
	Kind     Kind
	Register uint8
	Revision int32
	// Deleted makes the reading a tombstone: with a higher revision it takes
	// back the reading of the same identity.
	Deleted bool
}

// Clocks tells how far a reading may be ahead of its reception before it counts
// as "in the future" (rule 6).
const MaxAhead = 10 * Minute
