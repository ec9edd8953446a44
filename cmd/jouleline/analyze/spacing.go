package analyze

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics/savings"
)

// spaced is a series at equal steps, with NaN where a step has no row.
type spaced struct {
	values []float64
	step   string // year, quarter, month, day, or a duration such as 1h0m0s
	at     func(index int) time.Time
}

// maxSteps bounds the steps that gaps may stretch a series to: a century of days.
const maxSteps = 40_000

// spaced reads a file of a series whose rows may be dates.
func (f *ZoneFlags) spaced(file string) (*spaced, error) {
	loc, named, err := f.zone()
	if err != nil {
		return nil, err
	}
	series, err := seriesReader{loc: loc, named: named, dates: true}.file(file)
	if err != nil {
		return nil, err
	}
	s, err := space(series, loc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// space finds the step of a series. Months, quarters and years are counted by the
// calendar, days by local dates, anything else by a fixed length.
func space(s savings.Series, loc *time.Location) (*spaced, error) {
	n := len(s.Times)
	if n < 2 {
		return nil, fmt.Errorf("got %d rows, want 2 or more", n)
	}
	first := time.Unix(s.Times[0], 0).In(loc)
	index := make([]int, n)
	if months, ok := byMonths(s.Times, first); ok {
		step := 0
		for _, m := range months {
			step = gcd(step, m)
		}
		for i, m := range months {
			index[i] = m / step
		}
		name, ok := map[int]string{1: "month", 3: "quarter", 12: "year"}[step]
		if !ok {
			name = fmt.Sprintf("%d months", step)
		}
		return spread(s.Values, index, &spaced{step: name, at: func(k int) time.Time { return first.AddDate(0, k*step, 0) }})
	}
	step := s.Step()
	days := step >= 20*3600 && step <= 28*3600
	for i, at := range s.Times {
		steps := float64(at-s.Times[0]) / float64(step)
		if days {
			steps = math.Round(dateOf(time.Unix(at, 0).In(loc)).Sub(dateOf(first)).Hours() / 24)
		}
		index[i] = int(math.Round(steps))
		if off := math.Abs(steps - math.Round(steps)); off > .01 || i > 0 && index[i] == index[i-1] {
			return nil, fmt.Errorf("row %d: time %s is no whole number of steps of %s after the first row, want equal steps",
				i+1, time.Unix(at, 0).In(loc).Format(time.RFC3339), time.Duration(step)*time.Second)
		}
	}
	if days {
		return spread(s.Values, index, &spaced{step: "day", at: func(k int) time.Time { return first.AddDate(0, 0, k) }})
	}
	length := time.Duration(step) * time.Second
	return spread(s.Values, index, &spaced{step: length.String(), at: func(k int) time.Time { return first.Add(time.Duration(k) * length) }})
}

// byMonths counts the months since the first time; ok is false where a time lies
// on another day or hour of its month.
func byMonths(times []int64, first time.Time) (months []int, ok bool) {
	months = make([]int, len(times))
	for i, at := range times {
		t := time.Unix(at, 0).In(first.Location())
		months[i] = (t.Year()-first.Year())*12 + int(t.Month()) - int(first.Month())
		if !first.AddDate(0, months[i], 0).Equal(t) || i > 0 && months[i] == months[i-1] {
			return nil, false
		}
	}
	return months, true
}

// dateOf gives the calendar date of a time.
func dateOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// spread lays values at their indices.
func spread(values []float64, index []int, s *spaced) (*spaced, error) {
	length := index[len(index)-1] + 1
	if length > maxSteps && length > 10*len(values) {
		return nil, fmt.Errorf("got %d rows over %d steps of a %s, want fewer gaps", len(values), length, s.step)
	}
	s.values = make([]float64, length)
	for i := range s.values {
		s.values[i] = math.NaN()
	}
	for i, k := range index {
		s.values[k] = values[i]
	}
	return s, nil
}

// missing counts the gaps.
func (s *spaced) missing() int {
	n := 0
	for _, v := range s.values {
		if math.IsNaN(v) {
			n++
		}
	}
	return n
}
