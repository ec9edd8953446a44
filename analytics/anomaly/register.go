package anomaly

import (
	"fmt"

	"jouleline/analytics"
)

// RegisterSettings are what is known of a cumulative register.
type RegisterSettings struct {
	Capacity float64 // at which it rolls over to zero; 0 means unknown
	MaxRate  float64 // most that it can count in an hour; 0 means unknown
}

// Registers finds jumps of a cumulative register, read at increasing Unix seconds:
// a fall that is no rollover (the register stood above nine tenths of its capacity
// and the amount across zero is possible), and a rise that the meter cannot count
// in that time. Neither is usable as consumption. A fall that comes back is one
// wrong reading; it is found as a fall and a rise. It needs two readings.
func Registers(times []int64, values []float64, set RegisterSettings) ([]Finding, error) {
	if err := analytics.CheckLength(op+" registers", "values", len(values), len(times)); err != nil {
		return nil, err
	}
	if err := analytics.CheckFinite(op+" registers", "values", values); err != nil {
		return nil, err
	}
	if err := analytics.CheckIncreasing(op+" registers", "times", times); err != nil {
		return nil, err
	}
	if len(values) < 2 {
		return nil, &analytics.NotEnoughError{Op: op + " registers", What: "readings", Got: len(values), Want: 2}
	}
	var out []Finding
	for i := 1; i < len(values); i++ {
		hours := float64(times[i]-times[i-1]) / 3600
		most := set.MaxRate * hours
		amount := values[i] - values[i-1]
		detail := ""
		switch {
		case amount < 0:
			across := amount + set.Capacity
			if set.Capacity > 0 && values[i-1] > .9*set.Capacity && (set.MaxRate == 0 || across <= most) {
				continue
			}
			detail = fmt.Sprintf("the register fell from %.6g to %.6g, which is no rollover", values[i-1], values[i])
		case set.MaxRate > 0 && amount > most:
			detail = fmt.Sprintf("the register rose by %.6g in %.3g hours, where %.6g is possible", amount, hours, most)
		default:
			continue
		}
		f := Finding{Cause: RegisterJump, Severity: Alarm, From: times[i-1], To: times[i], PerHour: amount / hours, Detail: detail}
		f.addEvidence(Point{times[i-1], values[i-1], values[i-1]})
		f.addEvidence(Point{times[i], values[i], values[i-1] + max(most, 0)})
		out = append(out, f)
	}
	return out, nil
}
