package allocate

import (
	"context"
	"fmt"

	"jouleline/analytics/progress"
	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema/plan"
)

// Query asks how the target of a scope is divided among its parts. Year of the
// progress query does not count: the base year is what is divided.
type Query struct {
	progress.Query
	By      indicator.Level
	Measure indicator.Measure
	Method  Method
}

// Answer is a target divided among the parts of a scope.
type Answer struct {
	Scope       progress.Scope   `json:"scope"`
	By          string           `json:"by" example:"region"`
	Plan        string           `json:"plan" example:"14fyp"`
	PlanVersion string           `json:"plan_version" example:"b35638a6524d"`
	BaseYear    int              `json:"base_year" example:"2020"`
	TargetYear  int              `json:"target_year" example:"2025"`
	Indicator   string           `json:"indicator" example:"energy_per_area"`
	Method      Method           `json:"method" example:"equal_rate"`
	Factors     progress.Factors `json:"factors"`
	Unit        string           `json:"unit" doc:"Of intensities" example:"kgce/m2"`
	TargetPct   float64          `json:"target_pct" doc:"Target of the whole" example:"5"`
	Reference   *float64         `json:"reference" doc:"Intensity of good practice, the lower quartile of the parts; null unless by intensity_gap"`
	Amount      float64          `json:"amount" doc:"Sum of the parts in the base year: the indicator's numerator, in kgce, m3 or kgCO2"`
	Required    float64          `json:"required" doc:"By how much the whole must fall, the activity being that of the base year"`
	Allocated   float64          `json:"allocated" doc:"By how much the parts fall together"`
	Missing     float64          `json:"missing" doc:"required - allocated; 0 where the parts meet the whole"`
	Meets       bool             `json:"meets" doc:"Whether the parts meet the whole: never where a part is not known"`
	Reason      string           `json:"reason" doc:"The same in words"`
	Parts       []Part           `json:"parts"`
}

// Part is what one part has to do.
type Part struct {
	Scope     progress.Scope `json:"scope"`
	State     State          `json:"state" doc:"ok or not_enough_data"`
	Reason    string         `json:"reason" doc:"The state in words"`
	Amount    *float64       `json:"amount" doc:"In the base year"`
	Activity  *float64       `json:"activity" doc:"m2 or persons in the base year"`
	Intensity *float64       `json:"intensity" doc:"In the base year"`
	Gap       *float64       `json:"gap" doc:"What it used beyond the reference; null unless by intensity_gap"`
	Cut       *float64       `json:"cut" doc:"By how much it must fall"`
	TargetPct *float64       `json:"target_pct" doc:"The same in percent of its own base year"`
	Target    *float64       `json:"target" doc:"Intensity that it must reach"`
	TargetOf  string         `json:"target_of" doc:"By method given: whom the plan set that target for; empty for everybody"`
}

// State is what can be said of a part.
type State string

// The states.
const (
	OK            State = "ok"
	NotEnoughData State = "not_enough_data"
)

