package planner

import (
	"context"
	"fmt"
	"slices"

	"jouleline/analytics"
	"jouleline/analytics/savings"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// SavingsInput asks what a measure saved.
type SavingsInput struct {
	Meter          string       `query:"meter" maxLength:"128" doc:"Id of one meter" example:"E1"`
	Building       string       `query:"building" maxLength:"64" doc:"Id of one building" example:"S1-B1"`
	Institution    string       `query:"institution" maxLength:"64" doc:"Id of one institution" example:"S1"`
	Carrier        string       `query:"carrier" enum:"electricity,natural_gas,water,heat,cooling,gasoline,diesel,kerosene,coal,lpg,fuel_oil,other" doc:"What was used; needed unless a meter is asked for" example:"electricity"`
	BaselineEnd    query.Moment `query:"baseline_end" required:"true" doc:"When the work began: the first moment after the baseline" example:"2023-01-01T00:00:00+08:00"`
	BaselineStart  query.Moment `query:"baseline_start" doc:"First moment of the baseline; left out: 365 days before its end" example:"2022-01-01T00:00:00+08:00"`
	ReportingStart query.Moment `query:"reporting_start" required:"true" doc:"When the work was done: the first moment of the reporting period" example:"2023-01-01T00:00:00+08:00"`
	ReportingEnd   query.Moment `query:"reporting_end" doc:"End of the reporting period, not included; left out: 365 days after its start, or now" example:"2024-01-01T00:00:00+08:00"`
	Method         string       `query:"method" enum:"caltrack-daily,caltrack-billing,changepoint,towt" default:"caltrack-daily" doc:"How the baseline is fitted: to days (caltrack-daily, changepoint), to months of the calendar (caltrack-billing), or to hours by time of week and temperature (towt)" example:"caltrack-daily"`
	Station        string       `query:"station" maxLength:"64" doc:"Weather station; left out: that of the building" example:"54823"`
	NormalYears    string       `query:"normal_years" pattern:"^[0-9]{4}(-[0-9]{4})?$" doc:"Year, or first and last year, whose mean weather at the station is the normal one: also gives the savings in a year of that weather (caltrack methods)" example:"2022"`
	Level          float64      `query:"level" exclusiveMinimum:"0" exclusiveMaximum:"1" default:"0.9" doc:"Confidence of the bands" example:"0.9"`
	query.KnownParam
}

// SavingsAnswer is what a measure saved, in the unit.
type SavingsAnswer struct {
	Scope    query.Subject  `json:"scope"`
	Carrier  schema.Carrier `json:"carrier" example:"electricity"`
	Unit     schema.Unit    `json:"unit" doc:"Of use and savings; slopes are per degree day" example:"kWh"`
	TimeZone string         `json:"time_zone" doc:"Calendar of the days" example:"Asia/Shanghai"`
	Station  string         `json:"station" doc:"Weather station" example:"54823"`
	Estimate savings.Result `json:"estimate"`
}

func (s *Handlers) registerSavings(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "savings", Route: "GET /api/v1/savings", Tag: contract.TagPlan,
		Summary: "What a measure saved (IPMVP option C)",
		Text: "Fits how the use of a meter, building or institution depended on outdoor temperature before a measure, and holds the use after it against what the baseline would have used at the temperatures of then. " +
			"The answer carries the model, two bands (fractional savings uncertainty and least squares), a verdict, and a warning for whatever makes the number doubtful: missing days, extreme values, no weather signal, temperatures that the baseline never saw. " +
			"Without weather, or with fewer than 30 days, the question is refused. " +
			"With normal_years the answer also tells what is saved in a year of normal weather: a model of the reporting period is held against that of the baseline under the temperatures of those years, with a band and a verdict of its own; normalised.state is refused, with the reason, where either model is of no use for that.",
	}, savingsTable, s.savings)
}

