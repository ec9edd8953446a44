package cause

import (
	"fmt"
	"math/big"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

// Of is what is decomposed.
type Of string

// What can be decomposed.
const (
	Energy Of = "energy" // kgce
	Carbon Of = "carbon" // kgCO2
)

// Activity is what drives it.
type Activity string

// The activities. Energy by area is that of buildings; by people it includes
// vehicle fuel; carbon is by area, as its indicator is.
const (
	Area   Activity = "area"
	People Activity = "people"
)

// Query asks because of what a scope has changed.
type Query struct {
	Scope    indicator.Scope
	By       indicator.Level // what the parts are
	Of       Of
	Activity Activity
	From, To int // years
	Chained  bool
	Factors  *factor.Set
	Mode     factor.Mode
	Panel    indicator.Panel
	Boundary indicator.Boundary
	// MinCoverage and MaxGap decide whether enough is known of a year (rule 15).
	MinCoverage, MaxGap *big.Rat
	KnownAt             schema.Instant
	Now                 schema.Instant
	// NoWeather leaves weather in intensity. It spares the months of both years: a
	// second of a province of 45,000 institutions.
	NoWeather bool

	air       *air // nil where no station has temperatures
	separated bool // weather is a factor of its own
}

// ErrQuery is wrapped by errors that are the question's fault.
var ErrQuery = progress.ErrQuery

func (q *Query) validate(w *indicator.World) error {
	if q.From >= q.To {
		return fmt.Errorf("years %d and %d: %w: want the first before the second", q.From, q.To, ErrQuery)
	}
	if q.To-q.From > 50 {
		return fmt.Errorf("years %d and %d: %w: want at most 50 years", q.From, q.To, ErrQuery)
	}
	if last := q.Now.Time().In(w.Registry().TimeZone).Year() - 1; q.To > last {
		return fmt.Errorf("year %d: %w: it is not over, want %d or before", q.To, ErrQuery, last)
	}
	if q.Of != Energy && q.Of != Carbon {
		return fmt.Errorf("of: got %q: %w: want energy or carbon", q.Of, ErrQuery)
	}
	if q.Activity != Area && (q.Activity != People || q.Of != Energy) {
		return fmt.Errorf("activity %q of %s: %w: want area, or for energy people", q.Activity, q.Of, ErrQuery)
	}
	_, err := indicator.ParseLevel(string(q.By))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrQuery, err)
	}
	return nil
}

// unit is that of what is decomposed.
func (q *Query) unit() string {
	if q.Of == Carbon {
		return "kgCO2"
	}
	return "kgce"
}
