package schema

// Hold tells how a power reading holds until the next one (rule 4).
type Hold uint8

const (
	// HoldMean takes the mean of both ends.
	HoldMean Hold = iota
	// HoldPrevious takes the earlier value until the later reading.
	HoldPrevious
)

// Meter is one dated version of a measuring point of one carrier.
type Meter struct {
	ID       string
	Building string
	Carrier  Carrier
	Use      Use
	Kind     Kind
	Unit     Unit
	// Multiplier is the first one; meter events change it later.
	Multiplier Ratio
	// RegisterMax is the greatest value that the register shows, in Unit, and
	// RegisterStep its least digit; 0 where not given.
	RegisterMax, RegisterStep Quantity
	// MaxRate is the meter's rating in Unit per hour (for a rate unit: in
	// Unit), after the multiplier; 0 where not given.
	MaxRate Quantity
	// Interval is the expected distance of readings, GapLimit the longest span
	// that counts as measured, in milliseconds.
	Interval, GapLimit int64
	Gateway            string
	Hold               Hold
	Parent             string
	// Formula makes the meter a virtual one, whose consumption is computed from
	// other meters; see [ParseFormula].
	Formula string
	// Gathers tells that the formula is the parent of every meter that it adds,
	// so that it counts in their place.
	Gathers    bool
	Reconciles string
	Validity
}

// Modulus is the count after which the register starts again at zero: its
// greatest value plus one step of its least digit. 0 where not known.
func (m *Meter) Modulus() Quantity {
	if m.RegisterMax == 0 {
		return 0
	}
	return m.RegisterMax + m.RegisterStep
}

// Counts tells whether the meter's consumption is part of its institution's
// totals. Sub-meters and meters that reconcile another one are not: what they
// show is in other meters' totals already. A formula is, where the meters that it
// adds are its sub-meters.
func (m *Meter) Counts() bool {
	return m.Parent == "" && m.Reconciles == "" && (m.Formula == "" || m.Gathers)
}

// LearnedRate is the most that can pass a meter in an hour, as it was learned
// from a stretch of its readings: a dated fact, which holds where the meter has no
// rating of its own.
type LearnedRate struct {
	Meter string
	// From is the local day from which the rate holds, until the next one.
	From Day
	// MaxRate is in the meter's unit per hour, after the multiplier.
	MaxRate Quantity
	// Learned is the stretch of readings that it was learned from; Version names
	// the way of learning.
	Learned                 Validity
	Version, Author, Reason string
}

// Share gives a part of one meter to a target (a building or an institution).
type Share struct {
	Meter, Target string
	Share         Ratio
	From          Day
}

// EventKind is what happened to a meter.
type EventKind uint8

// The kinds of meter events.
const (
	EventNone EventKind = iota
	// Swap: the register was replaced.
	Swap
	// Reset: the register was set back.
	Reset
	// Rollover: the register passed its greatest value.
	Rollover
	// MultiplierChange: from then on another multiplier holds.
	MultiplierChange
)

var eventKinds = [...]string{"", "swap", "reset", "rollover", "multiplier"}

// ParseEventKind reads swap, reset, rollover or multiplier.
func ParseEventKind(text string) (EventKind, bool) {
	for k := Swap; k <= MultiplierChange; k++ {
		if eventKinds[k] == text {
			return k, true
		}
	}
	return EventNone, false
}

// String gives the event's word.
func (k EventKind) String() string { return eventKinds[k] }

// MarshalText gives the event's word.
func (k EventKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Event is something that happened to a meter and explains its register.
type Event struct {
	Meter string
	Time  Instant
	Kind  EventKind
	// Final is what the register showed before, Initial what it shows after,
	// both as shown, in the meter's unit.
	Final, Initial       Quantity
	HasFinal, HasInitial bool
	// Multiplier holds from the event on; the zero value keeps the old one.
	Multiplier Ratio
	Note       string
}

// Declared is an annual figure from the statistical forms.
type Declared struct {
	Scope    Scope
	ID       string
	Year     int
	Quantity DeclaredQuantity
	Unit     string
	Value    Decimal
	Source   string
}

// Scope is what a declared figure speaks of.
type Scope string

// The scopes of declared figures.
const (
	ScopeRegion      Scope = "region"
	ScopeInstitution Scope = "institution"
)

// DeclaredQuantity names what was declared: a carrier with its use, or one of
// the names energy, carbon, floor_area, headcount and the indicators.
type DeclaredQuantity struct {
	Carrier Carrier
	Use     Use
	Name    string // set where Carrier is CarrierNone
}

// Temperature is one outdoor temperature of a weather station.
type Temperature struct {
	Station string
	Time    Instant
	Celsius float64
}