// Allocate answers a question. The error wraps [progress.ErrQuery] or
// [indicator.ErrUnknownScope] where the question is at fault.
func Allocate(ctx context.Context, w *indicator.World, source indicator.Source, q Query) (*Answer, error) {
	base := q.Baseline
	if base == 0 {
		base = q.Plan.BaseYear
	}
	stretch := indicator.YearStretch(base)
	if now := q.Now.Time().In(w.Registry().TimeZone); now.Year() <= base {
		return nil, fmt.Errorf("base year %d: %w: it is not over", base, progress.ErrQuery)
	}
	s, err := w.Read(ctx, source, indicator.Spec{
		Scope: q.Scope, Sides: [2]indicator.Stretch{indicator.Current: stretch}, Factors: q.Factors, Mode: q.Mode, Panel: q.Panel, Boundary: q.Boundary,
		MinCoverage: q.Plan.MinCoverage, KnownAt: q.KnownAt,
	})
	if err != nil {
		return nil, err
	}
	day := stretch.Days.To - 1
	places := placesOf(w.Above(q.Scope, day))
	whole, ok := q.Plan.TargetOf(q.Measure.String(), places...)
	if !ok {
		return nil, fmt.Errorf("%s of %s: %w: plan %s sets no target to divide", q.Measure, q.Scope, progress.ErrQuery, q.Plan.Name)
	}
	a := &Answer{
		Scope: progress.ScopeOf(indicator.Group{Scope: q.Scope, Name: w.Name(q.Scope, day)}), By: string(q.By), Plan: q.Plan.Name, PlanVersion: q.Plan.Version,
		BaseYear: base, TargetYear: q.Plan.TargetYear, Indicator: q.Measure.String(), Method: q.Method,
		Factors: progress.FactorsOf(s, q.Factors), Unit: q.Measure.Unit(), Parts: []Part{},
	}
	a.TargetPct, _ = whole.Percent.Float64()
	var shares []Share
	var of []int // the part of each share
	for g, t := range s.Breakdown(q.By) {
		p := Part{Scope: progress.ScopeOf(g), State: OK}
		share := p.read(s, t, q.Measure, q.Plan)
		if p.State == OK {
			target := whole
			if own, ok := q.Plan.TargetOf(q.Measure.String(), append(placesOf(w.Above(g.Scope, day)), places...)...); ok {
				target = own
			}
			share.Given, _ = target.Percent.Float64()
			share.Given /= 100
			if q.Method == Given {
				p.TargetOf = target.Place.String()
			}
			shares, of = append(shares, share), append(of, len(a.Parts))
		}
		a.Parts = append(a.Parts, p)
	}
	d, err := Divide(q.Method, a.TargetPct/100, shares)
	if err != nil {
		return nil, err
	}
	a.fill(d, shares, of)
	return a, nil
}

// read finds what is known of a part in the base year.
func (p *Part) read(s *indicator.Sides, t *indicator.Tally, m indicator.Measure, plan *plan.Plan) (share Share) {
	var v indicator.View
	s.View(&v, t, indicator.Current, m)
	least, _ := plan.MinCoverage.Float64()
	coverage := v.Coverage(new(exact.Fraction), new(float64))
	var known bool
	share.Amount, share.Activity, known = s.Amounts(t, indicator.Current, m)
	switch {
	case v.Institutions == 0:
		p.State, p.Reason = NotEnoughData, "no institution existed in the base year"
	case !s.Speaks(&v) || !known:
		p.State, p.Reason = NotEnoughData, fmt.Sprintf("%d of %d institutions are fully known in the base year, want a share of %v", v.Counted, v.Institutions, least)
	case coverage != nil && *coverage < least:
		p.State, p.Reason = NotEnoughData, fmt.Sprintf("coverage of the base year is %.3f, want %v", *coverage, least)
	}
	return share
}

// fill writes down the division.
func (a *Answer) fill(d *Division, shares []Share, of []int) {
	if a.Method == IntensityGap {
		a.Reference = &d.Reference
	}
	for i, at := range of {
		p, s := &a.Parts[at], shares[i]
		a.Amount += s.Amount
		intensity := s.Amount / s.Activity
		p.Amount, p.Activity, p.Intensity, p.Cut = &s.Amount, &s.Activity, &intensity, &d.Cut[i]
		if a.Method == IntensityGap {
			p.Gap = &d.Gap[i]
		}
		percent, target := 0., (s.Amount-d.Cut[i])/s.Activity
		if s.Amount > 0 {
			percent = 100 * d.Cut[i] / s.Amount
		}
		p.TargetPct, p.Target = &percent, &target
	}
	a.Required, a.Allocated = d.Required, d.Allocated
	const assumed = ", if the parts keep the activity of the base year"
	unknown := len(a.Parts) - len(of)
	switch {
	case !d.Meets():
		a.Missing = d.Required - d.Allocated
		a.Reason = fmt.Sprintf("the parts fall by %.2f %% together, which misses %.6g %%", 100*d.Allocated/a.Amount, a.TargetPct)
	case unknown > 0:
		a.Reason = fmt.Sprintf("the known parts meet %.6g %% among themselves; %d of %d parts are not known and got none%s", a.TargetPct, unknown, len(a.Parts), assumed)
	default:
		a.Meets, a.Reason = true, fmt.Sprintf("the parts meet %.6g %%%s", a.TargetPct, assumed)
	}
}

// placesOf gives the plan's words for scopes, everybody last.
func placesOf(scopes []indicator.Scope) []plan.Place {
	var list []plan.Place
	for _, s := range scopes {
		list = append(list, progress.PlaceOf(s))
	}
	return append(list, plan.Place{})
}
