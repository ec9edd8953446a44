package schema

// VEEVersion is the version of the list of rules of validation, estimation and
// editing. It changes whenever a rule, its order or a number in it does.
const VEEVersion = "2"

// RuleCode is the stable short word of a rule. The set is closed.
type RuleCode string

// The rules, in the order in which they are applied.
const (
	RuleDST          RuleCode = "dst"
	RuleOutOfOrder   RuleCode = "out_of_order"
	RuleDuplicate    RuleCode = "duplicate"
	RuleCorrection   RuleCode = "correction"
	RuleNegative     RuleCode = "negative"
	RuleOverlap      RuleCode = "overlap"
	RuleSpike        RuleCode = "spike"
	RuleRegisterFall RuleCode = "register_fall"
	RuleGap          RuleCode = "gap"
	RuleStuck        RuleCode = "stuck"
	RuleZeroRun      RuleCode = "zero_run"
	RuleIntervalSum  RuleCode = "interval_sum"
)

// Effect is what a rule does to the judged series. No rule changes a reading.
type Effect string

// The effects.
const (
	// EffectOrders: settles which reading counts, and when.
	EffectOrders Effect = "orders"
	// EffectSetsAside: a reading waits or does not count; its code says why.
	EffectSetsAside Effect = "sets_aside"
	// EffectEstimates: an amount counts and is called estimated.
	EffectEstimates Effect = "estimates"
	// EffectFlags: shown to people; what is booked stays as it is.
	EffectFlags Effect = "flags"
)

// VEERule is one rule of the list.
type VEERule struct {
	Code   RuleCode
	Effect Effect
	// Verdicts are the codes that the rule gives to readings; none where it gives
	// none.
	Verdicts []Code
	// Text says what the rule looks for and what follows.
	Text string
	// Carriers says what differs for some carriers, by carrier; those that are not
	// named follow Text.
	Carriers []CarrierRule
}

// CarrierRule is how a rule holds for one carrier.
type CarrierRule struct {
	Carrier Carrier
	// Least is the shortest run that is flagged, in milliseconds; 0 where the
	// carrier is not looked at.
	Least int64
	Text  string
}

// StuckRun is the least number of equal amounts or rates in a row that are
// flagged as stuck (California VEE practice: three).
const StuckRun = 3

const day = 24 * Hour

// VEERules lists the rules in the order in which they are applied. The result is
// a new slice.
func VEERules() []VEERule {
	return []VEERule{
		{
			Code: RuleDST, Effect: EffectOrders,
			Text: "Every time carries its offset and is kept as an instant, so an hour that a clock repeats or skips is no gap and no overlap. A local day has 23, 24 or 25 hours and is cut there.",
		},
		{
			Code: RuleOutOfOrder, Effect: EffectOrders,
			Text: "Readings are judged in the order of their time, whatever the order in which they came: a late one is judged between its neighbours, and what follows from them is booked out and in.",
		},
		{
			Code: RuleDuplicate, Effect: EffectOrders, Verdicts: []Code{Duplicate},
			Text: "The same meter, time, kind, register and, for amounts, start with the same value counts once.",
		},
		{
			Code: RuleCorrection, Effect: EffectOrders, Verdicts: []Code{Superseded, Deleted},
			Text: "The same identity with another value: the higher revision counts, then the later reception, then the greater value. A tombstone takes a reading back.",
		},
		{
			Code: RuleNegative, Effect: EffectSetsAside, Verdicts: []Code{Negative},
			Text: "An amount or a rate below zero is not booked; a register below zero has fallen (register_fall).",
		},
		{
			Code: RuleOverlap, Effect: EffectSetsAside, Verdicts: []Code{Overlap},
			Text: "An amount over time that another one covers already: up to the greater of 2 s and 1 % of the interval is trimmed, more is not booked. Bills are exact to the day: nothing is trimmed.",
		},
		{
			Code: RuleSpike, Effect: EffectSetsAside, Verdicts: []Code{Pending, Spike, Settled, UnexplainedRise},
			Text: "More than can have passed by the meter's rating (max_rate, or a learned rate from its date), or more than the register can show. A register waits as pending until what follows bears it out (settled, or unexplained_rise where what lies between stays unknown) or shows it wrong (spike). A head that the following readings contradict is taken back. Without a rating only the register's own range and what follows tell.",
		},
		{
			Code: RuleRegisterFall, Effect: EffectSetsAside, Verdicts: []Code{Pending, Fall, Settled, UnexplainedFall},
			Text: "A register lower than before is booked as a rollover where its greatest value and rating allow one, and not more than one; as a swap, reset or rollover where an event says so. Else it waits: register_fall where the register comes back, unexplained_fall where three readings that rise twice show that it began anew. What lies between stays missing.",
		},
		{
			Code: RuleGap, Effect: EffectEstimates,
			Text: "A span longer than the meter's gap_limit between two registers: its energy is known and kept exactly, its course is taken from the profile of the meter that holds at its beginning (profiles.csv: the local hour of a workday or a weekend), else as linear, and called estimated. Without registers on both sides, and for rates, the time is missing, never zero.",
		},
		{
			Code: RuleStuck, Effect: EffectFlags,
			Text: "The same amount or rate, not zero, at least three times in a row. A register that stands still is a run of zeros.",
		},
		{
			Code: RuleZeroRun, Effect: EffectFlags,
			Text: "Nothing used for longer than the carrier makes likely.",
			Carriers: []CarrierRule{
				{Electricity, day, "A building always draws a little: a day of zeros is mostly a dead meter or a cut wire."},
				{NaturalGas, 0, "Zero is real: boilers and kitchens stand still for months."},
				{Heat, 0, "Zero is real outside the heating season."},
				{Cooling, 0, "Zero is real outside the cooling season."},
				{Water, 14 * day, "Zero at night and on days off is real, and what leak detection looks for; two weeks of zeros span any holiday week and more."},
			},
		},
		{
			Code: RuleIntervalSum, Effect: EffectFlags,
			Text: "A meter that sends both its register and amounts: where their sum over neighbouring amounts differs from the difference of the registers by more than one interval's amount and one step of the register. The register is booked.",
		},
	}
}

// ZeroRunLeast gives the shortest run of zeros, in milliseconds, that is flagged
// for a carrier; 0 where zeros are real.
func ZeroRunLeast(c Carrier) int64 {
	for _, rule := range VEERules() {
		for _, r := range rule.Carriers {
			if rule.Code == RuleZeroRun && r.Carrier == c {
				return r.Least
			}
		}
	}
	return 0
}

// RuleOf gives the rule that a verdict stems from; ok is false for verdicts that
// no rule of the list gives (rejected readings, other kinds and registers).
func RuleOf(code Code) (rule RuleCode, ok bool) {
	for _, r := range VEERules() {
		for _, c := range r.Verdicts {
			if c == code && c != Pending && c != Settled {
				return r.Code, true
			}
		}
	}
	return "", false
}
