package ledger

import (
	"context"
	"fmt"
	"time"

	"jouleline/analytics/progress"
	"jouleline/api/contract"
	"jouleline/api/peer"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// ConsumptionInput asks for the course of what was used.
type ConsumptionInput struct {
	query.SubjectParams
	Carrier string `query:"carrier" enum:"electricity,natural_gas,water,heat,cooling,gasoline,diesel,kerosene,coal,lpg,fuel_oil,other" doc:"What was used; needed unless a meter is asked for" example:"electricity"`
	query.StretchParams
	Step     string `query:"step" enum:"PT15M,PT1H,P1D,P1M,P1Y" default:"P1D" doc:"Length of the buckets, in the local calendar; finer than a day only for a meter, building or institution" example:"PT1H"`
	Residual bool   `query:"residual" default:"false" doc:"Of a meter with sub-meters, also what it shows beyond them; of a bill that reconciles a meter, what it shows beyond the metered supply" example:"false"`
	query.KnownParam
	query.FactorParams
}

// ConsumptionAnswer is a course of consumption.
type ConsumptionAnswer struct {
	Scope    query.Subject    `json:"scope"`
	Carrier  schema.Carrier   `json:"carrier" doc:"What was used" example:"electricity"`
	Unit     schema.Unit      `json:"unit" doc:"Unit of the quantities: the carrier's canonical one" example:"kWh"`
	Step     string           `json:"step" doc:"Length of the buckets" example:"PT1H"`
	TimeZone string           `json:"time_zone" doc:"Calendar of the buckets" example:"Asia/Shanghai"`
	Factors  progress.Factors `json:"factors" doc:"Factor set; the grid is given where one factor counts for every point"`
	// Comparison is given where a residual is asked for.
	Comparison *Comparison        `json:"comparison,omitempty" doc:"What the meter is held against, where a residual is asked for"`
	Points     []ConsumptionPoint `json:"points" doc:"One point a bucket"`
	// MissingPartitions could not be asked.
	MissingPartitions []int `json:"missing_partitions,omitempty" doc:"Partitions whose books could not be asked, since their instance does not answer: numbers that would be smaller for it are null, and coverage counts their meters as unknown"`
}

// ConsumptionPoint is the consumption of one bucket.
type ConsumptionPoint struct {
	Start          time.Time     `json:"start" doc:"Beginning of the bucket"`
	End            time.Time     `json:"end" doc:"End of the bucket, which is not in it any more"`
	Quantity       *query.Amount `json:"quantity" nullable:"true" doc:"Amount in the unit, exact to six decimals; null where nothing is known, never 0 for a gap"`
	EnergyKGCE     *float64      `json:"energy_kgce" doc:"Coal equivalent in kgce; null for water"`
	CarbonKG       *float64      `json:"carbon_kg" doc:"Carbon dioxide in kg; null for water"`
	Coverage       *float64      `json:"coverage" doc:"Known share of the time of all meters that should have reported; null where none should"`
	EstimatedShare *float64      `json:"estimated_share" doc:"Estimated part of the quantity"`
	// Residual is given where it is asked for.
	Residual *Difference `json:"residual,omitempty" doc:"What the meter shows beyond the meters that it is held against, where that is asked for; part of no total"`
}

func (s *Handlers) registerConsumption(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "consumption", Route: "GET /api/v1/consumption", Tag: contract.TagUse,
		Summary: "What was used, bucket by bucket",
		Text: "Consumption of a meter, building, institution, region, department or class. Exactly one of these is given. " +
			"Hours sum to days and days to years exactly. A meter that shares.csv divides counts to each institution by its share, day by day; a building shows its meters whole. Sub-meters and reconciling meters count only where they are asked for themselves; a formula counts where it is the parent of the meters that it adds. " +
			"With residual, each point of a meter also tells what it shows beyond its sub-meters, or a bill beyond the supply that it reconciles: a signed difference, which is added nowhere.",
	}, consumptionTable, peer.Tolerant(s.Consumption, withholdConsumption))
}

