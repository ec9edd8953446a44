package indicator

import (
	"slices"
	"time"

	"jouleline/metrics/exact"
	"jouleline/schema"
)

// period is what the registry says about a stretch of local days, by
// institution: the denominators and the meter-time that is expected.
type period struct {
	schema.Validity
	// length is the stretch in milliseconds of the deployment's calendar.
	length int64
	valid  []int32 // days on which the institution exists
	// area is m2 x days, people persons x days, both in micro-units, over the
	// valid days (rule 12).
	area, people []exact.Sum
	expected     []expectation // by institution, then slot
}

// expectation is the time over which the counted meters of a slot should have
// reported, in meter-milliseconds.
type expectation struct {
	institution int32
	slot        slot
	time        int64
}

func (p *period) days() int64 { return int64(p.To - p.From) }

func (w *World) measurePeriod(days schema.Validity) *period {
	n := len(w.reg.InstitutionIDs)
	p := &period{
		Validity: days,
		length:   days.To.Start(w.reg.TimeZone).Sub(days.From.Start(w.reg.TimeZone)),
		valid:    make([]int32, n),
		area:     make([]exact.Sum, n),
		people:   make([]exact.Sum, n),
	}
	for i := range n {
		versions := w.versions(int32(i))
		for v := range versions {
			stay := schema.Validity{From: max(versions[v].From, days.From), To: min(versions[v].To, days.To)}
			if stay.From >= stay.To {
				continue
			}
			p.valid[i] += int32(stay.To - stay.From)
			for _, series := range w.premises[i] {
				addDated(&p.area[i], series, stay)
			}
			addDated(&p.people[i], w.heads[i], stay)
		}
	}
	w.expect(p)
	return p
}

// addDated adds value x days of a dated series over a stretch of days.
func addDated(sum *exact.Sum, series []schema.Dated[schema.Quantity], stay schema.Validity) {
	for i, d := range series {
		end := schema.Never
		if i+1 < len(series) {
			end = series[i+1].From
		}
		if days := stay.Days(d.From, end); days > 0 {
			sum.AddMul(int64(d.Value), int64(days))
		}
	}
}

// expect adds up the time that meters should have reported: where both they and
// their institution are valid, by the calendar of their building.
func (w *World) expect(p *period) {
	var length stretchLength
	for m := range w.meters {
		meter := &w.meters[m]
		for _, v := range w.versions(meter.institution) {
			from := max(meter.From, v.From, p.From)
			to := min(meter.To, v.To, p.To)
			if from >= to {
				continue
			}
			time := length.of(schema.Validity{From: from, To: to}, meter.zone)
			last := len(p.expected) - 1
			if last >= 0 && p.expected[last].institution == meter.institution && p.expected[last].slot == meter.slot {
				p.expected[last].time += time
				continue
			}
			p.expected = append(p.expected, expectation{meter.institution, meter.slot, time})
		}
	}
	p.expected = slices.Clip(p.expected)
}

// stretchLength gives the length of stretches of days and remembers the last
// one: most meters are valid throughout.
type stretchLength struct {
	days schema.Validity
	zone *time.Location
	time int64
}

func (l *stretchLength) of(days schema.Validity, zone *time.Location) int64 {
	if l.days != days || l.zone != zone {
		*l = stretchLength{days, zone, days.To.Start(zone).Sub(days.From.Start(zone))}
	}
	return l.time
}
