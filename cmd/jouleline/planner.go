package main

import (
	"context"
	"net/url"
	"strconv"
)

// PlanFlags choose the plan and the institutions of a planner's question.
type PlanFlags struct {
	Plan     string `help:"Plan: 14fyp, or one of the server's folder of plans (see: jouleline plans)." default:"14fyp"`
	Panel    string `help:"all, matched or declared." default:"all"`
	Boundary string `help:"as_is or as_was." default:"as_is"`
}

func (p *PlanFlags) add(query url.Values) {
	set(query, "plan", p.Plan)
	set(query, "panel", p.Panel)
	set(query, "boundary", p.Boundary)
}

// ForecastCmd tells whether the targets will be met.
type ForecastCmd struct {
	Remote
	ScopeFlags
	FactorFlags
	BaselineFlags
	PlanFlags
	Indicator string `help:"Indicators, separated by commas; left out: all four, and the totals."`
	Totals    bool   `help:"Also energy, water and carbon in total against the caps of the plan."`
	Basis     string `help:"years, or months to simulate annual totals too." enum:"years,months" default:"years"`
	Seed      uint64 `help:"Seed of the simulation." default:"1"`
	Level     string `help:"Confidence of the bounds." default:"0.9"`
	LastYear  int    `help:"Last year that may take part: what would have been forecast then."`
}

// Help gives examples.
func (*ForecastCmd) Help() string {
	return `    jouleline forecast --region 370000
    jouleline forecast --region 370000 --last-year 2023 --totals

The second one asks what would have been forecast at the end of 2023.`
}

// Run asks for the forecast and prints it.
func (c *ForecastCmd) Run(ctx context.Context, std streams) error {
	query := c.query()
	c.FactorFlags.add(query)
	c.BaselineFlags.add(query)
	c.PlanFlags.add(query)
	set(query, "indicator", c.Indicator)
	set(query, "level", c.Level)
	query.Set("basis", c.Basis)
	if c.Totals {
		query.Set("totals", "true")
	}
	if c.LastYear != 0 {
		query.Set("last_year", strconv.Itoa(c.LastYear))
	}
	query.Set("seed", strconv.FormatUint(c.Seed, 10))
	return c.show(ctx, std, "/api/v1/forecast", query, nil)
}

// DecompositionCmd tells because of what energy or carbon has changed.
type DecompositionCmd struct {
	Remote
	ScopeFlags
	FactorFlags
	PlanFlags
	FromYear int    `help:"First year." required:""`
	ToYear   int    `help:"Second year." required:""`
	By       string `help:"Parts whose shares are the structure: region, department, class or institution." default:"class"`
	Of       string `help:"energy or carbon." enum:"energy,carbon" default:"energy"`
	Activity string `help:"area or people." enum:"area,people" default:"area"`
	Chained  bool   `help:"Also year by year."`
	Weather  string `help:"apart: as a factor of its own where it can be told from intensity; in_intensity: not looked for." enum:"apart,in_intensity" default:"apart"`
}

// Help tells what the factors are.
func (*DecompositionCmd) Help() string {
	return `Activity is the floor area or the people, structure the shares of the parts,
intensity what each part uses per square metre or person. The effects add up.
Weather is told from intensity where months are metered and the buildings'
stations have the temperatures of both years (weather.csv); else a warning says why.

    jouleline decomposition --region 370000 --from-year 2020 --to-year 2023
    jouleline decomposition --region 370000 --from-year 2020 --to-year 2023 --of carbon --by region --chained`
}

// Run asks for the decomposition and prints it.
func (c *DecompositionCmd) Run(ctx context.Context, std streams) error {
	query := c.query()
	c.FactorFlags.add(query)
	c.PlanFlags.add(query)
	query.Set("from_year", strconv.Itoa(c.FromYear))
	query.Set("to_year", strconv.Itoa(c.ToYear))
	query.Set("by", c.By)
	query.Set("of", c.Of)
	query.Set("activity", c.Activity)
	query.Set("chained", strconv.FormatBool(c.Chained))
	query.Set("weather", c.Weather)
	return c.show(ctx, std, "/api/v1/decomposition", query, nil)
}

