package schema

import (
	"fmt"
	"time"
)

// Instant is a moment in Unix milliseconds, UTC. Readings are resolved to the
// millisecond; finer fractions are cut off.
type Instant int64

// Limits of the moments that are taken: a reading before 1970 or after 2200 is
// a broken clock.
const (
	MinInstant Instant = 0
	MaxInstant Instant = 7_258_118_400_000 // 2200-01-01T00:00:00Z
)

// Span lengths in milliseconds.
const (
	Second int64 = 1000
	Minute       = 60 * Second
	Hour         = 60 * Minute
)

// InstantOf converts a time.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time converts to a time in UTC.
func (t Instant) Time() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Sub gives t - u in milliseconds.
func (t Instant) Sub(u Instant) int64 { return int64(t - u) }

// Format gives RFC 3339 text in a location, with as many decimals as needed.
func (t Instant) Format(in *time.Location) string {
	return t.Time().In(in).Format(time.RFC3339Nano)
}

// String gives RFC 3339 text in UTC.
func (t Instant) String() string { return t.Format(time.UTC) }

// ParseInstant reads RFC 3339 text; an offset is required.
func ParseInstant(text string) (Instant, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, fmt.Errorf("time: got %q, want RFC 3339 with an offset, as 2024-05-01T08:15:00+08:00", clip(text))
	}
	return InstantOf(t), nil
}

// MarshalText gives RFC 3339 text in UTC.
func (t Instant) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads RFC 3339 text.
func (t *Instant) UnmarshalText(text []byte) (err error) {
	*t, err = ParseInstant(string(text))
	return err
}

// Day is a calendar day without a zone: days since 1970-01-01. Registry dates
// are local days; the ledger is kept by the local day of the building.
type Day int32

// Always and Never are the ends of an open validity.
const (
	Always Day = -1 << 30
	Never  Day = 1 << 30
)

// DayOf gives the calendar day of a date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads text such as 2023-07-01.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("date: got %q, want a day as 2023-07-01", clip(text))
	}
	return DayOf(t.Date()), nil
}

// Date gives the calendar date.
func (d Day) Date() (year int, month time.Month, day int) {
	return time.Unix(int64(d)*86400, 0).UTC().Date()
}

// Start is the first instant of the day in a zone. Where a zone skips midnight
// it is the first instant that exists.
func (d Day) Start(zone *time.Location) Instant {
	year, month, day := d.Date()
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if DayOf(t.Date()) < d { // midnight does not exist: time.Date went back
		_, offset := t.Zone()
		t = time.Unix(int64(d)*86400-int64(offset), 0).In(zone)
	}
	return InstantOf(t)
}

// String gives text such as 2023-07-01, and "" for an open end.
func (d Day) String() string {
	if d == Always || d == Never {
		return ""
	}
	return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly)
}

// MarshalText gives text such as 2023-07-01.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Month counts calendar months: year x 12 + month - 1.
type Month int32

// MonthOf gives the month of a day.
func MonthOf(d Day) Month {
	year, month, _ := d.Date()
	return Month(year*12 + int(month) - 1)
}

// First is the month's first day; Year is its year.
func (m Month) First() Day { return DayOf(int(m)/12, time.Month(int(m)%12+1), 1) }

// Year is the year that the month lies in.
func (m Month) Year() int { return int(m) / 12 }

// Validity is a half-open range of local days.
type Validity struct{ From, To Day }

// Open is the validity without ends.
var Open = Validity{Always, Never}

// Contains tells whether a day lies in the range.
func (v Validity) Contains(d Day) bool { return v.From <= d && d < v.To }

// Days counts the days that the range shares with [from, to).
func (v Validity) Days(from, to Day) int {
	return max(0, int(min(v.To, to))-int(max(v.From, from)))
}
