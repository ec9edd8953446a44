package outlook

import (
	"fmt"

	"jouleline/analytics"
	"jouleline/analytics/progress"
)

// Total is the outlook of a total against its cap, in the unit of caps: tce, m3
// or tCO2.
type Total struct {
	Total       string       `json:"total" doc:"energy, water or carbon" example:"energy"`
	Unit        string       `json:"unit" doc:"tce, m3 or tCO2" example:"tce"`
	State       State        `json:"state" doc:"ok, no_cap, not_enough_data, kept or exceeded"`
	Reason      string       `json:"reason" doc:"The state in words"`
	Cap         *float64     `json:"cap" doc:"Cap of the target year; null where the plan sets none"`
	CapOf       string       `json:"cap_of,omitempty" doc:"Whom the plan sets it for"`
	Years       []TotalYear  `json:"years" doc:"The course so far, the base year first"`
	Method      string       `json:"method" doc:"Model of the forecast: the one that would have forecast best so far; empty where there is none"`
	DF          *int         `json:"df" doc:"Degrees of freedom behind bounds and probability"`
	Forecast    []TotalPoint `json:"forecast" doc:"Year by year until the target year"`
	Probability *Probability `json:"probability,omitempty" doc:"Of staying under the cap in the target year; left out where there is none"`
	Mixed       *Probability `json:"probability_mixed,omitempty" doc:"The same over all models"`

	Warnings []analytics.Warning `json:"warnings"`
}

// TotalYear is the total of a year that is over.
type TotalYear struct {
	Year  int      `json:"year"`
	Value *float64 `json:"value" doc:"As far as it is known"`
	Known bool     `json:"known" doc:"It is known well enough to be compared with other years"`
	Used  bool     `json:"used" doc:"Took part in the forecast"`
}

// TotalPoint is a forecast of one year, at the answer's level.
type TotalPoint struct {
	Year  int     `json:"year"`
	Value float64 `json:"value"`
	Low   float64 `json:"value_low"`
	High  float64 `json:"value_high"`
}

// The states of totals, beside ok and not_enough_data.
const (
	// NoCap: the plan sets none; there is a forecast without a probability.
	NoCap State = "no_cap"
	// Kept and Exceeded: the target year is over.
	Kept     State = "kept"
	Exceeded State = "exceeded"
)

// totalCourse is a total year by year, the base year first.
type totalCourse struct {
	of    progress.Cap // of the last year
	years []TotalYear
}

func (c *totalCourse) add(year int, x *progress.Cap) {
	c.of = *x
	c.years = append(c.years, TotalYear{Year: year, Value: x.Current, Known: x.Known && x.Current != nil})
}

// judge forms the answer of a total. It is forecast as indicators are, as percent
// of the first year that takes part, so that models see numbers of one size.
func (c *totalCourse) judge(targetYear int, level float64) Total {
	t := Total{
		Total: c.of.Total, Unit: c.of.Unit, Cap: c.of.Cap, CapOf: c.of.CapOf, Years: c.years,
		Forecast: []TotalPoint{}, Warnings: []analytics.Warning{}, State: NotEnoughData,
	}
	end := len(c.years)
	for end > 0 && !c.years[end-1].Known {
		end--
	}
	from := end
	for from > 0 && c.years[from-1].Known {
		from--
	}
	run := c.years[from:end]
	if len(run) == 0 {
		t.Reason = "no year is known well enough"
		return t
	}
	last, scale := run[len(run)-1], *run[0].Value
	if last.Year >= targetYear {
		t.over(last)
		return t
	}
	t.Reason = fmt.Sprintf("%d years in a row are known, %d to %d", len(run), run[0].Year, last.Year)
	switch {
	case len(run) < minYears:
		t.Reason += fmt.Sprintf("; a forecast wants %d", minYears)
		return t
	case !(scale > 0):
		t.Reason = fmt.Sprintf("the total of %d is not above 0", run[0].Year)
		return t
	}
	t.State = OK
	course := course{baseline: &scale, years: make([]Year, len(c.years))}
	for i, y := range c.years {
		course.years[i].Year = y.Year
		if i >= from && i < end {
			index := 100 * *y.Value / scale
			course.years[i].Index = &index
			run[i-from].Used = true
		}
	}
	if t.Cap == nil {
		t.State, t.Reason = NoCap, "the plan sets no cap; "+t.Reason
	} else {
		reduction := 100 - 100**t.Cap/scale
		course.target = &reduction
	}
	in := Indicator{State: OK}
	used := course.run()
	course.label(&in, used)
	in.forecast(&course, used, targetYear, level)
	t.Warnings = append(t.Warnings, in.Warnings...)
	if in.State != OK {
		t.State, t.Reason = in.State, in.Reason
		return t
	}
	t.Method, t.DF, t.Probability, t.Mixed = in.Method, in.DF, in.Probability, in.Mixed
	for _, p := range in.Forecast {
		t.Forecast = append(t.Forecast, TotalPoint{p.Year, *p.Value, *p.ValueLow, *p.ValueHigh})
	}
	return t
}

// over answers where the target year has passed.
func (t *Total) over(last TotalYear) {
	switch {
	case t.Cap == nil:
		t.State, t.Reason = NoCap, "the plan sets no cap, and its target year is over"
	case *last.Value <= *t.Cap:
		t.State, t.Reason = Kept, fmt.Sprintf("the target year is over, and the total of %d is within the cap", last.Year)
	default:
		t.State, t.Reason = Exceeded, fmt.Sprintf("the target year is over, and the total of %d is above the cap", last.Year)
	}
}
