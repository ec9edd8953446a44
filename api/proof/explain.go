package proof

import (
	"context"
	"fmt"

	"jouleline/analytics/progress"
	"jouleline/api/contract"
	"jouleline/api/planner"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/metrics/calendar"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// ExplainInput asks how a figure came about.
type ExplainInput struct {
	query.SubjectParams
	Figure      string       `query:"figure" enum:"consumption,indicator,reduction" default:"consumption" doc:"consumption over from..to; an indicator of a group over from..to, which lie in one year; or the reduction of an indicator from the base year to year" example:"consumption"`
	Carrier     string       `query:"carrier" enum:"electricity,natural_gas,water,heat,cooling,gasoline,diesel,kerosene,coal,lpg,fuel_oil,other" doc:"What was used; needed for the consumption of anything but a meter" example:"electricity"`
	Indicator   string       `query:"indicator" enum:"energy_per_area,energy_per_capita,water_per_capita,carbon_per_area,energy,water,carbon" default:"energy_per_area" doc:"Indicator or total; a reduction is of one of the four indicators" example:"energy_per_area"`
	From        query.Moment `query:"from" doc:"First moment of the stretch; needed unless a reduction is asked for" example:"2023-05-01T00:00:00+08:00"`
	To          query.Moment `query:"to" doc:"End of the stretch, which is not in it any more; likewise" example:"2023-05-03T00:00:00+08:00"`
	Year        int          `query:"year" minimum:"1970" maximum:"2199" doc:"Year that a reduction compares with the base year" example:"2023"`
	Plan        string       `query:"plan" maxLength:"64" doc:"Plan whose targets count; left out: 14fyp" example:"14fyp"`
	Baseline    string       `query:"baseline" maxLength:"64" doc:"Another base year than the plan's, or the version of the baseline: first as it was first set, or the name of a recalculation; left out: the latest recalculation" example:"2020"`
	Adjustments string       `query:"adjustments" enum:"with,without" default:"without" doc:"Whether the non-routine adjustments of the registry count in both years" example:"without"`
	Panel       string       `query:"panel" enum:"all,matched,declared" default:"all" doc:"As of progress" example:"all"`
	Boundary    string       `query:"boundary" enum:"as_is,as_was" default:"as_is" doc:"As of progress" example:"as_is"`
	Depth       int          `query:"depth" minimum:"0" maximum:"4" default:"0" doc:"How far consumption is opened: 1 the whole, 2 meters, 3 days, 4 spans with their readings; 0 as far as the answer stays small" example:"4"`
	Limit       int          `query:"limit" minimum:"1" maximum:"1000" default:"20" doc:"Most institutions that are listed, the largest first; the others are summed in one part" example:"20"`
	Skip        int          `query:"skip" minimum:"0" default:"0" doc:"Institutions that are passed over before those that are listed, in the consumption of a region, department or class; they are summed in one part" example:"0"`
	query.KnownParam
	query.FactorParams
}

func (s *Handlers) registerExplain(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "explain", Route: "GET /api/v1/explain", Tag: contract.TagPlan,
		Summary: "How a figure came about, down to its readings",
		Text: "A tree whose numbers add up exactly to the figure: consumption of a group down to its institutions, page by page; of an institution down to meters, days, spans and the readings at their ends, with rules, events, corrections and what was estimated; " +
			"an indicator down to carriers with their source and factor, areas and headcounts with their days; a reduction down to both its sides. Also as indented text (Accept: text/plain).",
	}, nil, s.Explain)
}

// Explain answers GET /api/v1/explain.
func (s *Handlers) Explain(ctx context.Context, in *ExplainInput) (*ExplainAnswer, error) {
	about, err := in.Target()
	if err != nil {
		return nil, err
	}
	if err := s.Permit(ctx, about); err != nil {
		return nil, err
	}
	switch in.Figure {
	case "indicator":
		return s.explainIndicator(ctx, in, about)
	case "reduction":
		return s.explainReduction(ctx, in)
	}
	return s.explainConsumption(ctx, in, about)
}

// stretch gives from and to, both of which must be there.
func (in *ExplainInput) stretch() (*query.StretchParams, error) {
	if !in.From.Given || !in.To.Given {
		return nil, fmt.Errorf("%w: from and to: both are needed to explain a %s", problem.ErrQuestion, in.Figure)
	}
	p := &query.StretchParams{From: in.From, To: in.To}
	return p, p.Check()
}

