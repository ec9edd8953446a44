package planner

import (
	"context"
	"fmt"

	"jouleline/analytics/standing"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// BenchmarkInput asks where an institution, or each of a class, stands.
type BenchmarkInput struct {
	Institution string   `query:"institution" maxLength:"64" doc:"Institution that is placed among its class" example:"S01"`
	Class       string   `query:"class" enum:"state_organ,education,science,culture,health,sport,other,association" doc:"Class that is ranked instead" example:"education"`
	Within      string   `query:"within" maxLength:"64" doc:"Region whose institutions are the peers; left out: everywhere" example:"370000"`
	Zone        string   `query:"zone" enum:"A,B" doc:"Climate zone (of DB37/T 2672) that the peers are limited to" example:"B"`
	Year        int      `query:"year" required:"true" minimum:"1970" maximum:"2199" doc:"Year, which must be over" example:"2023"`
	Indicator   string   `query:"indicator" enum:"energy_per_area,energy_per_capita,water_per_capita,carbon_per_area" default:"energy_per_area" doc:"What is compared" example:"energy_per_area"`
	Quotas      []string `query:"quota" maxItems:"20" nullable:"false" doc:"Ids of consumption standards to judge by besides those that are meant for the class, separated by commas" example:"gb51161-2016-cold-a"`
	Level       float64  `query:"level" exclusiveMinimum:"0" exclusiveMaximum:"1" default:"0.9" doc:"Confidence of the intervals" example:"0.9"`
	Limit       int      `query:"limit" minimum:"1" doc:"Most rows of the ranking; left out: as many as are allowed" example:"100"`
	Seed        uint64   `query:"seed" default:"1" doc:"Seed of the ranks' intervals" example:"1"`
	query.KnownParam
	query.FactorParams
}

func (s *Handlers) registerBenchmark(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "benchmark", Route: "GET /api/v1/benchmark", Tag: contract.TagPlan,
		Summary: "Where an institution stands among its peers and against quotas",
		Text: "Either an institution: its percentile among the institutions of its class with an interval, and what consumption standards say of it. Or a class: its members in order, each with the range of ranks that the data allow. " +
			"Peers are fully known in the year, the others are named with the reason. A group of fewer than ten says so; of fewer than three the state is not_enough_data. " +
			"Quotas carry the mark of their source: none was checked against the standard's own text.",
	}, benchmarkTable, s.Benchmark)
}

// Benchmark answers GET /api/v1/benchmark.
func (s *Handlers) Benchmark(ctx context.Context, in *BenchmarkInput) (*standing.Answer, error) {
	about, err := query.Only([]query.Target{query.Of(string(indicator.ByInstitution), in.Institution), query.Of(string(indicator.ByClass), in.Class)})
	if err != nil {
		return nil, err
	}
	if in.Institution == "" && in.Within != "" {
		about = query.Of(string(indicator.ByRegion), in.Within) // a caller limited to a region may rank it
	}
	if err := s.Permit(ctx, about); err != nil {
		return nil, err
	}
	q := standing.Query{
		Institution: in.Institution, Class: schema.Class(in.Class), Within: in.Within, Zone: in.Zone, Year: in.Year, Level: in.Level,
		Seed: in.Seed, Limit: s.Limits.Worst, Quotas: in.Quotas, Sets: s.Factors, Standards: s.standards,
		MinCoverage: s.Plans[0].MinCoverage, Now: s.Now(),
	}
	if in.Limit > 0 {
		q.Limit = min(in.Limit, q.Limit)
	}
	if q.Measure, err = indicator.ParseMeasure(in.Indicator); err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	if q.Factors, err = s.FactorSet(&in.FactorParams); err != nil {
		return nil, err
	}
	q.Mode = q.Factors.Mode
	if q.KnownAt, err = in.Then(s.Now()); err != nil {
		return nil, err
	}
	if q.KnownAt != 0 {
		q.Now = q.KnownAt
	}
	w, err := s.World(ctx, q.KnownAt)
	if err != nil {
		return nil, err
	}
	prepared, err := w.Indicators()
	if err != nil {
		return nil, fmt.Errorf("prepare the registry: %w", err)
	}
	return standing.Compare(ctx, prepared, s.Books, q)
}

// The words of the column kind of a benchmark.
const (
	placeRow   = "place"
	rankRow    = "rank"
	quotaRow   = "quota"
	leftOutRow = "left_out"
)

// benchmarkTable gives a row for the place or for each rank, for each quota, and
// for each institution that was left out.
func benchmarkTable(a *standing.Answer) table.Table {
	return table.Table{
		Columns: []table.Column{
			table.Text("kind"), table.Text("institution"), table.Text("name"), table.Text("indicator"), table.Text("unit"), table.Integer("year"), table.Number("value"),
			table.Integer("rank"), table.Number("rank_low"), table.Number("rank_high"), table.Number("percentile"), table.Number("percentile_low"), table.Number("percentile_high"),
			table.Text("band"), table.Text("quota"), table.Number("constraint"), table.Number("base"), table.Number("guide"), table.Text("verdict"), table.Text("state"), table.Text("reason"),
		},
		Rows: func(yield func([]any) bool) {
			year, state := int64(a.Year), string(a.State)
			none := func(n int) []any { return make([]any, n) }
			row := func(parts ...[]any) bool {
				var cells []any
				for _, p := range parts {
					cells = append(cells, p...)
				}
				return yield(cells)
			}
			end := []any{state, a.Reason}
			if p := a.Place; p != nil {
				if !row([]any{placeRow, p.Institution, p.Name, a.Indicator, a.Unit, year, p.Value}, none(3),
					[]any{p.Percentile, p.Interval[0], p.Interval[1], p.Band}, none(5), end) {
					return
				}
			}
			for i := range a.Ranking {
				r := &a.Ranking[i]
				if !row([]any{rankRow, r.Institution, r.Name, a.Indicator, a.Unit, year, r.Value, int64(r.Rank), table.Opt(r.RankLow), table.Opt(r.RankHigh), r.Percentile},
					none(2), []any{r.Band}, none(5), end) {
					return
				}
			}
			institution := ""
			if a.Place != nil {
				institution = a.Place.Institution
			}
			for i := range a.Quotas {
				o := &a.Quotas[i]
				if !row([]any{quotaRow, institution, "", string(o.Metric), o.Unit, year, table.Opt(o.Value)}, none(7),
					[]any{o.ID, table.Opt(o.Constraint), table.Opt(o.Base), table.Opt(o.Guide), string(o.Verdict)}, end) {
					return
				}
			}
			for _, l := range a.LeftOut {
				if !row([]any{leftOutRow, l.Institution, l.Name, a.Indicator, a.Unit, year}, none(13), []any{string(standing.NotEnoughData), l.Reason}) {
					return
				}
			}
			if a.Place == nil && len(a.Ranking)+len(a.Quotas)+len(a.LeftOut) == 0 {
				row([]any{placeRow, "", "", a.Indicator, a.Unit, year}, none(13), end)
			}
		},
	}
}
