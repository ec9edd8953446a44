package anomaly

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
)

const op = "anomaly"

// Carrier chooses the rules that make sense.
type Carrier int

const (
	Electricity Carrier = iota // never zero for long, has a base load
	Water                      // zero at night is good, a steady flow is a leak
	Heat                       // gas, heat and cooling: zero for months is normal
)

// Settings are the limits of the rules. Zero values stand for the defaults.
type Settings struct {
	Carrier Carrier
	// Until is when the readings should reach, Unix seconds; 0 means the last one.
	// A gateway that fell silent shows only against it.
	Until int64

	SilentHours int     // 0 means 24
	StuckHours  int     // 0 means 24; hours of the very same amount
	ZeroHours   int     // 0 means 12 (electricity), 72 (water); heat has no such rule
	SpikeFactor float64 // times the 99th percentile; 0 means 3
	LeakNights  int     // nights in a row; 0 means 3
	LeakShare   float64 // of the mean hourly flow; 0 means 0.05
	StepShare   float64 // of the night load; 0 means 0.1
	StepZ       float64 // in robust deviations of two-week changes; 0 means 5
	SwapFactor  float64 // least change of night and day; 0 means 1.35
	NightShare  float64 // of the difference between day and night; 0 means 0.4
	NightRun    int     // nights in a row, one ordinary one allowed between; 0 means 3
	UnusualZ    float64 // robust deviations; 0 means 3.5
	UnusualRun  int     // hours in a row; 0 means 3
}

func (s Settings) withDefaults() (Settings, error) {
	whole := func(v *int, by int) {
		if *v == 0 {
			*v = by
		}
	}
	number := func(v *float64, by float64) {
		if *v == 0 {
			*v = by
		}
	}
	whole(&s.SilentHours, 24)
	whole(&s.StuckHours, 24)
	whole(&s.ZeroHours, map[Carrier]int{Electricity: 12, Water: 72, Heat: math.MaxInt32}[s.Carrier])
	number(&s.SpikeFactor, 3)
	whole(&s.LeakNights, 3)
	number(&s.LeakShare, .05)
	number(&s.StepShare, .1)
	number(&s.StepZ, 5)
	number(&s.SwapFactor, 1.35)
	number(&s.NightShare, .4)
	whole(&s.NightRun, 3)
	number(&s.UnusualZ, 3.5)
	whole(&s.UnusualRun, 3)
	if s.Carrier < Electricity || s.Carrier > Heat {
		return s, &analytics.InputError{Op: op, What: "carrier", Index: -1, Got: fmt.Sprint(int(s.Carrier)), Want: "electricity, water or heat"}
	}
	for _, v := range []float64{
		float64(s.SilentHours), float64(s.StuckHours), float64(s.ZeroHours), s.SpikeFactor, float64(s.LeakNights), s.LeakShare,
		s.StepShare, s.StepZ, s.SwapFactor - 1, s.NightShare, float64(s.NightRun), s.UnusualZ, float64(s.UnusualRun),
	} {
		if !(v > 0) {
			return s, &analytics.InputError{Op: op, What: "settings", Index: -1, Got: fmt.Sprint(v), Want: "limits above 0, a swap factor above 1"}
		}
	}
	return s, nil
}

// Series is amounts per interval (kWh, m3): Times are the Unix seconds at which
// intervals of Step seconds begin, increasing. NaN is a gap, as is a time left out.
type Series struct {
	Times  []int64
	Values []float64
	Step   int64 // seconds, a divisor of 3600
}

func (s Series) check(loc *time.Location) error {
	if loc == nil {
		return &analytics.InputError{Op: op, What: "time zone", Index: -1, Got: "none", Want: "a location"}
	}
	if err := analytics.CheckLength(op, "values", len(s.Values), len(s.Times)); err != nil {
		return err
	}
	if s.Step <= 0 || 3600%s.Step != 0 {
		return &analytics.InputError{Op: op, What: "step", Index: -1, Got: fmt.Sprintf("%d s", s.Step), Want: "a divisor of 3600 s"}
	}
	if err := analytics.CheckIncreasing(op, "times", s.Times); err != nil {
		return err
	}
	return analytics.CheckNotInf(op, "values", s.Values)
}
