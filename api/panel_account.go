package api

import (
	"context"
	"math/big"

	"jouleline/api/promql"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// weight is what an account's quantity is turned into.
type panelWeight uint8

const (
	asQuantity panelWeight = iota
	asEnergy               // kgce
	asCarbon               // kgCO2
)

// accountFamilies are consumption, energy and carbon of institutions by months
// and years, from the roll-ups.
func accountFamilies() []panelFamily {
	var list []panelFamily
	all := func(c *catalog) []panelRow { return c.accounts() }
	energy := func(c *catalog) []panelRow {
		var rows []panelRow
		for _, row := range c.accounts() {
			if row.carrier.IsEnergy() {
				rows = append(rows, row)
			}
		}
		return rows
	}
	for _, step := range []struct {
		calendar.Step
		word string
	}{{calendar.MonthStep, "month"}, {calendar.YearStep, "year"}} {
		add := func(name, unit, help string, rows func(*catalog) []panelRow, as panelWeight) {
			list = append(list, panelFamily{
				Family: promql.Family{
					Name: "jouleline_institution_" + name + "_" + step.word + "_" + unit, Type: promql.Gauge, Unit: unit, Labels: placeLabels("carrier", "use"),
					Each: "one at the start of each local " + step.word + ", holds over it",
					Help: help + " of an institution in the local " + step.word + ", so far where it has not ended",
				},
				rows: rows, read: accounted(step.Step, as),
			})
		}
		for _, u := range unitWords {
			add("consumption", u.word, "Consumption in "+u.title, ofUnit(u.unit, all), asQuantity)
		}
		add("energy", "kgce", "Coal equivalent in kgce by the first factor set", energy, asEnergy)
		add("carbon", "kg", "Carbon dioxide in kg by the first factor set", energy, asCarbon)
	}
	return list
}

// slot is what is summed before it is weighed: what counts alike.
type slot struct {
	group, place int
	carrier      schema.Carrier
}

// tray sums usage by slot and period, in integers.
type tray struct {
	ask     *panelAsk
	buckets []calendar.Bucket
	first   schema.Month
	months  int // in a period
	groups  []promql.Labels
	slots   []slot
	sums    []exact.Sum // slot x periods + period
	known   []bool
	slotOf  map[[3]int32]int // of an institution's carrier and use
}

func accounted(step calendar.Step, as panelWeight) func(context.Context, *panelAsk, []panelRow) ([]promql.Series, error) {
	return func(ctx context.Context, a *panelAsk, rows []panelRow) ([]promql.Series, error) {
		zone := a.w.Calendar()
		buckets, err := a.buckets(zone, step, a.now)
		if err != nil || len(buckets) == 0 {
			return nil, err
		}
		t := &tray{ask: a, buckets: buckets, first: schema.MonthOf(zone.DayOf(buckets[0].From)), months: 1}
		if step == calendar.YearStep {
			t.months = 12
		}
		paths, err := t.lay(rows, as)
		if err != nil {
			return nil, err
		}
		last := schema.MonthOf(zone.DayOf(min(buckets[len(buckets)-1].To-1, a.now)))
		err = a.s.config.Panels.UsageByMonth(ctx, a.w.Registry, t.first, last+1, t.add)
		if err != nil {
			return nil, err
		}
		return t.series(as, paths, zone), nil
	}
}

// lay finds the slot of each row, and the regions of each place of factors.
func (t *tray) lay(rows []panelRow, as panelWeight) (paths [][]string, err error) {
	t.slotOf = make(map[[3]int32]int, len(rows))
	groupOf, slotAt := map[string]int{}, map[slot]int{}
	places, placeOf := map[string]int{}, map[string]int{}
	var text []byte
	for i := range rows {
		row := &rows[i]
		group := len(t.groups)
		if t.ask.Sum == nil {
			t.groups = append(t.groups, row.labels)
		} else {
			labels := t.ask.Sum(row.labels)
			text = labels.Bytes(text[:0])
			found, ok := groupOf[string(text)]
			if !ok {
				found = len(t.groups)
				groupOf[string(text)] = found
				t.groups = append(t.groups, labels)
			}
			group = found
		}
		s := slot{group: group}
		if as != asQuantity {
			s.carrier = row.carrier
			region := t.ask.w.InstitutionOn(row.institution, t.ask.cat.day).Region
			place, ok := placeOf[region]
			if !ok {
				path := t.ask.w.RegionPath(region, t.ask.cat.day)
				grid := world.GridOf(t.ask.s.config.Factors[0], path)
				if place, ok = places[grid]; !ok {
					place = len(paths)
					places[grid], paths = place, append(paths, path)
				}
				placeOf[region] = place
			}
			s.place = place
		}
		at, ok := slotAt[s]
		if !ok {
			at = len(t.slots)
			slotAt[s], t.slots = at, append(t.slots, s)
		}
		t.slotOf[[3]int32{row.institution, int32(row.carrier), int32(row.use)}] = at
	}
	if cells := len(t.slots) * len(t.buckets); cells > t.ask.MaxSamples {
		return nil, tooMany("samples", cells, t.ask.MaxSamples)
	}
	t.sums, t.known = make([]exact.Sum, len(t.slots)*len(t.buckets)), make([]bool, len(t.slots)*len(t.buckets))
	return paths, nil
}

// add adds a month of an account.
func (t *tray) add(month schema.Month, u *indicator.Usage) {
	at, ok := t.slotOf[[3]int32{u.Institution, int32(u.Carrier), int32(u.Use)}]
	period := int(month-t.first) / t.months
	if !ok || u.Known == 0 || month < t.first || period >= len(t.buckets) {
		return
	}
	cell := at*len(t.buckets) + period
	t.sums[cell].Add(int64(u.Quantity))
	t.known[cell] = true
}

// series weighs the sums.
func (t *tray) series(as panelWeight, paths [][]string, zone *calendar.Zone) []promql.Series {
	of := make([][]int, len(t.groups)) // slots
	for i, s := range t.slots {
		of[s.group] = append(of[s.group], i)
	}
	weighings := map[schema.Carrier]*world.Weighing{}
	var list []promql.Series
	for group, labels := range t.groups {
		var c promql.Course
		for period, b := range t.buckets {
			total, isKnown := new(big.Rat), false
			for _, i := range of[group] {
				cell := i*len(t.buckets) + period
				if !t.known[cell] {
					continue
				}
				factor := big.NewRat(1, 1)
				if as != asQuantity {
					carrier := t.slots[i].carrier
					if weighings[carrier] == nil {
						weighings[carrier] = world.NewWeighing(t.ask.s.config.Factors[0], carrier, zone, paths)
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
