package panel

import (
	"context"
	"fmt"
	"math"

	"jouleline/api/promql"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

// batchCells bounds the places x buckets that are in memory at once; a cell is
// some 50 bytes.
const batchCells = 500_000

// buckets gives the local periods that somebody looks at: from the one that
// holds at the beginning to the one that holds at the end or now.
func (a *selection) buckets(zone *calendar.Zone, step calendar.Step, until schema.Instant) ([]calendar.Bucket, error) {
	if a.From > a.To {
		return nil, nil
	}
	// The period that runs holds until its end, for who asks ahead of the clock too.
	to := min(a.To, until)
	day := zone.DayOf(min(a.From, to))
	switch year, _, _ := day.Date(); step {
	case calendar.MonthStep:
		day = schema.MonthOf(day).First()
	case calendar.YearStep:
		day = schema.Month(year * 12).First()
	}
	list, err := zone.Buckets(zone.Start(day), zone.Next(to, step), step, a.MaxSamples)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", promql.ErrTooMany, err)
	}
	for len(list) > 0 && list[0].To <= a.From {
		list = list[1:]
	}
	return list, nil
}

// circleRow is a row with the meters that make it up.
type circleRow struct {
	entry
	circle *world.Circle
}

// circles finds the meters of rows, in batches that are read at once: of one
// calendar, and with no meter twice.
func (a *selection) circles(rows []entry, most int) ([][]circleRow, error) {
	var batches [][]circleRow
	type open struct {
		at      int
		numbers map[int32]bool
	}
	last := map[*calendar.Zone]*open{}
	for _, row := range rows {
		c, err := a.circle(&row)
		if err != nil {
			return nil, err
		}
		if c.IsEmpty() {
			continue
		}
		o := last[c.Zone]
		fits := o != nil && len(batches[o.at]) < most
		for i := range c.Members {
			fits = fits && !o.numbers[c.Members[i].Number]
		}
		if !fits {
			o = &open{len(batches), map[int32]bool{}}
			last[c.Zone], batches = o, append(batches, nil)
		}
		for i := range c.Members {
			o.numbers[c.Members[i].Number] = true
			c.Members[i].Place = len(batches[o.at])
		}
		for i := range c.Virtuals {
			c.Virtuals[i].Place = len(batches[o.at])
		}
		batches[o.at] = append(batches[o.at], circleRow{row, c})
	}
	return batches, nil
}

// circle finds the meters of a row.
func (a *selection) circle(row *entry) (*world.Circle, error) {
	if row.about.Kind == query.KindMeter {
		if _, ok := a.w.Number(row.about.ID); !ok {
			return &world.Circle{}, nil // registered, and not known to the books yet
		}
		return a.w.MeterCircle(row.about.ID, "")
	}
	c, err := a.w.Circle(row.about, row.carrier.String())
	if err != nil || row.use == schema.UseNone {
		return c, err
	}
	members, ids := c.Members[:0:0], c.IDs[:0:0]
	for i, id := range c.IDs {
		if a.cat.useOf(id) == row.use {
			members, ids = append(members, c.Members[i]), append(ids, id)
		}
	}
	virtuals, formulas := c.Virtuals[:0:0], c.Formulas[:0:0]
	for i, id := range c.Formulas {
		if a.cat.useOf(id) == row.use {
			virtuals, formulas = append(virtuals, c.Virtuals[i]), append(formulas, id)
		}
	}
	c.Members, c.IDs, c.Virtuals, c.Formulas = members, ids, virtuals, formulas
	return c, nil
}

// sheet is the consumption of a batch of rows over buckets: of row i at place i.
type sheet struct {
	rows    []circleRow
	buckets []calendar.Bucket
	series  *consumption.Series
}

// sheets reads the consumption of rows and shows it batch by batch.
func (a *selection) sheets(ctx context.Context, rows []entry, step calendar.Step, show func(*sheet) error) error {
	guess, err := a.buckets(a.w.Calendar(), step, a.now)
	if err != nil {
		return err
	}
	if cuts := len(guess) * len(rows); step < calendar.DayStep && cuts > a.s.Limits.Cuts {
		return tooMany(fmt.Sprintf("series x steps of %s", step), cuts, a.s.Limits.Cuts)
	}
	batches, err := a.circles(rows, max(1, batchCells/max(1, len(guess))))
	if err != nil {
		return err
	}
	for _, batch := range batches {
		zone := batch[0].circle.Zone
		buckets, err := a.buckets(zone, step, a.now)
		if err != nil {
			return err
		}
		if len(buckets) == 0 {
			continue
		}
		var members []consumption.Member
		var virtuals []consumption.Virtual
		for _, row := range batch {
			members, virtuals = append(members, row.circle.Members...), append(virtuals, row.circle.Virtuals...)
		}
		series, err := consumption.Read(ctx, a.s.Books, consumption.Query{
			Members: members, Virtuals: virtuals, Places: len(batch), Buckets: buckets, Zone: zone, Step: step, Now: a.now,
		})
		if err != nil {
			return err
		}
		if err := show(&sheet{batch, buckets, series}); err != nil {
			return err
		}
	}
	return nil
}

// coursed reads a gauge that holds over each bucket; value is NaN where nothing
// is known.
func coursed(step calendar.Step, value func(consumption.Amounts) float64) func(context.Context, *selection, []entry) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
		var list []promql.Series
		samples := 0
		err := a.sheets(ctx, rows, step, func(s *sheet) error {
			for place := range s.rows {
				var c promql.Course
				for i, b := range s.buckets {
					amounts, err := s.series.Amounts(i, place)
					if err != nil {
						return err
					}
					if v := value(amounts); !math.IsNaN(v) {
						c.Hold(b.From, b.To, v)
					}
				}
				if c.Len() > 0 {
					list = append(list, c.Series(s.rows[place].labels))
				}
				if samples += c.Len(); samples > a.MaxSamples {
					return tooMany("samples", samples, a.MaxSamples)
				}
			}
			return nil
		})
		return list, err
	}
}

// inUnits gives a quantity in the carrier's unit.
func inUnits(q schema.Quantity) float64 { return float64(q) / float64(schema.Micro) }

func knownQuantity(x consumption.Amounts) float64 {
	if x.Known == 0 {
		return math.NaN()
	}
	return inUnits(x.Quantity)
}

func coverageOf(x consumption.Amounts) float64 {
	if x.Expected == 0 {
		return math.NaN()
	}
	return float64(x.Known) / float64(x.Expected)
}

func estimatedOf(x consumption.Amounts) float64 {
	switch {
	case x.Known == 0:
		return math.NaN()
	case x.Quantity <= 0 || x.Estimated == 0:
		return 0
	}
	return float64(x.Estimated) / float64(x.Quantity)
}