// BenchmarkCmd tells where an institution, or each of a class, stands.
type BenchmarkCmd struct {
	Remote
	FactorFlags
	Institution string `help:"Institution that is placed among its class; this or --class." xor:"subject"`
	Class       string `help:"Class that is ranked instead, as education." xor:"subject"`
	Within      string `help:"Region whose institutions are the peers."`
	Zone        string `help:"Climate zone that the peers are limited to: A or B."`
	Year        int    `help:"Year, which must be over." required:""`
	Indicator   string `help:"energy_per_area, energy_per_capita, water_per_capita or carbon_per_area." default:"energy_per_area"`
	Quota       string `help:"Consumption standards to judge by besides those meant for the class, separated by commas."`
	Limit       int    `help:"Most rows of the ranking."`
}

// Help gives examples.
func (*BenchmarkCmd) Help() string {
	return `Either an institution among its peers, or a class ranked as a whole.

    jouleline benchmark --institution S1 --year 2023
    jouleline benchmark --class education --within 370100 --year 2023 --limit 20`
}

// Run asks for the benchmark and prints it.
func (c *BenchmarkCmd) Run(ctx context.Context, std streams) error {
	query := url.Values{}
	c.add(query)
	set(query, "institution", c.Institution)
	set(query, "class", c.Class)
	set(query, "within", c.Within)
	set(query, "zone", c.Zone)
	set(query, "quota", c.Quota)
	query.Set("year", strconv.Itoa(c.Year))
	query.Set("indicator", c.Indicator)
	if c.Limit > 0 {
		query.Set("limit", strconv.Itoa(c.Limit))
	}
	return c.show(ctx, std, "/api/v1/benchmark", query, nil)
}

// SavingsCmd tells what a measure saved.
type SavingsCmd struct {
	Remote
	Meter          string `help:"Meter id; this, --building or --institution." xor:"subject"`
	Building       string `help:"Building id." xor:"subject"`
	Institution    string `help:"Institution id." xor:"subject"`
	Carrier        string `help:"Carrier, as electricity; needed unless a meter is asked for."`
	BaselineEnd    string `help:"When the work began, RFC 3339, as 2023-01-01T00:00:00+08:00." required:""`
	BaselineStart  string `help:"First moment of the baseline; left out: 365 days before its end."`
	ReportingStart string `help:"When the work was done." required:""`
	ReportingEnd   string `help:"End of the reporting period, not included; left out: 365 days after its start."`
	Method         string `help:"caltrack-daily, changepoint, caltrack-billing (months of the calendar) or towt (hours)." enum:"caltrack-daily,caltrack-billing,changepoint,towt" default:"caltrack-daily"`
	Station        string `help:"Weather station; left out: that of the building."`
	NormalYears    string `help:"Year, or first and last year as 2014-2023, whose mean weather is the normal one: also shows the savings in such a year."`
	KnownAt        string `help:"Answer as known at this moment (RFC 3339)."`
}

// Help tells how it is found.
func (*SavingsCmd) Help() string {
	return `The use before a measure is fitted to the weather, and held against the use after it.
The building's station needs temperatures (weather.csv).

    jouleline savings --meter E1 --baseline-end 2023-01-01T00:00:00+08:00 --reporting-start 2023-03-01T00:00:00+08:00
    jouleline savings --meter E1 --baseline-end 2023-01-01T00:00:00+08:00 --reporting-start 2023-01-01T00:00:00+08:00 --normal-years 2014-2023
    jouleline savings --building B1 --carrier natural_gas --method caltrack-billing --baseline-end 2022-10-01T00:00:00+08:00 --reporting-start 2022-11-01T00:00:00+08:00`
}

// Run asks for the savings and prints them.
func (c *SavingsCmd) Run(ctx context.Context, std streams) error {
	query := url.Values{}
	for name, value := range map[string]string{
		"meter": c.Meter, "building": c.Building, "institution": c.Institution, "carrier": c.Carrier,
		"baseline_end": c.BaselineEnd, "baseline_start": c.BaselineStart, "reporting_start": c.ReportingStart, "reporting_end": c.ReportingEnd,
		"method": c.Method, "station": c.Station, "normal_years": c.NormalYears, "known_at": c.KnownAt,
	} {
		set(query, name, value)
	}
	return c.show(ctx, std, "/api/v1/savings", query, nil)
}
