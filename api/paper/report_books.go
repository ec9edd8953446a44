package paper

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/frozen"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// ReportMeter is what was booked since a report for one meter and year.
type ReportMeter struct {
	Meter       string       `json:"meter" example:"E1"`
	Institution string       `json:"institution" doc:"To whom its building belongs" example:"S1"`
	Carrier     string       `json:"carrier" example:"electricity"`
	Unit        schema.Unit  `json:"unit" example:"kWh"`
	Year        int          `json:"year" doc:"Year of the comparison that the days lie in" example:"2023"`
	Quantity    query.Amount `json:"quantity" doc:"Added to the year since; negative where it was taken out. Of a divided meter: the whole"`
	Estimated   query.Amount `json:"estimated" doc:"Added to the part that is estimated"`
	KnownHours  float64      `json:"known_hours" doc:"Added to the time over which consumption is known"`
	First       time.Time    `json:"first" doc:"When the first of it was recorded"`
	Last        time.Time    `json:"last" doc:"When the last of it was recorded"`
	Readings    int64        `json:"readings" doc:"Readings of the meter recorded since, of any time"`
	Revised     int64        `json:"revised" doc:"Of these, corrections by a revision"`
	Deleted     int64        `json:"deleted" doc:"Of these, tombstones"`
	Because     []string     `json:"because" enum:"readings,events,facts,recomputed" doc:"Readings were recorded; events of the meter changed; its facts in the registry changed; none of these: the books were computed anew" example:"[\"readings\"]"`
}

// ReportCarrier is what was booked since, of all meters of one carrier in a year.
type ReportCarrier struct {
	Carrier  string       `json:"carrier" example:"electricity"`
	Unit     schema.Unit  `json:"unit" example:"kWh"`
	Year     int          `json:"year" example:"2023"`
	Meters   int          `json:"meters" doc:"Meters whose year changed" example:"1"`
	Quantity query.Amount `json:"quantity" doc:"Sum over them"`
	Unlisted query.Amount `json:"unlisted" doc:"The part of it of meters that are not listed"`
}

// change is a meter's year that changed.
type change struct {
	frozen.Booked
	id   string
	year int
	last *schema.Meter
}

// books lists what was booked since, by meter and by carrier.
func (c *causes) books(ctx context.Context, a *ReportDiffAnswer) error {
	if c.s.Archive == nil {
		return problem.ErrUnavailable
	}
	days, _ := sidesAt(c.query, c.present, c.report.Created)
	if days[0] == days[1] {
		days[0] = schema.Validity{}
	}
	var changed []change
	for _, d := range days {
		if d.From >= d.To {
			continue
		}
		booked, err := c.s.Archive.BookedSince(ctx, c.report.KnownAt, d)
		if err != nil {
			return err
		}
		year, _, _ := d.From.Date()
		for _, b := range booked {
			changed = append(changed, change{Booked: b, year: year})
		}
	}
	changed = c.named(changed)
	slices.SortStableFunc(changed, func(x, y change) int {
		return cmp.Or(cmp.Compare(magnitude(y.Quantity), magnitude(x.Quantity)), cmp.Compare(x.id, y.id), cmp.Compare(x.year, y.year))
	})
	a.Sums = sumsOf(changed, c.limit)
	return c.list(ctx, a, changed[:min(len(changed), c.limit)])
}

// named finds the meters of the scope among those that changed.
func (c *causes) named(changed []change) []change {
	wanted := map[int32][]int{}
	for i := range changed {
		wanted[changed[i].Meter] = append(wanted[changed[i].Meter], i)
	}
	if len(wanted) == 0 {
		return nil
	}
	for _, w := range []*world.World{c.present, c.then} { // a meter may have left since
		for i := 0; i < len(w.Meters); {
			versions := w.MeterVersions(w.Meters[i].ID)
			i += len(versions)
			number, ok := w.Number(versions[0].ID)
			if !ok || len(wanted[number]) == 0 || !c.hasMeter(w, versions[0].ID) {
				continue
			}
			for _, k := range wanted[number] {
				if changed[k].last == nil {
					changed[k].id, changed[k].last = versions[0].ID, &versions[len(versions)-1]
				}
			}
		}
	}
	return slices.DeleteFunc(changed, func(x change) bool { return x.last == nil })
}

func magnitude(q schema.Quantity) schema.Quantity { return max(q, -q) }

// sumsOf sums changes by carrier and year. The first ones are listed.
func sumsOf(changed []change, listed int) []ReportCarrier {
	type key struct {
		carrier schema.Carrier
		year    int
	}
	sums := map[key]*ReportCarrier{}
	keys := []key{}
	for i := range changed {
		x := &changed[i]
		k := key{x.last.Carrier, x.year}
		sum := sums[k]
		if sum == nil {
			sum = &ReportCarrier{Carrier: k.carrier.String(), Unit: k.carrier.Unit(), Year: k.year}
			sums[k] = sum
			keys = append(keys, k)
		}
		sum.Meters++
		sum.Quantity.Quantity += x.Quantity
		if i >= listed {
			sum.Unlisted.Quantity += x.Quantity
		}
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.carrier, b.carrier)) })
	list := make([]ReportCarrier, len(keys))
	for i, k := range keys {
		list[i] = *sums[k]
	}
	return list
}

// list says of each listed change why it came.
func (c *causes) list(ctx context.Context, a *ReportDiffAnswer, listed []change) error {
	var meters []int32
	for i := range listed {
		meters = append(meters, listed[i].Meter)
	}
	slices.Sort(meters)
	received, err := c.s.Archive.ReceivedSince(ctx, c.report.KnownAt, slices.Compact(meters))
	if err != nil {
		return err
	}
	by := map[int32]frozen.Received{}
	for _, r := range received {
		by[r.Meter] = r
	}
	for i := range listed {
		x := &listed[i]
		r := by[x.Meter]
		m := ReportMeter{
			Meter: x.id, Carrier: x.last.Carrier.String(), Unit: x.last.Carrier.Unit(), Year: x.year,
			Quantity: query.Amount{Quantity: x.Quantity}, Estimated: query.Amount{Quantity: x.Estimated}, KnownHours: float64(x.Known) / float64(schema.Hour),
			First: c.stampOf(x.First), Last: c.stampOf(x.Last), Readings: r.Readings, Revised: r.Revised, Deleted: r.Deleted,
			Because: c.because(x.id, r.Readings > 0),
		}
		for _, w := range []*world.World{c.then, c.present} {
			if b, ok := w.Building(x.last.Building); ok {
				m.Institution = b.Institution
			}
		}
		a.Meters = append(a.Meters, m)
	}
	return nil
}

// because says why a meter's books changed.
func (c *causes) because(meter string, received bool) []string {
	var why []string
	if received {
		why = append(why, "readings")
	}
	if c.meterChanged(registry.EventsFile, "meter", meter) {
		why = append(why, "events")
	}
	if c.meterChanged(registry.MetersFile, "id", meter) || c.meterChanged(registry.LearnedFile, "meter", meter) || c.meterChanged(registry.ProfilesFile, "meter", meter) {
		why = append(why, "facts")
	}
	if why == nil {
		why = []string{"recomputed"}
	}
	return why
}
