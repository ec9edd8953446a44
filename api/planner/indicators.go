package planner

import (
	"context"
	"fmt"

	"jouleline/analytics/progress"
	"jouleline/api/contract"
	"jouleline/api/peer"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
)

// IndicatorsInput asks for the course of indicators.
type IndicatorsInput struct {
	query.GroupParams
	query.StretchParams
	Step       string   `query:"step" enum:"P1M,P1Y" default:"P1M" doc:"Length of the buckets; monthly values are per month, not annualised" example:"P1M"`
	Indicators []string `query:"indicator" maxItems:"7" nullable:"false" enum:"energy_per_area,energy_per_capita,water_per_capita,carbon_per_area,energy,water,carbon" doc:"Indicators and totals, separated by commas; left out: all" example:"energy_per_area,energy"`
	Panel      string   `query:"panel" enum:"all,matched,declared" default:"all" doc:"all, or declared for declared figures only" example:"all"`
	Boundary   string   `query:"boundary" enum:"as_is,as_was" default:"as_is" doc:"Places an institution that has moved where it stands at the end, or in each bucket where it stood then" example:"as_is"`
	query.KnownParam
	query.FactorParams
}

// IndicatorsAnswer is a course of indicators.
type IndicatorsAnswer struct {
	Scope    query.Subject     `json:"scope"`
	Step     string            `json:"step" example:"P1M"`
	TimeZone string            `json:"time_zone" doc:"Calendar of the buckets" example:"Asia/Shanghai"`
	Factors  progress.Factors  `json:"factors"`
	Points   []indicator.Point `json:"points" doc:"Bucket by bucket, in each the indicators in their order; buckets that have not begun are left out"`
	// MissingPartitions could not be asked.
	MissingPartitions []int `json:"missing_partitions,omitempty" doc:"Partitions whose books could not be asked, since their instance does not answer: numbers that would be smaller for it are null, and coverage counts their meters as unknown"`
}

func (s *Handlers) registerIndicators(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "indicators", Route: "GET /api/v1/indicators", Tag: contract.TagPlan,
		Summary: "Indicators and totals, bucket by bucket",
		Text: "The four indicators and the three totals of a region, department, class or institution by months or years. " +
			"A group's indicator is the ratio of sums, with day-weighted areas and headcounts. Declared figures serve in whole years only.",
	}, indicatorsTable, peer.Tolerant(s.indicators, withholdIndicatorsAnswer))
}

func (s *Handlers) indicators(ctx context.Context, in *IndicatorsInput) (*IndicatorsAnswer, error) {
	q := indicator.SeriesQuery{Panel: indicator.Panel(in.Panel), Boundary: indicator.Boundary(in.Boundary)}
	var err error
	if q.Scope, err = in.Group(); err != nil {
		return nil, err
	}
	if q.Step, err = calendar.ParseStep(in.Step); err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	for _, name := range in.Indicators {
		m, err := indicator.ParseMeasure(name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
		}
		q.Measures = append(q.Measures, m)
	}
	if q.Factors, err = s.FactorSet(&in.FactorParams); err != nil {
		return nil, err
	}
	q.Mode, q.MinCoverage = q.Factors.Mode, s.Plans[0].MinCoverage
	if q.KnownAt, err = in.Then(s.Now()); err != nil {
		return nil, err
	}
	about := query.Of(string(q.Scope.Level), q.Scope.ID)
	w, err := s.Ask(ctx, about, q.KnownAt)
	if err != nil {
		return nil, err
	}
	if err := s.stretch(w.Calendar(), in, &q); err != nil {
		return nil, err
	}
	prepared, err := w.Indicators()
	if err != nil {
		return nil, fmt.Errorf("prepare the registry: %w", err)
	}
	points, sides, err := prepared.Series(ctx, s.Books, q)
	if err != nil {
		return nil, err
	}
	a := &IndicatorsAnswer{
		Scope: about.Subject(prepared.Name(q.Scope, q.To-1)), Step: in.Step, TimeZone: w.TimeZone.String(),
		Factors: progress.Factors{Set: q.Factors.Name, Version: q.Factors.Version, Mode: string(q.Mode)}, Points: points,
	}
	if points == nil {
		a.Points = []indicator.Point{}
	}
	if sides != nil {
		if grid, ok := sides.Grid(); ok {
			value, _ := grid.Value.Float64()
			a.Factors.GridRegion, a.Factors.GridYear, a.Factors.GridValue = &grid.Region, &grid.Year, &value
		}
	}
	return a, nil
}

// stretch finds the days of the question and holds their number of buckets
// against the limit.
func (s *Handlers) stretch(zone *calendar.Zone, in *IndicatorsInput, q *indicator.SeriesQuery) error {
	days, err := in.Days(zone)
	if err != nil {
		return err
	}
	most := min(s.Limits.GroupPoints, indicator.MaxPoints)
	if _, err := zone.Buckets(in.From.At, in.To.At, q.Step, most); err != nil {
		return fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	q.From, q.To, q.Today = days.From, days.To, zone.DayOf(s.Now())
	if q.KnownAt != 0 {
		q.Today = zone.DayOf(q.KnownAt)
	}
	return nil
}

func indicatorsTable(a *IndicatorsAnswer) table.Table {
	return table.Table{
		Zone: table.ZoneOf(a.TimeZone),
		Columns: append(query.SubjectColumns(), []table.Column{
			table.Instant("start"), table.Instant("end"), table.Text("indicator"), table.Text("unit"), table.Number("value"), table.Number("coverage"), table.Number("estimated_share"),
		}...),
		Rows: func(yield func([]any) bool) {
			for i := range a.Points {
				p := &a.Points[i]
				if !yield(append(a.Scope.Cells(), p.Start, p.End, p.Indicator, p.Unit, table.Opt(p.Value), table.Opt(p.Coverage), table.Opt(p.EstimatedShare))) {
					return
				}
			}
		},
	}
}
