package verify

import (
	"cmp"
	"fmt"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Kind is what differs.
type Kind string

// The kinds.
const (
	// Ledger: what is booked on a day for a cause.
	Ledger Kind = "ledger"
	// Verdict: the code of a reading.
	Verdict Kind = "verdict"
	// Rollup: the sum of an institution's carrier over a month.
	Rollup Kind = "rollup"
)

// Difference is something stored that does not follow from the readings.
type Difference struct {
	Kind Kind
	// Meter is the meter of a ledger entry or verdict; Institution, Carrier and
	// Use the account of a roll-up.
	Meter       string
	Institution string
	Carrier     schema.Carrier
	Use         schema.Use
	// Where says which day and cause, reading, or month.
	Where string
	// Stored and Computed say what stands there and what should.
	Stored, Computed string
	// Excess is what is stored too much, in the carrier's unit; 0 of a verdict.
	Excess schema.Quantity
}

// Meter judges all readings of a meter at once and compares. readings are all
// stored versions, sorted as books.Sort sorts; booked and codes are all that is
// stored of the meter. checked counts the days and causes, and the verdicts, that
// were compared. Where older readings were let go, until is the moment up to
// which the books stand for good, else 0.
func Meter(facts *books.Meter, readings []posting.Reading, booked []posting.Entry, codes []posting.Code, until schema.Instant) (differences []Difference, checked int) {
	points := make([]books.Point, len(readings))
	for i := range readings {
		points[i] = readings[i].Point
	}
	winners := books.Resolve(points)
	judged := books.Judge(facts, winners, until > 0, schema.MaxInstant)
	days, n := compareDays(posting.Changeable(books.Entries(judged.Spans, facts.Zone), facts.Zone, until), posting.ChangeableRows(booked, facts.Zone, until))
	verdicts, m := compareVerdicts(winners, judged.Codes, codes)
	return append(days, verdicts...), n + m
}

// compareDays compares the ledger with the entries that should stand in it.
func compareDays(want []books.Entry, booked []posting.Entry) (differences []Difference, checked int) {
	type key struct {
		day   schema.Day
		cause books.Cause
	}
	type pair struct{ want, have books.Entry }
	pairs := map[key]pair{}
	for _, e := range want {
		p := pairs[key{e.Day, e.Cause}]
		p.want = e
		pairs[key{e.Day, e.Cause}] = p
	}
	for i := range booked {
		e := &booked[i].Entry
		p := pairs[key{e.Day, e.Cause}]
		p.have.Quantity += e.Quantity
		p.have.Estimated += e.Estimated
		p.have.Known += e.Known
		pairs[key{e.Day, e.Cause}] = p
	}
	keys := make([]key, 0, len(pairs))
	for k := range pairs {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.cause, b.cause)) })
	for _, k := range keys {
		p := pairs[k]
		if p.want.Quantity != p.have.Quantity || p.want.Estimated != p.have.Estimated || p.want.Known != p.have.Known {
			differences = append(differences, Difference{
				Kind: Ledger, Where: fmt.Sprintf("%s, %s", k.day, k.cause),
				Stored: amounts(p.have.Quantity, p.have.Estimated, p.have.Known), Computed: amounts(p.want.Quantity, p.want.Estimated, p.want.Known),
				Excess: p.have.Quantity - p.want.Quantity,
			})
		}
	}
	return differences, len(keys)
}

// amounts writes what is booked.
func amounts(quantity, estimated schema.Quantity, known int64) string {
	return fmt.Sprintf("%s, estimated %s, known %d ms", quantity, estimated, known)
}

// compareVerdicts compares the stored codes with those of judging; plain ones
// are not stored.
func compareVerdicts(winners []books.Point, want []schema.Code, stored []posting.Code) (differences []Difference, checked int) {
	held := map[books.CodeChange]schema.Code{}
	for i := range stored {
		k := stored[i].CodeChange
		k.Code = ""
		held[k] = stored[i].Code
	}
	differ := func(k books.CodeChange, have, want schema.Code) {
		differences = append(differences, Difference{
			Kind: Verdict, Where: fmt.Sprintf("%s %s", k.Kind, k.Time), Stored: word(have), Computed: word(want),
		})
	}
	for i := range winners {
		p := &winners[i]
		k := books.CodeChange{Time: p.Time, Start: p.Start, Kind: p.Kind, Register: p.Register}
		if held[k] != want[i] {
			differ(k, held[k], want[i])
		}
		delete(held, k)
	}
	rest := make([]books.CodeChange, 0, len(held))
	for k, code := range held {
		if code != schema.Accepted {
			k.Code = code
			rest = append(rest, k)
		}
	}
	slices.SortFunc(rest, func(a, b books.CodeChange) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Register, b.Register), cmp.Compare(a.Start, b.Start))
	})
	for _, k := range rest {
		code := k.Code
		k.Code = ""
		differ(k, code, schema.Accepted)
	}
	return differences, len(winners)
}

// word writes a code; the plain case has none.
func word(code schema.Code) string {
	if code == schema.Accepted {
		return "accepted"
	}
	return string(code)
}
