package planner

import (
	"context"
	"fmt"

	"jouleline/analytics/outlook"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/indicator"
)

// ForecastInput asks whether a group will meet its targets.
type ForecastInput struct {
	query.GroupParams
	Plan        string   `query:"plan" maxLength:"64" doc:"Plan whose targets count; left out: 14fyp" example:"14fyp"`
	Indicators  []string `query:"indicator" maxItems:"4" nullable:"false" enum:"energy_per_area,energy_per_capita,water_per_capita,carbon_per_area" doc:"Indicators, separated by commas; left out: all four" example:"energy_per_area"`
	Totals      bool     `query:"totals" doc:"Also energy, water and carbon in total against the caps; always so where no indicator is named" example:"true"`
	Basis       string   `query:"basis" enum:"years,months" default:"years" doc:"years: from annual values; months: also simulates annual totals from months, where three years of them are known" example:"years"`
	Seed        uint64   `query:"seed" default:"1" doc:"Seed of the simulation; the same seed gives the same answer" example:"1"`
	LastYear    int      `query:"last_year" minimum:"1970" maximum:"2199" doc:"Last year that may take part: what would have been forecast then; left out: the last year that is over" example:"2023"`
	Level       float64  `query:"level" exclusiveMinimum:"0" exclusiveMaximum:"1" default:"0.9" doc:"Confidence of the bounds" example:"0.9"`
	Baseline    string   `query:"baseline" maxLength:"64" doc:"Another base year than the plan's, or the version of the baseline: first as it was first set, or the name of a recalculation; left out: the latest recalculation" example:"2020"`
	Adjustments string   `query:"adjustments" enum:"with,without" default:"without" doc:"Whether the non-routine adjustments of the registry count in both years" example:"without"`
	Panel       string   `query:"panel" enum:"all,matched,declared" default:"all" doc:"all: every institution in each year in which it exists; matched: those that exist in both; declared: declared figures only" example:"all"`
	Boundary    string   `query:"boundary" enum:"as_is,as_was" default:"as_is" doc:"Places an institution that has moved where it stands at the end of the year, or in each year where it stood then" example:"as_is"`
	query.KnownParam
	query.FactorParams
}

func (s *Handlers) registerForecast(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "forecast", Route: "GET /api/v1/forecast", Tag: contract.TagPlan,
		Summary: "Whether the targets will be met, and how sure that is",
		Text: "The four indicators year by year since the base year, their forecast until the target year by the model that would have forecast best so far (drift, least squares, Theil-Sen or damped trend), " +
			"the probability of meeting the target with the degrees of freedom behind it, and the fall a year that is required from now on; and the totals of energy (tce), water (m3) and carbon (tCO2) with the probability of staying under the plan's caps. " +
			"Only years that are over and known well enough take part; the others stand in the answer with their state. Where fewer than three are known the state is not_enough_data and there is no forecast.",
	}, forecastTable, s.Forecast)
}

// Forecast answers GET /api/v1/forecast.
func (s *Handlers) Forecast(ctx context.Context, in *ForecastInput) (*outlook.Answer, error) {
	w, asked, err := s.ProgressQuery(ctx, &ProgressInput{
		GroupParams: in.GroupParams, Plan: in.Plan, Baseline: in.Baseline, Adjustments: in.Adjustments, Panel: in.Panel, Boundary: in.Boundary, KnownParam: in.KnownParam, FactorParams: in.FactorParams,
	})
	if err != nil {
		return nil, err
	}
	q := outlook.Query{Query: asked, Level: in.Level, Months: in.Basis == "months", Totals: len(in.Indicators) == 0 || in.Totals, Seed: in.Seed, LastYear: in.LastYear}
	for _, name := range in.Indicators {
		m, err := indicator.ParseMeasure(name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
		}
		q.Indicators = append(q.Indicators, m)
	}
	return outlook.Look(ctx, w, s.Books, q)
}

// The words of the column kind.
const (
	knownYear    = "known"
	forecastYear = "forecast"
)

// forecastTable gives a row for each year of each indicator, known or forecast.
func forecastTable(a *outlook.Answer) table.Table {
	subject := query.Subject{Region: a.Scope.Region, Department: a.Scope.Department, Class: a.Scope.Class, Institution: a.Scope.Institution, Name: a.Scope.Name}
	return table.Table{
		Columns: append(query.SubjectColumns(), []table.Column{
			table.Text("indicator"), table.Text("unit"), table.Integer("year"), table.Text("kind"), table.Number("value"), table.Number("value_low"), table.Number("value_high"),
			table.Number("index"), table.Number("index_low"), table.Number("index_high"), table.Number("reduction_pct"), table.Number("target_pct"),
			table.Text("state"), table.Text("reason"), table.Text("method"), table.Number("probability"), table.Integer("df"),
		}...),
		Rows: func(yield func([]any) bool) {
			for i := range a.Indicators {
				in := &a.Indicators[i]
				for _, y := range in.Years {
					if !yield(append(subject.Cells(), in.Indicator, in.Unit, int64(y.Year), knownYear, table.Opt(y.Value), nil, nil,
						table.Opt(y.Index), nil, nil, table.Opt(y.Reduction), table.Opt(in.TargetPct), y.State, y.Reason, "", nil, nil)) {
						return
					}
				}
				var chance, df any
				for k, p := range in.Forecast {
					if k == len(in.Forecast)-1 && in.Probability != nil {
						chance, df = in.Probability.P, int64(in.Probability.DF)
					}
					if !yield(append(subject.Cells(), in.Indicator, in.Unit, int64(p.Year), forecastYear, table.Opt(p.Value), table.Opt(p.ValueLow), table.Opt(p.ValueHigh),
						p.Index, p.Low, p.High, p.Reduction, table.Opt(in.TargetPct), string(in.State), in.Reason, in.Method, chance, df)) {
						return
					}
				}
				if len(in.Forecast) == 0 && !yield(append(subject.Cells(), in.Indicator, in.Unit, int64(a.TargetYear), forecastYear, nil, nil, nil,
					nil, nil, nil, nil, table.Opt(in.TargetPct), string(in.State), in.Reason, "", nil, nil)) {
					return
				}
			}
			for i := range a.Totals {
				if !totalRows(subject.Cells(), a.TargetYear, &a.Totals[i], yield) {
					return
				}
			}
		},
	}
}

// totalRows gives the years of a total; its indices and reductions are empty.
func totalRows(subject []any, targetYear int, t *outlook.Total, yield func([]any) bool) bool {
	row := func(year int, kind string, value, low, high any, method string, chance, df any) bool {
		return yield(append(subject[:len(subject):len(subject)], t.Total, t.Unit, int64(year), kind, value, low, high,
			nil, nil, nil, nil, nil, string(t.State), t.Reason, method, chance, df))
	}
	for _, y := range t.Years {
		if !row(y.Year, knownYear, table.Opt(y.Value), nil, nil, "", nil, nil) {
			return false
		}
	}
	for k, p := range t.Forecast {
		var chance, df any
		if k == len(t.Forecast)-1 && t.Probability != nil {
			chance, df = t.Probability.P, int64(t.Probability.DF)
		}
		if !row(p.Year, forecastYear, p.Value, p.Low, p.High, t.Method, chance, df) {
			return false
		}
	}
	return len(t.Forecast) > 0 || row(targetYear, forecastYear, nil, nil, nil, "", nil, nil)
}
