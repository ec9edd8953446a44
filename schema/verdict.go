package schema

// Code is a stable short word for what became of a reading. The set is closed.
type Code string

// Codes of rejected readings: the reading cannot be understood, and is kept as
// it came.
const (
	Malformed        Code = "malformed"
	BadEncoding      Code = "bad_encoding"
	TooLarge         Code = "too_large"
	MissingMeter     Code = "missing_meter"
	BadMeter         Code = "bad_meter"
	MissingTime      Code = "missing_time"
	BadTime          Code = "bad_time"
	FutureTime       Code = "future_time"
	MissingValue     Code = "missing_value"
	BadValue         Code = "bad_value"
	OutOfRange       Code = "out_of_range"
	UnknownUnit      Code = "unknown_unit"
	UnknownKind      Code = "unknown_kind"
	IncompatibleUnit Code = "incompatible_unit"
	BadStart         Code = "bad_start"
	BadRevision      Code = "bad_revision"
	BadRegister      Code = "bad_register"
	Forbidden        Code = "forbidden"
	// TooOld: of a time whose readings are not kept any more; its books stand.
	TooOld Code = "too_old"
)

// Codes of readings that are understood and stored, but not (or not yet) booked.
const (
	Accepted Code = ""
	// Parked: the meter is not registered yet.
	Parked Code = "parked"
	// Superseded: another reading of the same identity won (rule 3).
	Superseded Code = "superseded"
	// Duplicate: the same identity and the same value once more.
	Duplicate Code = "duplicate"
	// Deleted: a tombstone, or a reading taken back by one.
	Deleted Code = "deleted"
	// OtherKind: not the kind that the meter books; kept for comparison.
	OtherKind Code = "other_kind"
	// OtherRegister: says it belongs to a register that is not in place.
	OtherRegister Code = "other_register"
	// OutsideValidity: the meter is not valid at that time.
	OutsideValidity Code = "outside_validity"
	// Pending: implausible, waits for what follows (rule 1).
	Pending Code = "pending"
	// Settled: waited as implausible, and is booked since what followed bore it
	// out.
	Settled Code = "settled"
	// Spike: was implausibly high, and a later reading showed it wrong.
	Spike Code = "spike"
	// Fall: the register was lower than before, and came back.
	Fall Code = "register_fall"
	// UnexplainedFall: the register began anew without an event.
	UnexplainedFall Code = "unexplained_fall"
	// UnexplainedRise: the register jumped higher than can have passed, and went
	// on from there.
	UnexplainedRise Code = "unexplained_rise"
	// Overlap: covers time that another reading covers already.
	Overlap Code = "overlap"
	// Negative: an amount below zero.
	Negative Code = "negative"
)