// Consumption answers GET /api/v1/consumption.
func (s *Handlers) Consumption(ctx context.Context, in *ConsumptionInput) (*ConsumptionAnswer, error) {
	about, err := in.Target()
	if err != nil {
		return nil, err
	}
	step, err := calendar.ParseStep(in.Step)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	if err := in.Check(); err != nil {
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
	if in.Residual && about.Kind != query.KindMeter {
		return nil, errNoComparison("got " + problem.Clip(about.String()))
	}
	ask := course{s: s, w: w, in: in, about: about, step: step, knownAt: knownAt, until: s.Now()}
	if knownAt != 0 {
		ask.until = knownAt
	}
	switch about.Kind {
	case string(indicator.ByInstitution):
		if w.SharesMeters(about.ID) {
			return ask.group(ctx)
		}
		return ask.single(ctx)
	case query.KindMeter, query.KindBuilding:
		return ask.single(ctx)
	}
	return ask.group(ctx)
}

// course is a question for consumption.
type course struct {
	s       *Handlers
	w       *world.World
	in      *ConsumptionInput
	about   query.Target
	step    calendar.Step
	knownAt schema.Instant
	until   schema.Instant // after which nothing is expected
}

// single answers for a meter, a building or an institution.
func (c *course) single(ctx context.Context) (*ConsumptionAnswer, error) {
	circle, err := c.w.Circle(c.about, c.in.Carrier)
	if err != nil {
		return nil, err
	}
	buckets, err := c.buckets(circle.Zone, c.s.Limits.Points)
	if err != nil {
		return nil, err
	}
	if fine := len(buckets) * circle.Reads(); c.step < calendar.DayStep && fine > c.s.Limits.Fine {
		return nil, fmt.Errorf("%w: got %d points of %d meters at step %s, want at most %d together: ask for a shorter stretch or a longer step",
			problem.ErrQuestion, len(buckets), circle.Reads(), c.step, c.s.Limits.Fine)
	}
	if err := c.s.CheckKept(ctx, circle.Zone, c.step, c.in.From.At, c.in.To.At); err != nil {
		return nil, err
	}
	set, err := c.s.FactorSet(&c.in.FactorParams)
	if err != nil {
		return nil, err
	}
	day := circle.Zone.DayOf(c.in.To.At - 1)
	path := c.w.RegionPath(c.w.InstitutionOn(circle.Owner, day).Region, day)
	series, err := consumption.Read(ctx, c.s.Books, consumption.Query{
		Members: circle.Members, Virtuals: circle.Virtuals, Places: 1, Buckets: buckets, Zone: circle.Zone, Step: c.step, KnownAt: c.knownAt, Now: c.until,
	})
	if err != nil {
		return nil, err
	}
	a, err := c.answer(series, circle.Name, circle.Zone, world.NewWeighing(set, circle.Carrier, circle.Zone, [][]string{path}))
	if err == nil && c.in.Residual {
		err = c.compare(ctx, circle, buckets, a)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// group answers for a region, a department or a class.
func (c *course) group(ctx context.Context) (*ConsumptionAnswer, error) {
	if c.step < calendar.DayStep {
		return nil, fmt.Errorf("%w: step: got %s for a %s, want P1D, P1M or P1Y: finer steps are for a meter, building or institution", problem.ErrQuestion, c.step, c.about.Kind)
	}
	carrier, err := world.CarrierOf(c.in.Carrier)
	if err != nil {
		return nil, err
	}
	zone := c.w.Calendar()
	days, err := c.in.Days(zone)
	if err != nil {
		return nil, err
	}
	buckets, err := c.buckets(zone, c.s.Limits.GroupPoints)
	if err != nil {
		return nil, err
	}
	set, err := c.s.FactorSet(&c.in.FactorParams)
	if err != nil {
		return nil, err
	}
	g, err := c.w.Group(c.about, days.To-1, set)
	if err != nil {
		return nil, err
	}
	series, err := consumption.ReadGroup(ctx, c.s.Books, consumption.GroupQuery{
		Registry: c.w.Registry, Carrier: carrier, Place: g.Place, Places: len(g.Paths),
		Buckets: buckets, Zone: zone, KnownAt: c.knownAt, Now: c.until,
	})
	if err != nil {
		return nil, err
	}
	return c.answer(series, g.Name, zone, world.NewWeighing(set, carrier, zone, g.Paths))
}

func (c *course) buckets(zone *calendar.Zone, most int) ([]calendar.Bucket, error) {
	buckets, err := zone.Buckets(c.in.From.At, c.in.To.At, c.step, most)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrQuestion, err)
	}
	return buckets, nil
}

func (c *course) answer(series *consumption.Series, name string, zone *calendar.Zone, weigh *world.Weighing) (*ConsumptionAnswer, error) {
	points, err := series.Points(weigh.Factors)
	if err != nil {
		return nil, err
	}
	a := &ConsumptionAnswer{
		Scope: c.about.Subject(name), Carrier: weigh.Carrier, Unit: weigh.Carrier.Unit(), Step: c.step.String(),
		TimeZone: zone.Location().String(), Factors: weigh.Describe(series.Buckets()), Points: make([]ConsumptionPoint, len(points)),
	}
	for i := range points {
		p := &points[i]
		a.Points[i] = ConsumptionPoint{
			Start: query.Local(zone, p.From), End: query.Local(zone, p.To), Quantity: query.AmountOf(p.Quantity),
			EnergyKGCE: query.Float(p.Energy), CarbonKG: query.Float(p.Carbon), Coverage: query.Float(p.Coverage), EstimatedShare: query.Float(p.EstimatedShare),
		}
	}
	return a, nil
}
