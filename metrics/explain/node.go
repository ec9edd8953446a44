package explain

import (
	"math/big"

	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Op tells how a value follows from what stands below it.
type Op string

// The operations.
const (
	// Given: the value stands for itself, by a reading or a row of the registry.
	Given Op = ""
	// Sum: the children add up to the value.
	Sum Op = "sum"
	// Product: quantity x factor.
	Product Op = "product"
	// Quotient: the first child by the second.
	Quotient Op = "quotient"
	// Division: the part of the only child that a share, or the factor of a
	// formula, gives, to the micro-unit.
	Division Op = "division"
	// ReductionPct: 100 x (first child - second child) / first child.
	ReductionPct Op = "reduction"
)

// Node is a figure, and what it was made of.
type Node struct {
	// Label names the figure: a meter's id, a day, "floor area".
	Label string
	// Kind, Word and Name say the same as codes.
	Kind       Kind
	Word, Name string
	// Value is exact; nil where nothing is known.
	Value *big.Rat
	Unit  string
	Op    Op
	// How says in words what Op says.
	How string
	// From and To are the stretch that the figure speaks of; both 0 where it
	// speaks of none.
	From, To schema.Instant
	// Source is metered or declared, "" where the figure is neither.
	Source string
	// Estimated is the part of the value that was estimated; nil where that means
	// nothing.
	Estimated *big.Rat
	// Known and Expected are the time over which consumption is known, and should
	// be, in meter-milliseconds; both 0 where that means nothing.
	Known, Expected int64
	// Quantity and Factor are those of a Product, Factor the share of a Division.
	Quantity *Quantity
	Factor   *Factor
	// Subtracted tells that a Product is taken off the whole.
	Subtracted bool
	// Rules are those that made a span.
	Rules    []Rule
	Readings []Reading
	Events   []schema.Event
	// Open says where the quantity is opened further; nil where it is not.
	Open *Open
	// Notes say what the numbers do not.
	Notes    []string
	Children []*Node
}

// Open names the consumption that a quantity is, over the node's side.
type Open struct {
	Institution string
	Carrier     schema.Carrier
}

// Quantity is an exact amount with its unit.
type Quantity struct {
	Value *big.Rat
	Unit  string
}

// Factor is what a quantity was multiplied with.
type Factor struct {
	Value *big.Rat
	Unit  string // as kgce/kWh
	// Set, Version and Note are those of the factor set; empty where the factor
	// stems from the registry.
	Set, Version, Note string
	// Grid tells that it is a grid's; Region ("" the nation) and Year say which.
	Grid   bool
	Region string
	Year   int
}

// Role is what a reading has to do with a span.
type Role string

// The roles.
const (
	// Begin and End: the registers, or rates, at the ends of the span.
	Begin Role = "begin"
	End   Role = "end"
	// Covers: the delta or bill that the span is.
	Covers Role = "covers"
	// Superseded: an earlier version of one of these.
	Superseded Role = "superseded"
	// Repeated: the same once more.
	Repeated Role = "repeated"
	// SetAside: lies in the span and was not booked; its code says why.
	SetAside Role = "set_aside"
)

// Reading is a stored reading and its part in a span.
type Reading struct {
	Role Role
	Code schema.Code
	posting.Reading
}

// Rule is a stable short word for what was done to make a span.
type Rule string

// The rules.
const (
	RegisterDifference Rule = "register_difference" // later register less earlier one
	Amount             Rule = "amount"              // the reading's own amount
	BillAmount         Rule = "bill_amount"         // the bill's own amount
	MeanPower          Rule = "mean_power"          // mean of both rates x time
	HeldPower          Rule = "held_power"          // earlier rate x time
	Multiplied         Rule = "multiplier"          // shown value x multiplier
	Converted          Rule = "unit"                // into the canonical unit
	RolledOver         Rule = "rollover"            // the register passed its greatest value
	AtSwap             Rule = "swap"                // one end is a swap's register
	AtReset            Rule = "reset"               // one end is a reset
	Rescaled           Rule = "multiplier_change"   // the multiplier changed at one end
	LinearCut          Rule = "linear_cut"          // a part of a span, by its linear course
	ProfileCut         Rule = "profile_cut"         // a part of a gap, by the profile of the meter
	GapLimit           Rule = "gap_limit"           // longer than the meter's limit: estimated
	Corrected          Rule = "correction"          // a later version of a reading counts
	PassedOver         Rule = "set_aside"           // readings in between were not booked
	Trimmed            Rule = "trimmed"             // overlapped the reading before
)

// units gives a quantity as a rational in its unit.
func units(q schema.Quantity) *big.Rat { return big.NewRat(int64(q), schema.Micro) }