func (s *Handlers) savings(ctx context.Context, in *SavingsInput) (*SavingsAnswer, error) {
	about, err := query.Only([]query.Target{query.Of(query.KindMeter, in.Meter), query.Of(query.KindBuilding, in.Building), query.Of(string(indicator.ByInstitution), in.Institution)})
	if err != nil {
		return nil, err
	}
	knownAt, err := in.Then(s.Now())
	if err != nil {
		return nil, err
	}
	w, err := s.Ask(ctx, about, knownAt)
	if err != nil {
		return nil, err
	}
	circle, err := w.Circle(about, in.Carrier)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	if knownAt != 0 {
		now = knownAt
	}
	from, to, err := in.stretch(circle.Zone, now)
	if err != nil {
		return nil, err
	}
	station, err := stationOf(w, about, in.Station)
	if err != nil {
		return nil, err
	}
	q := savings.Question{
		Location: circle.Zone.Location(), Method: savings.Method(in.Method), Level: in.Level,
		BaselineEnd: query.Local(circle.Zone, in.BaselineEnd.At), ReportingStart: query.Local(circle.Zone, in.ReportingStart.At), ReportingEnd: query.Local(circle.Zone, to),
		NoCooling: circle.Carrier == schema.NaturalGas || circle.Carrier == schema.Heat, ZeroIsMissing: circle.Carrier == schema.Electricity,
		Temperature: savings.Temperatures(w.Registry, station, from, to),
	}
	if q.Normal, err = in.normal(w.Registry, circle.Zone, station); err != nil {
		return nil, err
	}
	if in.BaselineStart.Given {
		q.BaselineStart = query.Local(circle.Zone, in.BaselineStart.At)
	}
	if len(q.Temperature.Times) < 2 {
		return nil, fmt.Errorf("%w: station %s has %d temperatures from %s to %s, want those of each day", problem.ErrQuestion, station, len(q.Temperature.Times), from, to)
	}
	if q.Usage, err = s.useBy(ctx, methodStep(q.Method), circle, from, to, knownAt, now); err != nil {
		return nil, err
	}
	result, err := savings.Estimate(q)
	if err != nil {
		return nil, asQuestion(err)
	}
	if q.Method == savings.CaltrackBilling && slices.ContainsFunc(w.MeterVersions(in.Meter), func(m schema.Meter) bool { return m.Kind == schema.Bill }) {
		result.Warnings = append(result.Warnings, analytics.Warning{Code: codeBillsCut, Detail: "bills whose periods are no months of the calendar were cut at their ends by their linear course"})
		if result.Verdict == savings.Usable {
			result.Verdict = savings.Doubtful
		}
	}
	return &SavingsAnswer{
		Scope: about.Subject(circle.Name), Carrier: circle.Carrier, Unit: circle.Carrier.Unit(), TimeZone: circle.Zone.Location().String(),
		Station: station, Estimate: *result,
	}, nil
}

// yearOfDays is the length of a baseline, and of a reporting period that names no
// end.
const yearOfDays = 365

// stretch gives the whole stretch that must be read: from the first day of the
// baseline to the end of the reporting period.
func (p *SavingsInput) stretch(zone *calendar.Zone, now schema.Instant) (from, to schema.Instant, err error) {
	from = zone.Start(zone.DayOf(p.BaselineEnd.At) - yearOfDays)
	if p.BaselineStart.Given {
		from = zone.Start(zone.DayOf(p.BaselineStart.At))
	}
	to = zone.Start(zone.DayOf(p.ReportingStart.At) + yearOfDays)
	if p.ReportingEnd.Given {
		to = zone.Start(zone.DayOf(p.ReportingEnd.At))
	}
	to = min(to, zone.Start(zone.DayOf(now)))
	from = max(from, schema.MinInstant)
	if from >= to {
		return 0, 0, fmt.Errorf("%w: the baseline begins %s, and the reporting period ends %s: want it to end later, and days that are over", problem.ErrQuestion, from, to)
	}
	return from, to, nil
}

// codeBillsCut warns that months are made of bills.
const codeBillsCut analytics.Code = "bills_cut_at_months"

func savingsTable(a *SavingsAnswer) table.Table {
	return table.Table{
		Columns: append(query.SubjectColumns(), []table.Column{
			table.Text("carrier"), table.Text("unit"), table.Text("station"), table.Text("method"), table.Text("model"), table.Number("heating_balance_point"), table.Number("cooling_balance_point"),
			table.Number("intercept"), table.Number("beta_hdd"), table.Number("beta_cdd"), table.Number("r_squared_adj"), table.Number("cvrmse"), table.Integer("n"),
			table.Text("baseline_start"), table.Text("baseline_end"), table.Text("reporting_start"), table.Text("reporting_end"), table.Number("counterfactual"), table.Number("observed"),
			table.Number("savings"), table.Number("savings_fraction"), table.Number("level"), table.Number("band_fsu"), table.Number("band_ols"), table.Text("verdict"), table.Text("warnings"),
			table.Text("normalised_state"), table.Text("normalised_reason"), table.Number("normalised_baseline_use"), table.Number("normalised_reporting_use"), table.Number("normalised_savings"),
			table.Number("normalised_savings_fraction"), table.Number("normalised_band"), table.Text("normalised_verdict"), table.Text("normalised_warnings"),
		}...),
		Rows: func(yield func([]any) bool) {
			e := &a.Estimate
			n := e.Normalised
			if n == nil {
				n = &savings.Normalised{} // not asked for: cells without a value
			}
			yield(append(a.Scope.Cells(), a.Carrier.String(), a.Unit.String(), a.Station, string(e.Method), e.Model, table.Opt(e.HeatingBalancePoint), table.Opt(e.CoolingBalancePoint),
				table.Opt(e.Intercept), table.Opt(e.BetaHDD), table.Opt(e.BetaCDD), e.RSquaredAdj, e.CVRMSE, int64(e.N),
				e.Baseline.Start, e.Baseline.End, e.Reporting.Start, e.Reporting.End, e.Counterfactual, e.Observed,
				e.Savings, table.Opt(e.SavingsFraction), e.Level, table.Opt(e.BandFSU), table.Opt(e.BandOLS), string(e.Verdict), codesOf(e.Warnings),
				string(n.State), n.Reason, table.Opt(n.BaselineUse), table.Opt(n.ReportingUse), table.Opt(n.Savings), table.Opt(n.SavingsFraction), table.Opt(n.Band), string(n.Verdict), codesOf(n.Warnings)))
		},
	}
}
