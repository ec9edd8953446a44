package planner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"jouleline/analytics"
	"jouleline/analytics/savings"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
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
			"Without weather, or with fewer than 30 days, the question is refused.",
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
	if err := s.Permit(ctx, about); err != nil {
		return nil, err
	}
	w, err := s.World(ctx, knownAt)
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
		Temperature: temperatures(w, station, from, to),
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

// methodStep gives the step of the use that a method is fitted to.
func methodStep(m savings.Method) calendar.Step {
	switch m {
	case savings.TOWT:
		return calendar.HourStep
	case savings.CaltrackBilling:
		return calendar.MonthStep
	}
	return calendar.DayStep
}

// useBy reads the use of each step. A step that is known by half is scaled up by
// what is known, one that is known less is a gap (CalTRACK 2.2.1.3); a month must be
// known by nine tenths (2.2.3). Months that from and to cut short are left out, and
// the end of the last is a row of its own.
func (s *Handlers) useBy(ctx context.Context, step calendar.Step, c *world.Circle, from, to, knownAt, now schema.Instant) (u savings.Series, err error) {
	buckets, err := c.Zone.Buckets(from, to, step, s.Limits.Points)
	if err != nil {
		return u, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	series, err := consumption.Read(ctx, s.Books, consumption.Query{
		Members: c.Members, Virtuals: c.Virtuals, Places: 1, Buckets: buckets, Zone: c.Zone, Step: step, KnownAt: knownAt, Now: now,
	})
	if err != nil {
		return u, err
	}
	least := .5
	if step == calendar.MonthStep {
		least = .9
	}
	for i, b := range buckets {
		if step == calendar.MonthStep && isCut(c.Zone, b) {
			continue
		}
		p, err := series.Place(i, 0)
		if err != nil {
			return u, err
		}
		value := math.NaN()
		if p.Quantity != nil {
			value = p.Quantity.Float64()
			if p.Coverage != nil {
				if known, _ := p.Coverage.Float64(); known > least {
					value /= known
				} else {
					value = math.NaN()
				}
			}
		}
		u.Times, u.Values = append(u.Times, int64(b.From)/1000), append(u.Values, value)
		if step == calendar.MonthStep {
			u = closed(u, int64(b.To)/1000)
		}
	}
	return u, nil
}

// isCut tells whether a bucket is less than a month of the calendar.
func isCut(zone *calendar.Zone, b calendar.Bucket) bool {
	first := zone.DayOf(b.From)
	year, month, day := first.Date()
	return day != 1 || zone.Start(first) != b.From || zone.Start(schema.DayOf(year, month+1, 1)) != b.To
}

// closed puts an end behind the last month, in place of that behind the one before.
func closed(u savings.Series, end int64) savings.Series {
	if n := len(u.Times); n > 1 && math.IsNaN(u.Values[n-2]) && u.Times[n-2] == u.Times[n-1] {
		u.Times, u.Values = append(u.Times[:n-2], u.Times[n-1]), append(u.Values[:n-2], u.Values[n-1])
	}
	u.Times, u.Values = append(u.Times, end), append(u.Values, math.NaN())
	return u
}

// stationOf gives the weather station of a subject: the one that is named, else
// the one of its building, or that all buildings of an institution share.
func stationOf(w *world.World, about query.Target, named string) (string, error) {
	if named != "" {
		if !slices.ContainsFunc(w.Stations, func(s schema.Station) bool { return s.ID == named }) {
			return "", fmt.Errorf("station %q: %w", problem.Clip(named), problem.ErrUnknown)
		}
		return named, nil
	}
	var buildings []schema.Building
	switch about.Kind {
	case query.KindMeter:
		versions := w.MeterVersions(about.ID)
		b, _ := w.Building(versions[len(versions)-1].Building)
		buildings = []schema.Building{b}
	case query.KindBuilding:
		b, _ := w.Building(about.ID)
		buildings = []schema.Building{b}
	default:
		buildings = w.BuildingsOf(about.ID)
	}
	station := ""
	for _, b := range buildings {
		switch {
		case b.Station == "":
		case station != "" && station != b.Station:
			return "", fmt.Errorf("%w: station: the buildings of %s have %s and %s, want one named", problem.ErrQuestion, about, station, b.Station)
		default:
			station = b.Station
		}
	}
	if station == "" {
		return "", fmt.Errorf("%w: station: no building of %s has a weather station, want one named", problem.ErrQuestion, about)
	}
	return station, nil
}

// temperatures gives those of a station in [from, to).
func temperatures(w *world.World, station string, from, to schema.Instant) (s savings.Series) {
	rows := w.Weather // sorted by station, then by time
	at := sort.Search(len(rows), func(i int) bool {
		return rows[i].Station > station || rows[i].Station == station && rows[i].Time >= from
	})
	for ; at < len(rows) && rows[at].Station == station && rows[at].Time < to; at++ {
		t := int64(rows[at].Time) / 1000
		if n := len(s.Times); n > 0 && s.Times[n-1] == t {
			continue // two samples within a second
		}
		s.Times, s.Values = append(s.Times, t), append(s.Values, rows[at].Celsius)
	}
	return s
}

// asQuestion marks what an analysis refuses as the question's fault.
func asQuestion(err error) error {
	var input *analytics.InputError
	var few *analytics.NotEnoughError
	if errors.As(err, &input) || errors.As(err, &few) {
		return fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	return err
}

func savingsTable(a *SavingsAnswer) table.Table {
	return table.Table{
		Columns: append(query.SubjectColumns(), []table.Column{
			table.Text("carrier"), table.Text("unit"), table.Text("station"), table.Text("method"), table.Text("model"), table.Number("heating_balance_point"), table.Number("cooling_balance_point"),
			table.Number("intercept"), table.Number("beta_hdd"), table.Number("beta_cdd"), table.Number("r_squared_adj"), table.Number("cvrmse"), table.Integer("n"),
			table.Text("baseline_start"), table.Text("baseline_end"), table.Text("reporting_start"), table.Text("reporting_end"), table.Number("counterfactual"), table.Number("observed"),
			table.Number("savings"), table.Number("savings_fraction"), table.Number("level"), table.Number("band_fsu"), table.Number("band_ols"), table.Text("verdict"), table.Text("warnings"),
		}...),
		Rows: func(yield func([]any) bool) {
			e := &a.Estimate
			codes := ""
			for _, w := range e.Warnings {
				if codes != "" {
					codes += " "
				}
				codes += string(w.Code)
			}
			yield(append(a.Scope.Cells(), a.Carrier.String(), a.Unit.String(), a.Station, string(e.Method), e.Model, table.Opt(e.HeatingBalancePoint), table.Opt(e.CoolingBalancePoint),
				table.Opt(e.Intercept), table.Opt(e.BetaHDD), table.Opt(e.BetaCDD), e.RSquaredAdj, e.CVRMSE, int64(e.N),
				e.Baseline.Start, e.Baseline.End, e.Reporting.Start, e.Reporting.End, e.Counterfactual, e.Observed,
				e.Savings, table.Opt(e.SavingsFraction), e.Level, table.Opt(e.BandFSU), table.Opt(e.BandOLS), string(e.Verdict), codes))
		},
	}
}
