package panel

import (
	"context"

	"jouleline/api/promql"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/schema"
)

// counterHold is how long a counter's latest sample holds where no other follows:
// four steps, so that an hourly meter's counter does not blink while its next
// reading is awaited.
const counterHold = schema.Instant(schema.Hour)

// counterFamilies are the running totals of meters and buildings.
func counterFamilies() []figure {
	var list []figure
	for _, table := range meterTables {
		for _, u := range unitWords {
			list = append(list, figure{
				Family: promql.Family{
					Name: "jouleline_" + table.level + "_consumption_" + u.word + "_total", Type: promql.Counter, Unit: u.word, Labels: table.labels,
					Each: "one at the end of each quarter of an hour that is known, and at the start of the first after a gap; holds until the next, an hour at most",
					Help: "Consumption of a " + table.level + " since its first reading in " + u.title,
				},
				rows: table.rows, only: ofUnit(u.unit), read: counted,
			})
		}
	}
	return list
}

// counted reads counters: what the ledger holds of the days before, and the cuts
// of the day since.
func counted(ctx context.Context, a *selection, rows []entry) ([]promql.Series, error) {
	first, last := a.From-counterHold, a.To
	wide := *a
	// The cuts begin at a midnight, where the ledger ends. Calendars differ by
	// less than a day.
	wide.From = max(schema.MinInstant, first-schema.Instant(26*schema.Hour))
	var list []promql.Series
	samples := 0
	err := wide.sheets(ctx, rows, calendar.QuarterHour, func(s *sheet) error {
		zone := s.rows[0].circle.Zone
		from := zone.DayOf(max(first, schema.MinInstant))
		totals, err := a.before(ctx, s.rows, from)
		if err != nil {
			return err
		}
		for place := range s.rows {
			var c promql.Course
			total, wasKnown := totals[place], false
			for i, b := range s.buckets {
				if b.From < zone.Start(from) {
					continue // in the ledger's sum
				}
				amounts, err := s.series.Amounts(i, place)
				if err != nil {
					return err
				}
				isKnown := amounts.Known > 0 && b.To <= a.now
				if isKnown && !wasKnown && b.From >= first && b.From <= last {
					c.Hold(b.From, b.From+counterHold, inUnits(total))
				}
				// A formula may run backwards. To PromQL a counter that falls, be it by a
				// rounding, began anew at zero, so here it stands still.
				total += max(0, amounts.Quantity)
				if isKnown && b.To >= first && b.To <= last {
					c.Hold(b.To, b.To+counterHold, inUnits(total))
				}
				wasKnown = isKnown
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

// before sums what the ledger holds of each row before a day.
func (a *selection) before(ctx context.Context, rows []circleRow, day schema.Day) ([]schema.Quantity, error) {
	totals := make([]schema.Quantity, len(rows))
	var whole []int32
	var parts []consumption.Member
	places := map[int32]int{}
	for place, row := range rows {
		for _, m := range row.circle.Members {
			places[m.Number] = place
			if len(m.Counts) == 1 {
				whole = append(whole, m.Number)
			} else {
				parts = append(parts, m)
			}
		}
	}
	sums, err := a.s.source.BookedBefore(ctx, whole, day)
	if err != nil {
		return nil, err
	}
	for meter, sum := range sums {
		totals[places[meter]] += sum
	}
	if err := a.virtualBefore(ctx, rows, day, totals); err != nil {
		return nil, err
	}
	// A meter that has stood elsewhere counts here on some of its days only.
	for _, m := range parts {
		for _, v := range m.Counts {
			if v.To = min(v.To, day); v.From >= v.To {
				continue
			}
			entries, err := a.s.Books.Booked(ctx, []int32{m.Number}, v, 0)
			if err != nil {
				return nil, err
			}
			for i := range entries {
				totals[places[m.Number]] += entries[i].Quantity
			}
		}
	}
	return totals, nil
}

// virtualBefore adds what virtual meters come to before a day.
func (a *selection) virtualBefore(ctx context.Context, rows []circleRow, day schema.Day, totals []schema.Quantity) error {
	var virtuals []consumption.Virtual
	for _, row := range rows {
		virtuals = append(virtuals, row.circle.Virtuals...)
	}
	zone := rows[0].circle.Zone
	past := calendar.Bucket{From: zone.Start(zone.DayOf(schema.MinInstant) + 1), To: zone.Start(day)}
	if len(virtuals) == 0 || past.From >= past.To {
		return nil
	}
	series, err := consumption.Read(ctx, a.s.Books, consumption.Query{
		Virtuals: virtuals, Places: len(rows), Buckets: []calendar.Bucket{past}, Zone: zone, Step: calendar.DayStep, Now: a.now,
	})
	if err != nil {
		return err
	}
	for place := range totals {
		amounts, err := series.Amounts(0, place)
		if err != nil {
			return err
		}
		totals[place] += amounts.Quantity
	}
	return nil
}