// explainIndicator opens an indicator of one side.
func (s *Handlers) explainIndicator(ctx context.Context, in *ExplainInput, about query.Target) (*ExplainAnswer, error) {
	scope, err := in.Group()
	if err != nil {
		return nil, err
	}
	stretch, err := in.stretch()
	if err != nil {
		return nil, err
	}
	m, err := indicator.ParseMeasure(in.Indicator)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	spec := indicator.Spec{
		Scope: scope, Panel: indicator.Panel(in.Panel), Boundary: indicator.Boundary(in.Boundary), MinCoverage: s.Plans[0].MinCoverage,
	}
	if spec.Factors, err = s.FactorSet(&in.FactorParams); err != nil {
		return nil, err
	}
	spec.Mode = spec.Factors.Mode
	if spec.KnownAt, err = in.Then(s.Now()); err != nil {
		return nil, err
	}
	w, err := s.World(ctx, spec.KnownAt)
	if err != nil {
		return nil, err
	}
	if spec.Sides[indicator.Current], err = s.side(stretch, w.Calendar(), spec.KnownAt); err != nil {
		return nil, err
	}
	prepared, err := w.Indicators()
	if err != nil {
		return nil, fmt.Errorf("prepare the registry: %w", err)
	}
	sides, err := prepared.Read(ctx, s.Books, spec)
	if err != nil {
		return nil, err
	}
	q := explain.Question{
		Sides: sides, Tally: sides.Total(), Side: indicator.Current, Measure: m, Registry: w.Registry, Limit: in.Limit,
		Group: indicator.Group{Scope: scope, Name: prepared.Name(scope, spec.Sides[indicator.Current].Days.To-1)},
	}
	q.Own = sides.Own(q.Group)
	var v indicator.View
	sides.View(&v, q.Tally, q.Side, m)
	if q.Figure = v.All; !sides.Speaks(&v) {
		if declared := sides.Declared(q.Tally, q.Own, q.Side, m); len(declared) > 0 {
			q.Figure, q.Of = declared[0], explain.Itself
		}
	}
	a := explained(explain.Indicator(&q), w.Calendar(), in, spec.KnownAt)
	a.Scope = about.Subject(q.Group.Name)
	a.Factors = factorsOf(sides)
	return a, nil
}

// side finds the days of one year, those that have passed.
func (s *Handlers) side(stretch *query.StretchParams, zone *calendar.Zone, knownAt schema.Instant) (side indicator.Stretch, err error) {
	days, err := stretch.Days(zone)
	if err != nil {
		return side, err
	}
	today := zone.DayOf(s.Now())
	if knownAt != 0 {
		today = zone.DayOf(knownAt)
	}
	year, _, _ := days.From.Date()
	if last, _, _ := (days.To - 1).Date(); last != year {
		return side, fmt.Errorf("%w: from and to: got days of %d and %d, want a stretch within one year", problem.ErrQuestion, year, last)
	}
	if days.To = min(days.To, today); days.From >= days.To {
		return side, fmt.Errorf("%w: from: got %s, want a day that has passed", problem.ErrQuestion, days.From)
	}
	return indicator.Stretch{Days: days, Year: year}, nil
}

// explainReduction opens a reduction.
func (s *Handlers) explainReduction(ctx context.Context, in *ExplainInput) (*ExplainAnswer, error) {
	if in.Year == 0 {
		return nil, fmt.Errorf("%w: year: needed to explain a reduction", problem.ErrQuestion)
	}
	m, err := indicator.ParseMeasure(in.Indicator)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	prepared, q, err := s.planner.ProgressQuery(ctx, &planner.ProgressInput{
		GroupParams: in.GroupParams, Plan: in.Plan, Year: in.Year, Baseline: in.Baseline, Adjustments: in.Adjustments, Panel: in.Panel, Boundary: in.Boundary,
		KnownParam: in.KnownParam, FactorParams: in.FactorParams,
	})
	if err != nil {
		return nil, err
	}
	w, err := s.World(ctx, q.KnownAt)
	if err != nil {
		return nil, err
	}
	d, err := progress.Detailed(ctx, prepared, s.Books, q, m)
	if err != nil {
		return nil, err
	}
	open := func(side indicator.Side, chosen progress.Chosen) *explain.Node {
		of := explain.AllMembers
		switch {
		case chosen.Itself:
			of = explain.Itself
		case chosen.Comparable:
			of = explain.ComparedMembers
		}
		return explain.Indicator(&explain.Question{
			Sides: d.Sides, Tally: d.Tally, Own: d.Own, Group: d.Group, Side: side, Measure: m,
			Figure: chosen.Figure, Of: of, Registry: w.Registry, Limit: in.Limit,
		})
	}
	base := indicator.Base
	if d.State == progress.BaseYear {
		base = indicator.Current
	}
	tree := explain.Reduction(fmt.Sprintf("reduction of %s of %s from %d to %d", m, d.Group.Name, d.BaseYear, d.Year),
		open(base, d.Base), open(indicator.Current, d.Shown), d.Compared, explain.Goal{Plan: q.Plan.Name, Target: d.Target, Pace: d.Pace, Paced: d.Paced})
	state := "state: " + string(d.State)
	if d.Reason != "" {
		state += ": " + d.Reason
	}
	tree.Notes = append(tree.Notes, state)
	a := explained(tree, w.Calendar(), in, q.KnownAt)
	a.Scope = query.Of(string(q.Scope.Level), q.Scope.ID).Subject(d.Group.Name)
	a.Factors, a.Progress = factorsOf(d.Sides), &d.Indicator
	return a, nil
}

// factorsOf names the factor set of sides.
func factorsOf(sides *indicator.Sides) *progress.Factors {
	set := sides.Factors()
	f := &progress.Factors{Set: set.Name, Version: set.Version, Mode: string(sides.Mode())}
	if grid, ok := sides.Grid(); ok {
		value, _ := grid.Value.Float64()
		f.GridRegion, f.GridYear, f.GridValue = &grid.Region, &grid.Year, &value
	}
	return f
}
