package indicator

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"jouleline/metrics/calendar"
	"jouleline/metrics/exact"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// MaxPoints bounds the buckets of a series: fifty years of months.
const MaxPoints = 600

// SeriesQuery asks for a course of months or years.
type SeriesQuery struct {
	Scope Scope
	// From and To are local days, half-open. The first and the last bucket are
	// cut short where they lie inside them.
	From, To schema.Day
	// Step is calendar.MonthStep or calendar.YearStep.
	Step calendar.Step
	// Measures are asked for; none means the four indicators and the three
	// totals.
	Measures []Measure
	Factors  *factor.Set
	Mode     factor.Mode
	Panel    Panel
	// Boundary as_is places institutions where they stand at the end of the
	// series, as_was where they stood at the end of each bucket.
	Boundary    Boundary
	MinCoverage *big.Rat
	KnownAt     schema.Instant
	// Today is the local day from which on nothing can be known: buckets end
	// there at the latest. 0 means that everything asked for is past.
	Today schema.Day
}

// Point is a measure over one bucket. A value that is not known is nil.
// Monthly points are per month, not annualised (rule 12).
type Point struct {
	Start          time.Time `json:"start"`
	End            time.Time `json:"end"`
	Indicator      string    `json:"indicator"`
	Unit           string    `json:"unit"`
	Value          *float64  `json:"value"`
	Coverage       *float64  `json:"coverage"`
	EstimatedShare *float64  `json:"estimated_share"`
}

// Series gives the course of measures, bucket by bucket, in each bucket in the
// order of the measures. Declared figures serve in whole years only: annual
// values give no monthly points. Buckets that have not begun are left out. It is
// given with the sides of the last bucket, which tell the factors; nil where
// there is no bucket.
func (w *World) Series(ctx context.Context, source Source, q SeriesQuery) ([]Point, *Sides, error) {
	if q.Step != calendar.MonthStep && q.Step != calendar.YearStep {
		return nil, nil, fmt.Errorf("step: got %q, want P1M or P1Y", q.Step)
	}
	if err := w.check(q.Scope); err != nil {
		return nil, nil, err
	}
	if len(q.Measures) == 0 {
		q.Measures = append(append(q.Measures, Ratios[:]...), Totals[:]...)
	}
	buckets, err := q.buckets()
	if err != nil {
		return nil, nil, err
	}
	zone := w.reg.TimeZone
	var points []Point
	var s *Sides
	for _, b := range buckets {
		spec := Spec{
			Scope: q.Scope, Factors: q.Factors, Mode: q.Mode, Panel: q.Panel, Boundary: q.Boundary,
			MinCoverage: q.MinCoverage, KnownAt: q.KnownAt,
		}
		spec.Sides[Current] = b.stretch
		if q.Boundary != AsWas {
			spec.placedOn = buckets[len(buckets)-1].stretch.Days.To - 1
		}
		if s, err = w.Read(ctx, source, spec); err != nil {
			return nil, nil, err
		}
		start, end := b.stretch.Days.From.Start(zone).Time().In(zone), b.end.Start(zone).Time().In(zone)
		points = s.AppendPoints(points, Group{Scope: s.spec.Scope}, s.Total(), q.Measures, Point{Start: start, End: end})
	}
	return points, s, nil
}

// bucket is a stretch of known days and the day at which its label ends.
type bucket struct {
	stretch Stretch
	end     schema.Day
}

func (q *SeriesQuery) buckets() ([]bucket, error) {
	if q.From >= q.To {
		return nil, fmt.Errorf("from and to: got %s..%s, want from before to", q.From, q.To)
	}
	var list []bucket
	for at := q.From; at < q.To; {
		if len(list) == MaxPoints {
			return nil, fmt.Errorf("step %s from %s to %s: more than %d points", q.Step, q.From, q.To, MaxPoints)
		}
		year, _, _ := at.Date()
		end := schema.DayOf(year+1, time.January, 1)
		if q.Step == calendar.MonthStep {
			end = (schema.MonthOf(at) + 1).First()
		}
		end = min(end, q.To)
		known := end
		if q.Today != 0 {
			known = min(end, q.Today)
		}
		if at >= known {
			break
		}
		list = append(list, bucket{Stretch{schema.Validity{From: at, To: known}, year}, end})
		at = end
	}
	return list, nil
}

// AppendPoints adds the points of a group on the current side, one a measure, with
// the start and the end of p.
func (s *Sides) AppendPoints(points []Point, g Group, t *Tally, asked []Measure, p Point) []Point {
	own := s.Own(g)
	var f exact.Fraction
	var v View
	for _, m := range asked {
		s.View(&v, t, Current, m)
		figure := v.All
		p.Indicator, p.Unit = m.String(), m.Unit()
		p.Value, p.Coverage, p.EstimatedShare = nil, v.Coverage(&f, new(float64)), v.EstimatedShare(&f, new(float64))
		if !s.Speaks(&v) {
			for _, declared := range s.Declared(t, own, Current, m) {
				figure, p.Coverage, p.EstimatedShare = declared, nil, nil
				if figure.Form == Index {
					p.Unit = "index"
				}
				break
			}
		}
		if figure.IsKnown() {
			value := figure.Into(&f).Float64()
			p.Value = &value
		}
		points = append(points, p)
	}
	return points
}
