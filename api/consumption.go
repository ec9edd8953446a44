package api

import (
	"context"
	"fmt"
	"time"

	"jouleline/analytics/progress"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// ConsumptionInput asks for the course of what was used.
type ConsumptionInput struct {
	SubjectParams
	Carrier string `query:"carrier" enum:"electricity,natural_gas,water,heat,cooling,gasoline,diesel,kerosene,coal,lpg,fuel_oil,other" doc:"What was used; needed unless a meter is asked for" example:"electricity"`
	StretchParams
	Step     string `query:"step" enum:"PT15M,PT1H,P1D,P1M,P1Y" default:"P1D" doc:"Length of the buckets, in the local calendar; finer than a day only for a meter, building or institution" example:"PT1H"`
	Residual bool   `query:"residual" default:"false" doc:"Of a meter with sub-meters, also what it shows beyond them; of a bill that reconciles a meter, what it shows beyond the metered supply" example:"false"`
	KnownParam
	FactorParams
}

// ConsumptionAnswer is a course of consumption.
type ConsumptionAnswer struct {
	Scope    Subject          `json:"scope"`
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

// Subject names what an answer is about: one of the ids is given.
type Subject struct {
	Meter       string `json:"meter,omitempty"`
	Building    string `json:"building,omitempty"`
	Institution string `json:"institution,omitempty"`
	Region      string `json:"region,omitempty"`
	Department  string `json:"department,omitempty"`
	Class       string `json:"class,omitempty"`
	Name        string `json:"name,omitempty"`
}

func (s subject) answer(name string) Subject {
	a := Subject{Name: name}
	switch s.kind {
	case kindMeter:
		a.Meter = s.id
	case kindBuilding:
		a.Building = s.id
	case string(indicator.ByInstitution):
		a.Institution = s.id
	case string(indicator.ByRegion):
		a.Region = s.id
	case string(indicator.ByDepartment):
		a.Department = s.id
	case string(indicator.ByClass):
		a.Class = s.id
	}
	return a
}

// ConsumptionPoint is the consumption of one bucket.
type ConsumptionPoint struct {
	Start          time.Time `json:"start" doc:"Beginning of the bucket"`
	End            time.Time `json:"end" doc:"End of the bucket, which is not in it any more"`
	Quantity       *Amount   `json:"quantity" nullable:"true" doc:"Amount in the unit, exact to six decimals; null where nothing is known, never 0 for a gap"`
	EnergyKGCE     *float64  `json:"energy_kgce" doc:"Coal equivalent in kgce; null for water"`
	CarbonKG       *float64  `json:"carbon_kg" doc:"Carbon dioxide in kg; null for water"`
	Coverage       *float64  `json:"coverage" doc:"Known share of the time of all meters that should have reported; null where none should"`
	EstimatedShare *float64  `json:"estimated_share" doc:"Estimated part of the quantity"`
	// Residual is given where it is asked for.
	Residual *Difference `json:"residual,omitempty" doc:"What the meter shows beyond the meters that it is held against, where that is asked for; part of no total"`
}

func (s *Server) registerConsumption() {
	register(s, operation{
		id: "consumption", route: "GET /api/v1/consumption", tag: tagUse,
		summary: "What was used, bucket by bucket",
		text: "Consumption of a meter, building, institution, region, department or class. Exactly one of these is given. " +
			"Hours sum to days and days to years exactly. A meter that shares.csv divides counts to each institution by its share, day by day; a building shows its meters whole. Sub-meters and reconciling meters count only where they are asked for themselves; a formula counts where it is the parent of the meters that it adds. " +
			"With residual, each point of a meter also tells what it shows beyond its sub-meters, or a bill beyond the supply that it reconciles: a signed difference, which is added nowhere.",
	}, consumptionTable, tolerant(s.consumption, withholdConsumption))
}

func (s *Server) consumption(ctx context.Context, in *ConsumptionInput) (*ConsumptionAnswer, error) {
	about, err := in.subject()
	if err != nil {
		return nil, err
	}
	step, err := calendar.ParseStep(in.Step)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errQuestion, err)
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	knownAt, err := in.then(s.now())
	if err != nil {
		return nil, err
	}
	if err := s.permit(ctx, about); err != nil {
		return nil, err
	}
	w, err := s.world(ctx, knownAt)
	if err != nil {
		return nil, err
	}
	if in.Residual && about.kind != kindMeter {
		return nil, errNoComparison("got " + clip(about.String()))
	}
	ask := course{s: s, w: w, in: in, about: about, step: step, knownAt: knownAt, until: s.now()}
	if knownAt != 0 {
		ask.until = knownAt
	}
	switch about.kind {
	case string(indicator.ByInstitution):
		if w.sharesMeters(about.id) {
			return ask.group(ctx)
		}
		return ask.single(ctx)
	case kindMeter, kindBuilding:
		return ask.single(ctx)
	}
	return ask.group(ctx)
}

// course is a question for consumption.
type course struct {
	s       *Server
	w       *world
	in      *ConsumptionInput
	about   subject
	step    calendar.Step
	knownAt schema.Instant
	until   schema.Instant // after which nothing is expected
}

// single answers for a meter, a building or an institution.
func (c *course) single(ctx context.Context) (*ConsumptionAnswer, error) {
	circle, err := c.w.circle(c.about, c.in.Carrier)
	if err != nil {
		return nil, err
	}
	buckets, err := c.buckets(circle.zone, c.s.config.Limits.Points)
	if err != nil {
		return nil, err
	}
	if fine := len(buckets) * circle.reads(); c.step < calendar.DayStep && fine > c.s.config.Limits.Fine {
		return nil, fmt.Errorf("%w: got %d points of %d meters at step %s, want at most %d together: ask for a shorter stretch or a longer step",
			errQuestion, len(buckets), circle.reads(), c.step, c.s.config.Limits.Fine)
	}
	if err := c.s.kept(ctx, c.step, c.in.From.at); err != nil {
		return nil, err
	}
	set, err := c.s.factors(&c.in.FactorParams)
	if err != nil {
		return nil, err
	}
	day := circle.zone.DayOf(c.in.To.at - 1)
	path := c.w.RegionPath(c.w.institutionOn(circle.owner, day).Region, day)
	series, err := consumption.Read(ctx, c.s.config.Books, consumption.Query{
		Members: circle.members, Virtuals: circle.virtuals, Places: 1, Buckets: buckets, Zone: circle.zone, Step: c.step, KnownAt: c.knownAt, Now: c.until,
	})
	if err != nil {
		return nil, err
	}
	a, err := c.answer(series, circle.name, circle.zone, newWeighing(set, circle.carrier, circle.zone, [][]string{path}))
	if err == nil && c.in.Residual {
		err = c.compare(ctx, circle, buckets, a)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// kept refuses steps finer than a day where readings may have been let go: the
// books hold days.
func (s *Server) kept(ctx context.Context, step calendar.Step, from schema.Instant) error {
	if step >= calendar.DayStep || s.config.KeptSince == nil {
		return nil
	}
	until, err := s.config.KeptSince(ctx)
	if err == nil && from <= until {
		err = fmt.Errorf("%w: step: got %s from %s, want P1D or longer: readings up to %s are not kept any more, what was booked of their days is", errQuestion, step, from, until)
	}
	return err
}

// group answers for a region, a department or a class.
func (c *course) group(ctx context.Context) (*ConsumptionAnswer, error) {
	if c.step < calendar.DayStep {
		return nil, fmt.Errorf("%w: step: got %s for a %s, want P1D, P1M or P1Y: finer steps are for a meter, building or institution", errQuestion, c.step, c.about.kind)
	}
	carrier, err := schema.ParseCarrier(c.in.Carrier)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errQuestion, err)
	}
	zone := c.w.zone()
	days, err := c.in.days(zone)
	if err != nil {
		return nil, err
	}
	buckets, err := c.buckets(zone, c.s.config.Limits.GroupPoints)
	if err != nil {
		return nil, err
	}
	set, err := c.s.factors(&c.in.FactorParams)
	if err != nil {
		return nil, err
	}
	g, err := c.w.group(c.about, days.To-1, set)
	if err != nil {
		return nil, err
	}
	series, err := consumption.ReadGroup(ctx, c.s.config.Books, consumption.GroupQuery{
		Registry: c.w.Registry, Carrier: carrier, Place: g.place, Places: len(g.paths),
		Buckets: buckets, Zone: zone, KnownAt: c.knownAt, Now: c.until,
	})
	if err != nil {
		return nil, err
	}
	return c.answer(series, g.name, zone, newWeighing(set, carrier, zone, g.paths))
}

func (c *course) buckets(zone *calendar.Zone, most int) ([]calendar.Bucket, error) {
	buckets, err := zone.Buckets(c.in.From.at, c.in.To.at, c.step, most)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errQuestion, err)
	}
	return buckets, nil
}

func (c *course) answer(series *consumption.Series, name string, zone *calendar.Zone, weigh *weighing) (*ConsumptionAnswer, error) {
	points, err := series.Points(weigh.factors)
	if err != nil {
		return nil, err
	}
	a := &ConsumptionAnswer{
		Scope: c.about.answer(name), Carrier: weigh.carrier, Unit: weigh.carrier.Unit(), Step: c.step.String(),
		TimeZone: zone.Location().String(), Factors: weigh.describe(series.Buckets()), Points: make([]ConsumptionPoint, len(points)),
	}
	for i := range points {
		p := &points[i]
		a.Points[i] = ConsumptionPoint{
			Start: local(zone, p.From), End: local(zone, p.To), Quantity: amount(p.Quantity),
			EnergyKGCE: float(p.Energy), CarbonKG: float(p.Carbon), Coverage: float(p.Coverage), EstimatedShare: float(p.EstimatedShare),
		}
	}
	return a, nil
}
