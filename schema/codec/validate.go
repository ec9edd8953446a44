package codec

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"jouleline/schema"
)

// CheckMeter judges a meter id: missing_meter where it is empty; bad_encoding
// where it is not UTF-8 or holds U+FFFD, the sign that somebody on the way lost
// its encoding; bad_meter where it is longer than [schema.MaxMeterID] bytes or
// holds control characters. Code is [schema.Accepted] where it is good.
func CheckMeter[T ~string | ~[]byte](id T) (code schema.Code, detail string) {
	if len(id) == 0 {
		return schema.MissingMeter, "meter: not given"
	}
	if len(id) > schema.MaxMeterID {
		return schema.BadMeter, fmt.Sprintf("meter: got %d bytes, at most %d are taken", len(id), schema.MaxMeterID)
	}
	for i := 0; i < len(id); i++ {
		if id[i] < ' ' || id[i] >= 0x7f {
			return checkRunes(string(id))
		}
	}
	return schema.Accepted, ""
}

func checkRunes(id string) (schema.Code, string) {
	for i, r := range id {
		if r == utf8.RuneError {
			return schema.BadEncoding, fmt.Sprintf("meter: got %q, want UTF-8 without U+FFFD", id)
		}
		if unicode.IsControl(r) {
			return schema.BadMeter, fmt.Sprintf("meter: got %q with the control character %U at byte %d", id, r, i)
		}
	}
	return schema.Accepted, ""
}

// clockWasSet is the end of 1970. A reading of that year comes from a clock that was
// never set, or its timestamp is in seconds where nanoseconds are usual. As the first
// of a register it would open a span of half a century, in which every year looked
// known.
const clockWasSet = schema.MinInstant + schema.Instant(365*24*schema.Hour)

// Validate judges what a reading says about itself, apart from its meter id
// ([CheckMeter]): its time against the limits and against its reception, and
// its start against its time and kind. Every encoding and both ends of the
// topic use it. Call it again once the meter's own kind is known.
//
// The reading must not be further than [schema.MaxAhead] after received, never
// after the wall clock, so that a replay judges the same (rule 6).
func Validate(r *schema.Reading, received schema.Instant) (code schema.Code, detail string) {
	switch {
	case r.Time < schema.MinInstant || r.Time >= schema.MaxInstant:
		return schema.BadTime, fmt.Sprintf("time: got %v, want 1971 to 2199", r.Time)
	case r.Time < clockWasSet:
		return schema.BadTime, fmt.Sprintf("time: got %v, want 1971 or later: the clock was never set, or the timestamp has another precision", r.Time)
	}
	if r.Time.Sub(received) > schema.MaxAhead {
		return schema.FutureTime, fmt.Sprintf("time: got %v, more than %d minutes after it was received at %v", r.Time, schema.MaxAhead/schema.Minute, received)
	}
	if r.Value > schema.MaxQuantity || r.Value < -schema.MaxQuantity {
		return schema.OutOfRange, fmt.Sprintf("value: got %v, at most %v is taken", r.Value, schema.MaxQuantity)
	}
	if !r.HasStart {
		return schema.Accepted, ""
	}
	switch {
	case r.Kind == schema.Register || r.Kind == schema.Power:
		return schema.BadStart, fmt.Sprintf("start: got %v with kind %v, only delta and bill have a start", r.Start, r.Kind)
	case r.Start < schema.MinInstant:
		return schema.BadStart, fmt.Sprintf("start: got %v, want 1970 or later", r.Start)
	case r.Start >= r.Time:
		return schema.BadStart, fmt.Sprintf("start: got %v, want before the time %v", r.Start, r.Time)
	}
	return schema.Accepted, ""
}
