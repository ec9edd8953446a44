package savings

import (
	"fmt"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
	"jouleline/analytics/weather"
)

const op = "savings"

// Method is how the baseline is fitted.
type Method string

// The methods.
const (
	CaltrackDaily   Method = "caltrack-daily"
	CaltrackBilling Method = "caltrack-billing"
	Changepoint     Method = "changepoint"
	TOWT            Method = "towt"
)

// Methods lists the methods.
var Methods = []Method{CaltrackDaily, CaltrackBilling, Changepoint, TOWT}

// Series is a course of values. Times are Unix seconds, increasing, at which the
// intervals (of use) begin or the samples (of temperature) were taken; NaN is a
// gap. The slices are read only.
type Series struct {
	Times  []int64
	Values []float64
}

// Question asks what a measure saved. The zero values of the last six fields are
// useful.
type Question struct {
	Usage, Temperature Series
	Location           *time.Location // whose midnights bound the days
	Method             Method
	// BaselineEnd is the first moment that is not in the baseline any more. The
	// baseline is the 365 days before it, or begins at BaselineStart.
	BaselineEnd, BaselineStart time.Time
	// ReportingStart is the first moment after the measure. The reporting period
	// ends with the series, or at ReportingEnd.
	ReportingStart, ReportingEnd time.Time

	Scale         weather.Scale // of the temperatures
	NoHeating     bool          // no heating slope is tried (not for towt)
	NoCooling     bool          // likewise, for gas and heat
	ZeroIsMissing bool          // electricity: an interval of exactly 0 is a gap
	Level         float64       // of the bands; 0 means 0.9

	// Normal is the temperatures of a typical year, or of several whole years whose
	// mean counts. Where it is given, savings are also normalised to it (CalTRACK
	// methods only).
	Normal Series
}

func (q *Question) validate() error {
	known := false
	for _, m := range Methods {
		known = known || q.Method == m
	}
	if !known {
		return &analytics.InputError{Op: op, What: "method", Index: -1, Got: fmt.Sprintf("%q", string(q.Method)), Want: "caltrack-daily, caltrack-billing, changepoint or towt"}
	}
	if q.Level == 0 {
		q.Level = .9
	}
	if err := analytics.CheckLevel(op, q.Level); err != nil {
		return err
	}
	if err := q.checkSeries(); err != nil {
		return err
	}
	if len(q.Normal.Times)+len(q.Normal.Values) > 0 {
		if err := q.Normal.check("normal year"); err != nil {
			return err
		}
	}
	if q.ReportingStart.Before(q.BaselineEnd) {
		return q.bad("reporting start", q.ReportingStart, "a moment at or after the baseline's end "+q.BaselineEnd.Format(time.RFC3339))
	}
	if !q.ReportingEnd.IsZero() && !q.ReportingEnd.After(q.ReportingStart) {
		return q.bad("reporting end", q.ReportingEnd, "a moment after its start "+q.ReportingStart.Format(time.RFC3339))
	}
	if !q.BaselineStart.IsZero() && !q.BaselineStart.Before(q.BaselineEnd) {
		return q.bad("baseline start", q.BaselineStart, "a moment before its end "+q.BaselineEnd.Format(time.RFC3339))
	}
	return nil
}

// checkSeries refuses series that cannot be laid out.
func (q *Question) checkSeries() error {
	if err := q.Usage.check("usage"); err != nil {
		return err
	}
	return q.Temperature.check("temperature")
}

func (s Series) check(name string) error {
	if err := analytics.CheckLength(op, name+" values", len(s.Values), len(s.Times)); err != nil {
		return err
	}
	if err := analytics.CheckNotInf(op, name+" values", s.Values); err != nil {
		return err
	}
	if err := analytics.CheckIncreasing(op, name+" times", s.Times); err != nil {
		return err
	}
	if len(s.Times) < 2 {
		return &analytics.NotEnoughError{Op: op, What: "values of " + name, Got: len(s.Times), Want: 2}
	}
	return nil
}

func (q *Question) bad(what string, got time.Time, want string) error {
	return &analytics.InputError{Op: op, What: what, Index: -1, Got: got.Format(time.RFC3339), Want: want}
}

const (
	hour = 3600
	day  = 24 * hour
	// A local day has 23 to 25 hours; a step in this range is a day.
	leastDay, mostDay = 20 * hour, 28 * hour
	baselineDays      = 365 // CalTRACK 2.2.1.1
)

// Step is the usual distance of the times of a series in seconds: their median,
// so that single gaps do not count.
func (s Series) Step() int64 {
	gaps := make([]float64, 0, len(s.Times))
	for i := 1; i < len(s.Times); i++ {
		gaps = append(gaps, float64(s.Times[i]-s.Times[i-1]))
	}
	if len(gaps) == 0 {
		return 0
	}
	return int64(math.Round(orderstat.Median(gaps)))
}

func isDay(step int64) bool { return step >= leastDay && step <= mostDay }
