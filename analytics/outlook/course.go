package outlook

import (
	"fmt"

	"jouleline/analytics"
	"jouleline/analytics/progress"
	"jouleline/analytics/target"
	"jouleline/metrics/indicator"
	"jouleline/schema/plan"
)

// course is an indicator year by year, the base year first.
type course struct {
	unit     string
	baseline *float64
	target   *float64 // percent
	of       string   // whom the plan sets it for
	years    []Year
}

// add takes in what progress says of a year. The base year is put before the
// first: it is 100 by definition, where it is known at all.
func (c *course) add(year, base int, p *progress.Indicator) {
	if c.years == nil {
		c.years = append(c.years, Year{Year: base, State: string(progress.NotEnoughData), Reason: "nothing is compared with it"})
	}
	if p == nil { // progress gives all four; an indicator that it lacks is not known
		c.years = append(c.years, Year{Year: year, State: string(progress.NotEnoughData), Reason: "not given"})
		return
	}
	y := Year{Year: year, Value: p.Current, State: string(p.State), Reason: p.Reason}
	c.target, c.of = p.TargetPct, p.TargetOf
	switch p.State {
	case progress.OK, progress.Met, progress.MixedSources:
		if p.ReductionPct == nil {
			break
		}
		index := 100 - *p.ReductionPct
		y.Index, y.Reduction = &index, p.ReductionPct
		c.baseline, c.unit = p.Baseline, p.Unit
		hundred, zero := 100., 0.
		c.years[0] = Year{Year: base, Value: p.Baseline, Index: &hundred, Reduction: &zero, State: string(progress.BaseYear)}
	}
	if c.unit == "" {
		c.unit = p.Unit
	}
	c.years = append(c.years, y)
}

// Codes of warnings.
const (
	CodeGap      analytics.Code = "years_left_out"
	CodeFewYears analytics.Code = "few_years"
	CodeMixed    analytics.Code = "mixed_sources"
)

// minYears is the least number of years in a row, the base year among them, from
// which anything is forecast: two leave no degree of freedom.
const minYears = 3

// fewYears is the number of years below which a probability is mostly the tail of
// Student's t.
const fewYears = 6

// judge forms the answer of an indicator.
func (c *course) judge(m indicator.Measure, p *plan.Plan, level float64) *Indicator {
	targetYear := p.TargetYear
	in := &Indicator{
		Indicator: m.String(), Unit: c.unit, Baseline: c.baseline, TargetPct: c.target, Years: c.years,
		Forecast: []Point{}, Models: []Model{}, Warnings: []analytics.Warning{},
	}
	if in.Unit == "" {
		in.Unit = m.Unit()
	}
	if c.target != nil && c.baseline != nil {
		v := *c.baseline * (1 - *c.target/100)
		in.Target = &v
	}
	run := c.run()
	if len(run) == 0 {
		in.State, in.Reason = NotEnoughData, "no year is known beside the base year"
		return in
	}
	last := run[len(run)-1]
	in.require(c, last, p, m)
	if last.Year >= targetYear {
		in.over(c, last)
		return in
	}
	in.Reason = fmt.Sprintf("%d years in a row are known, %d to %d", len(run), run[0].Year, last.Year)
	if len(run) < minYears {
		in.State, in.Reason = NotEnoughData, in.Reason+fmt.Sprintf("; a forecast wants %d", minYears)
		return in
	}
	in.State = OK
	switch {
	case c.target == nil:
		in.State, in.Reason = NoTarget, "the plan sets no target; "+in.Reason
	case *last.Reduction >= *c.target:
		in.State, in.Reason = Met, "the target is reached; the forecast tells whether it holds"
	}
	c.label(in, run)
	in.forecast(c, run, targetYear, level)
	return in
}

// run gives the known years in a row that end with the last known one.
func (c *course) run() []*Year {
	end := len(c.years)
	for end > 0 && c.years[end-1].Index == nil {
		end--
	}
	if end <= 1 {
		return nil // the base year alone
	}
	from := end
	for from > 0 && c.years[from-1].Index != nil {
		from--
	}
	var run []*Year
	for i := from; i < end; i++ {
		run = append(run, &c.years[i])
	}
	return run
}

// label says what a reader must know of the years.
func (c *course) label(in *Indicator, run []*Year) {
	for _, y := range run {
		y.Used = true
	}
	mixed := 0
	for _, y := range run {
		if y.State == string(progress.MixedSources) {
			mixed++
		}
	}
	if left := len(c.years) - len(run); left > 0 {
		in.warn(CodeGap, float64(left), 0, fmt.Sprintf("%d years do not take part: they are not known well enough, or lie before such a year", left))
	}
	if mixed > 0 {
		in.warn(CodeMixed, float64(mixed), 0, fmt.Sprintf("%d years come from another source than the base year", mixed))
	}
	if len(run) < fewYears {
		in.warn(CodeFewYears, float64(len(run)), fewYears, fmt.Sprintf("%d annual values: bounds and probability are mostly the tail of Student's t", len(run)))
	}
}

// over answers where the target year has passed.
func (in *Indicator) over(c *course, last *Year) {
	switch {
	case c.target == nil:
		in.State, in.Reason = NoTarget, "the plan sets no target, and its target year is over"
	case *last.Reduction >= *c.target:
		in.State, in.Reason = Reached, fmt.Sprintf("the target year is over, and in %d the target is reached", last.Year)
	default:
		in.State, in.Reason = Missed, fmt.Sprintf("the target year is over, and in %d the target is not reached", last.Year)
	}
}

// require tells how fast the indicator must fall from the last known year on.
func (in *Indicator) require(c *course, last *Year, p *plan.Plan, m indicator.Measure) {
	if c.target == nil {
		return
	}
	base := c.years[0].Year
	path, err := c.path(p, m, 100)
	if err != nil {
		return // a target of no reduction or a rise has no path
	}
	s, err := path.Status(last.Year, *last.Index, true)
	if err != nil {
		return
	}
	r := &Required{Year: last.Year, Path: string(p.Path), State: string(s.State), OnPath: &s.OnPath}
	percent := func(v float64) *float64 { v *= 100; return &v }
	if last.Year > base {
		r.AchievedRatePct = percent(s.AchievedRate)
	}
	if s.State == target.OnTrack || s.State == target.Behind {
		r.RatePct = percent(s.RequiredRate)
		perYear := s.RequiredPerYear
		if c.baseline != nil {
			perYear *= *c.baseline / 100
		}
		r.PerYear = &perYear
		if !s.UrgencyUndefined {
			r.Urgency = &s.Urgency
		}
	}
	in.Required = r
}

func (in *Indicator) warn(code analytics.Code, got, want float64, detail string) {
	in.Warnings = append(in.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
}
