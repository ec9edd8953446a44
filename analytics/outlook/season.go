package outlook

import (
	"math"
	"time"

	"jouleline/analytics/target"
	"jouleline/metrics/indicator"
	"jouleline/schema/plan"
)

// YearToDate is the running year so far.
type YearToDate struct {
	Year      int     `json:"year"`
	Months    int     `json:"months" doc:"Complete months"`
	Value     float64 `json:"value" doc:"Of these months, in the indicator's unit"`
	OnPath    float64 `json:"on_path" doc:"The path's value of the year times the share of a year that these months usually hold"`
	Gap       float64 `json:"gap" doc:"value - on_path: above 0 where too much was used"`
	Share     float64 `json:"seasonal_share" doc:"Mean share of these months in the full years before, three at most"`
	Projected float64 `json:"projected" doc:"value / seasonal_share: the year if the rest runs as usual"`
	// SeasonYears are one to three.
	SeasonYears int `json:"season_years" doc:"Full years that the share is the mean of"`
}

// Rolling is the last twelve months.
type Rolling struct {
	Value float64 `json:"value" doc:"In the indicator's unit"`
	Index float64 `json:"index" doc:"Percent of the base year"`
	State State   `json:"state" doc:"ok; met where the target is reached already; reached or missed where its year is over"`
	// RatePct is null where nothing is left to do, or no time.
	RatePct *float64 `json:"required_rate_pct" doc:"Fall a year from now on that reaches the target, in percent; null where none is required"`
}

// seasonYears is how many full years tell the season.
const seasonYears = 3

// path draws the plan's path from a value of the base year.
func (c *course) path(p *plan.Plan, m indicator.Measure, base float64) (*target.Path, error) {
	from := c.years[0].Year
	switch p.Path {
	case plan.Compound:
		return target.NewPath(target.Compound, base, from, p.TargetYear, *c.target/100)
	case plan.Stepped:
		var steps []target.Step
		for i := range p.Targets {
			if t := &p.Targets[i]; t.Indicator == m.String() && t.Place.String() == c.of {
				for _, s := range t.Steps {
					if percent, _ := s.Percent.Float64(); s.Year > from {
						steps = append(steps, target.Step{Year: s.Year, Value: base * (1 - percent/100)})
					}
				}
			}
		}
		return target.NewStepped(base, from, steps)
	}
	return target.NewPath(target.Linear, base, from, p.TargetYear, *c.target/100)
}

// yearToDate holds the months of the running year against their part of the path.
// values end with the last complete month, and have those of the year at least.
// Without such a month or a full year before it there is an error.
func yearToDate(values []float64, now time.Time, path *target.Path) (*YearToDate, error) {
	over := int(now.Month()) - 1
	full := values[:len(values)-over]
	var years [][]float64
	for len(full) >= monthsOf && len(years) < seasonYears {
		years = append(years, full[len(full)-monthsOf:])
		full = full[:len(full)-monthsOf]
	}
	share, err := target.SeasonalShare(years)
	if err != nil {
		return nil, err
	}
	y, err := path.YearToDate(now.Year(), values[len(values)-over:], share)
	if err != nil {
		return nil, err
	}
	return &YearToDate{now.Year(), y.Months, y.Current, y.OnPath, y.Gap, y.Share, y.Projected, len(years)}, nil
}

// rolling sums the last twelve months. They stand for a year that ends with them.
func (o *Monthly) rolling(values []float64, now time.Time, targetYear int, baseline, final float64) {
	r := &Rolling{State: OK}
	for _, v := range values[len(values)-monthsOf:] {
		r.Value += v
	}
	r.Index = 100 * r.Value / baseline
	left := float64(targetYear) - (float64(now.Year()-1) + float64(now.Month()-1)/monthsOf)
	switch {
	case left <= 0 && r.Value <= final:
		r.State = Reached
	case left <= 0:
		r.State = Missed
	case r.Value <= final:
		r.State = Met
	default:
		rate := 100 * (1 - math.Pow(final/r.Value, 1/left))
		r.RatePct = &rate
	}
	o.Rolling = r
}
