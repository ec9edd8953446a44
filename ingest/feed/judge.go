package feed

import (
	"cmp"
	"fmt"
	"slices"

	"jouleline/schema"
)

// period is what makes a bill the same bill: its meter and the time it covers.
type period struct {
	meter      string
	start, end schema.Instant
}

// statement is what is said of one period: the bill that counts so far, and the
// rows that say it.
type statement struct {
	period
	best schema.Reading
	rows []int // of the file
	// booked tells that it stands in the books, where it comes before any row.
	booked bool
}

// judge gives the rows that could be read their verdicts. Rows of one period are
// compared in the order of the file, periods of one meter in the order of time;
// the order of meters and of periods in the file does not matter.
func judge(bills *Bills, c *BillConfig) {
	known := map[period]*statement{}
	var all []*statement
	say := func(r *schema.Reading) (s *statement, fresh bool) {
		p := period{r.Meter, r.Start, r.Time}
		if s = known[p]; s == nil {
			s = &statement{period: p, best: *r}
			known[p] = s
			all = append(all, s)
			return s, true
		}
		return s, false
	}
	deleted := map[period]int32{} // revisions of tombstones
	for i := range c.Booked {
		if r := &c.Booked[i]; r.Deleted {
			deleted[period{r.Meter, r.Start, r.Time}] = r.Revision
			continue
		}
		if s, fresh := say(&c.Booked[i]); fresh || c.Booked[i].Revision > s.best.Revision {
			s.best, s.booked = c.Booked[i], true
		}
	}
	for i := range bills.Rows {
		row := &bills.Rows[i]
		if row.Verdict == Rejected || !row.outlive(deleted) {
			continue
		}
		s, fresh := say(&row.Bill.Reading)
		row.Verdict = Accepted
		if !fresh {
			s.compare(row)
		}
		if row.Verdict != Rejected {
			s.rows = append(s.rows, i)
		}
	}
	slices.SortStableFunc(all, func(a, b *statement) int {
		return cmp.Or(cmp.Compare(a.meter, b.meter), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].meter == all[0].meter {
			n++
		}
		bills.cover(all[:n], c)
		all = all[n:]
	}
}

// outlive gives a row of a period whose bill was deleted the revision that it
// needs to count again. It is false where the row states a lower one.
func (row *BillRow) outlive(deleted map[period]int32) bool {
	r := &row.Bill.Reading
	revision, found := deleted[period{r.Meter, r.Start, r.Time}]
	switch {
	case !found:
	case !row.Bill.given:
		r.Revision = revision + 1
	case r.Revision <= revision:
		row.reject(schema.BadRevision, "got revision %d where revision %d deleted the bill of the same period: want a higher one", r.Revision, revision)
		return false
	}
	return true
}

// compare judges a row of a period that was stated before. Without a revision of
// its own, the later row corrects the earlier.
func (s *statement) compare(row *BillRow) {
	r := &row.Bill.Reading
	same := sameAmount(r, &s.best)
	switch {
	case !row.Bill.given && same:
		row.Verdict = Duplicate
	case !row.Bill.given:
		r.Revision = s.best.Revision + 1
		row.Verdict, s.best = Corrected, *r
	case r.Revision > s.best.Revision:
		row.Verdict, s.best = Corrected, *r
	case r.Revision < s.best.Revision:
		row.Verdict = Superseded
	case same:
		row.Verdict = Duplicate
	default:
		row.reject(schema.BadRevision, "got %v %v where %v %v stands for the same period and revision %d: a correction needs a higher revision",
			r.Value, r.Unit, s.best.Value, s.best.Unit, r.Revision)
	}
}

func (row *BillRow) reject(code schema.Code, format string, args ...any) {
	row.Verdict = Rejected
	row.note(code, format, args...)
	row.Bill = Bill{}
}

func (row *BillRow) note(code schema.Code, format string, args ...any) {
	row.Problem = &Problem{Sheet: row.Sheet, Row: row.Row, Code: code, Reason: fmt.Sprintf(format, args...)}
}

// sameAmount compares two amounts. A unit that is not given is the meter's own,
// and so like any other.
func sameAmount(a, b *schema.Reading) bool {
	if a.Unit == schema.UnitNone || b.Unit == schema.UnitNone || a.Unit == b.Unit {
		return a.Value == b.Value
	}
	factor, ok := a.Unit.In(b.Unit)
	if !ok {
		return false
	}
	converted, ok := factor.Of(a.Value)
	return ok && converted == b.Value
}

// cover finds overlaps and gaps among the periods of one meter, sorted by start.
// What is booked stands; of two rows that overlap, the one that starts earlier
// does.
func (b *Bills) cover(statements []*statement, c *BillConfig) {
	booked := statements[:0:0]
	for _, s := range statements {
		if s.booked {
			booked = append(booked, s)
		}
	}
	var last *statement // the one that reaches furthest
	for _, s := range statements {
		for len(booked) > 0 && booked[0].end <= s.start {
			booked = booked[1:]
		}
		other := last
		if last == nil || last.end <= s.start {
			other = nil
			if len(booked) > 0 && booked[0] != s && booked[0].start < s.end {
				other = booked[0]
			}
		}
		switch {
		case s.booked:
		case other != nil:
			b.overlap(s, other, c)
			continue
		case last != nil && last.end < s.start:
			b.gap(s, last, c)
		}
		if last == nil || s.end > last.end {
			last = s
		}
	}
}

// overlap marks the rows of a period that another covers in part.
func (b *Bills) overlap(s, other *statement, c *BillConfig) {
	from, to := b.days(max(s.start, other.start), min(s.end, other.end), c, s.meter)
	hint := ""
	if from == to && s.start != other.start && !c.EndExclusive {
		hint = "; if the file prints the days on which the meter was read, the end of a bill is exclusive"
	}
	for _, i := range s.rows {
		row := &b.Rows[i]
		row.Verdict = Overlap
		row.note(schema.Overlap, "%s is covered by %s already%s", daysText(from, to), b.where(other), hint)
	}
}

// gap marks the first row of a period that does not begin where the one before
// ends.
func (b *Bills) gap(s, before *statement, c *BillConfig) {
	from, to := b.days(before.end, s.start, c, s.meter)
	hint := ""
	if from == to && c.EndExclusive {
		hint = "; if the file prints the last day of each bill, its end is inclusive"
	}
	row := &b.Rows[s.rows[0]]
	row.Verdict = Gap
	row.note(schema.Accepted, "no bill covers %s, between %s and this row%s", daysText(from, to), b.where(before), hint)
}

func (b *Bills) where(s *statement) string {
	if s.booked || len(s.rows) == 0 {
		return "a bill in the books"
	}
	row := &b.Rows[s.rows[0]]
	if row.Sheet != "" {
		return fmt.Sprintf("row %d of sheet %s", row.Row, row.Sheet)
	}
	return fmt.Sprintf("row %d", row.Row)
}

// days gives the first and the last local day of a stretch.
func (b *Bills) days(from, to schema.Instant, c *BillConfig, meter string) (first, last schema.Day) {
	zone := c.zone(meter)
	return schema.DayOf(from.Time().In(zone).Date()), schema.DayOf((to - 1).Time().In(zone).Date())
}

func daysText(from, to schema.Day) string {
	if from == to {
		return from.String()
	}
	return fmt.Sprintf("%v to %v", from, to)
}
