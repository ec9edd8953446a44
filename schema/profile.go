package schema

import "fmt"

// DayType parts the days of a profile.
type DayType uint8

// The types of days, and how many there are. Public holidays are not known: they
// count by their weekday.
const (
	Workday DayType = iota // Monday to Friday
	Weekend
	DayTypes
)

var dayTypes = [DayTypes]string{"workday", "weekend"}

// String gives the type's word.
func (t DayType) String() string { return dayTypes[t] }

// ParseDayType reads the word of a type of days.
func ParseDayType(text string) (DayType, error) {
	for t, word := range dayTypes {
		if text == word {
			return DayType(t), nil
		}
	}
	return 0, fmt.Errorf("got %q, want workday or weekend", text)
}

// Type gives the type of a day by its weekday.
func (d Day) Type() DayType {
	const firstSaturday, week = 2, 7 // 1970-01-03
	if since := ((int(d)-firstSaturday)%week + week) % week; since < 2 {
		return Weekend
	}
	return Workday
}

// MaxProfileWeight is the greatest weight of an hour, and ProfileWeightStep what
// all weights are multiples of: so the weights of all hours from 1970 to 2200,
// each times its milliseconds, fit into 64 bits.
const (
	MaxProfileWeight  Quantity = 1000 * Micro
	ProfileWeightStep Quantity = Micro / 1000
)

// Profile is how the consumption of a meter goes over the local hours of a day: a
// dated fact, by which a gap between two registers is filled. Only the ratios of
// its weights count.
type Profile struct {
	Meter string
	// From is the local day from which the profile holds, until the next one.
	From Day
	// Weights holds a weight for each hour of a workday and of a weekend's day.
	Weights                 [DayTypes][24]Quantity
	Version, Author, Reason string
}
