package panel

import (
	"context"
	"math/big"

	"jouleline/api/promql"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/exact"
	"jouleline/schema"
)

// weight is what an account's quantity is turned into.
type weight uint8

const (
	asQuantity weight = iota
	asEnergy          // kgce
	asCarbon          // kgCO2
)

// longSteps are the periods that institutions are summed over.
var longSteps = [...]struct {
	calendar.Step
	word string
}{{calendar.MonthStep, "month"}, {calendar.YearStep, "year"}}

// accountFamilies are consumption, energy and carbon of institutions by months
// and years, from the roll-ups.
func accountFamilies() []figure {
	var list []figure
	energy := func(row *entry) bool { return row.carrier.IsEnergy() }
	for _, step := range longSteps {
		add := func(name, unit, help string, only func(*entry) bool, as weight) {
			list = append(list, figure{
				Family: promql.Family{
					Name: "jouleline_institution_" + name + "_" + step.word + "_" + unit, Type: promql.Gauge, Unit: unit, Labels: placeLabels("carrier", "use"),
					Each: "one at the start of each local " + step.word + ", holds over it",
					Help: help + " of an institution in the local " + step.word + ", so far where it has not ended",
				},
				rows: func(c *catalog) []entry { return c.accounts() }, only: only, sum: accounted(step.Step, as),
			})
		}
		for _, u := range unitWords {
			add("consumption", u.word, "Consumption in "+u.title, ofUnit(u.unit), asQuantity)
		}
		add("energy", "kgce", "Coal equivalent in kgce by the first factor set", energy, asEnergy)
		add("carbon", "kg", "Carbon dioxide in kg by the first factor set", energy, asCarbon)
	}
	return list
}

// tray holds the sums of a layout over periods, in integers.
type tray struct {
	*layout
	ask     *selection
	buckets []calendar.Bucket
	sums    []exact.Sum // period x slots + slot
	known   []bool
}

func accounted(step calendar.Step, as weight) func(context.Context, *selection, func() ([]entry, error)) ([]promql.Series, error) {
	return func(ctx context.Context, a *selection, pick func() ([]entry, error)) ([]promql.Series, error) {
		zone := a.w.Calendar()
		buckets, err := a.buckets(zone, step, a.now)
		if err != nil || len(buckets) == 0 {
			return nil, err
		}
		l, err := a.layout(as, pick)
		if err != nil {
			return nil, err
		}
		if cells := len(l.slots) * len(buckets); cells > a.MaxSamples {
			return nil, tooMany("samples", cells, a.MaxSamples)
		}
		first := schema.MonthOf(zone.DayOf(buckets[0].From))
		end := schema.MonthOf(zone.DayOf(min(buckets[len(buckets)-1].To-1, a.now))) + 1
		t := &tray{layout: l, ask: a, buckets: buckets}
		t.sums, t.known, err = a.s.source.SumByMonth(ctx, a.w.Registry, first, end, len(l.slots), l.slotOf)
		if err != nil {
			return nil, err
		}
		if step == calendar.YearStep {
			t.fold(12)
		}
		return t.series(as, zone), nil
	}
}

// fold makes periods of months.
func (t *tray) fold(months int) {
	n := len(t.slots)
	sums, known := make([]exact.Sum, len(t.buckets)*n), make([]bool, len(t.buckets)*n)
	for i := range t.sums {
		at := i/n/months*n + i%n
		sums[at].AddSum(t.sums[i])
		known[at] = known[at] || t.known[i]
	}
	t.sums, t.known = sums, known
}

// series weighs the sums.
func (t *tray) series(as weight, zone *calendar.Zone) []promql.Series {
	weighings := map[schema.Carrier]*world.Weighing{}
	var list []promql.Series
	for group, labels := range t.groups {
		var c promql.Course
		for period, b := range t.buckets {
			total, isKnown := new(big.Rat), false
			for _, i := range t.of[group] {
				cell := period*len(t.slots) + int(i)
				if cell >= len(t.known) || !t.known[cell] {
					continue
				}
				factor := big.NewRat(1, 1)
				if as != asQuantity {
					carrier := t.slots[i].carrier
					if weighings[carrier] == nil {
						weighings[carrier] = world.NewWeighing(t.ask.s.Factors[0], carrier, zone, t.paths)
					}
					kgce, kgCO2 := weighings[carrier].Factors(t.slots[i].place, b)
					if factor = kgce; as == asCarbon {
						factor = kgCO2
					}
				}
				if factor == nil {
					continue // as where a series has no sample
				}
				amount := new(big.Rat).SetFrac(t.sums[cell].Int(), big.NewInt(schema.Micro))
				total.Add(total, amount.Mul(amount, factor))
				isKnown = true
			}
			if isKnown {
				v, _ := total.Float64()
				c.Hold(b.From, b.To, v)
			}
		}
		if c.Len() > 0 {
			list = append(list, c.Series(labels))
		}
	}
	return list
}
