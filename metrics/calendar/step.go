package calendar

import (
	"fmt"
	"time"

	"jouleline/schema"
)

// Step is the length of the buckets of an answer.
type Step uint8

// The steps.
const (
	QuarterHour Step = iota + 1
	HourStep
	DayStep
	MonthStep
	YearStep
)

var steps = [...]string{"", "PT15M", "PT1H", "P1D", "P1M", "P1Y"}

// ParseStep reads PT15M, PT1H, P1D, P1M or P1Y.
func ParseStep(text string) (Step, error) {
	for s := QuarterHour; s <= YearStep; s++ {
		if steps[s] == text {
			return s, nil
		}
	}
	return 0, fmt.Errorf("step: got %q, want PT15M, PT1H, P1D, P1M or P1Y", text)
}

// String gives the step as an ISO 8601 duration.
func (s Step) String() string { return steps[s] }

// Bucket is one half-open stretch of an answer, labelled by its start.
type Bucket struct{ From, To schema.Instant }

// Buckets cuts [from, to) into local buckets. The first and the last are cut
// short where from and to lie inside them. It stops with an error where there
// would be more than limit buckets.
func (z *Zone) Buckets(from, to schema.Instant, step Step, limit int) ([]Bucket, error) {
	if from < schema.MinInstant || to > schema.MaxInstant || from >= to {
		return nil, fmt.Errorf("from and to: got %s..%s, want from before to, between %s and %s",
			from, to, schema.MinInstant, schema.MaxInstant)
	}
	var buckets []Bucket
	for at := from; at < to; {
		if len(buckets) == limit {
			return nil, fmt.Errorf("step %s from %s to %s: more than %d points, ask for a shorter stretch or a longer step", step, from, to, limit)
		}
		end := min(z.Next(at, step), to)
		buckets = append(buckets, Bucket{at, end})
		at = end
	}
	return buckets, nil
}

// Next gives the end of the bucket that holds an instant.
func (z *Zone) Next(t schema.Instant, step Step) schema.Instant {
	day := z.DayOf(t)
	switch step {
	case QuarterHour, HourStep:
		length := 15 * schema.Minute
		if step == HourStep {
			length = schema.Hour
		}
		start := z.Start(day)
		next := start + schema.Instant((t.Sub(start)/length+1)*length)
		return min(next, z.Start(day+1))
	case DayStep:
		return z.Start(day + 1)
	case MonthStep:
		return z.Start((schema.MonthOf(day) + 1).First())
	default:
		year, _, _ := day.Date()
		return z.Start(schema.DayOf(year+1, time.January, 1))
	}
}
