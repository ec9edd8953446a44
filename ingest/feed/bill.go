package feed

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"jouleline/schema"
)

// BillConfig is what is known beside the file.
type BillConfig struct {
	// Zone is the time zone of the days on the bills. Required.
	Zone *time.Location
	// ZoneOf gives the zone of a meter where it has its own; nil or a nil zone:
	// Zone.
	ZoneOf func(meter string) *time.Location
	// MeterOf gives the meter of what stands on the bill, such as an account; nil:
	// the bill names the meter. An error rejects the row, and says why.
	MeterOf func(account string) (meter string, err error)
	// CarrierOf gives the carrier of a meter, CarrierNone where it is not known.
	// Nil: none is.
	CarrierOf func(meter string) schema.Carrier
	// Columns adds headers: a header as the file writes it to one of the names
	// meter, start, end, month, quantity, unit, carrier, cost, revision.
	Columns map[string]string
	// EndExclusive tells that the end of a bill is not covered any more, where its
	// header does not say so itself.
	EndExclusive bool
	// Received is when the file was handed in: a bill may not end more than
	// schema.MaxAhead after it. Required.
	Received schema.Instant
	// Booked are bills of the same meters that are in the books, the winners of
	// their period: they count as rows before the first. One that is deleted
	// covers nothing, but a bill of its period needs a higher revision.
	Booked []schema.Reading
}

// Bills is what a file of bills says.
type Bills struct {
	// Rows are the rows in the order of the file, without blank ones and totals.
	Rows []BillRow
	// Passed are the sheets without a header of bills; they are not read.
	Passed []string
	Summary
}

// BillRow is one row of a file of bills.
type BillRow struct {
	Sheet   string
	Row     int
	Verdict Verdict
	// Problem is set for Gap, Overlap and Rejected.
	Problem *Problem
	// Bill is what the row says; not set for Rejected.
	Bill Bill
}

// Bill is one utility bill.
type Bill struct {
	// First and Last are the first and the last day that the bill covers.
	First, Last schema.Day
	// Reading is the bill as a reading of kind bill. Its revision is the row's
	// own, or that which a correction needs to win.
	Reading schema.Reading
	// Carrier is what the row says, or is known, of what was metered.
	Carrier schema.Carrier
	// Cost is in yuan, where HasCost is set. Nothing is computed from it.
	Cost    schema.Decimal
	HasCost bool
	// given tells that the row states its revision.
	given bool
}

// Readings gives what is to be brought in, in the order of the file: rows that
// are accepted, corrected or superseded. Overlapping rows are left out, since
// which of two bills is right is for a person to say.
func (b *Bills) Readings() []schema.Reading {
	var readings []schema.Reading
	for i := range b.Rows {
		switch b.Rows[i].Verdict {
		case Accepted, Gap, Corrected, Superseded:
			readings = append(readings, b.Rows[i].Bill.Reading)
		}
	}
	return readings
}

// ReadBills reads a file of utility bills, CSV or XLSX. The header may stand
// below titles; its columns may have any order and any name of a table of
// Chinese and English ones. Needed are a meter, a quantity, and either start and
// end or a month.
//
// The error is a *FileError where the file cannot be read as bills at all.
func ReadBills(from io.Reader, c BillConfig) (*Bills, error) {
	if c.Zone == nil || c.Received == 0 {
		return nil, errors.New("read bills: Zone and Received are required")
	}
	own := map[string]string{}
	for name, field := range c.Columns {
		if !slices.ContainsFunc(billHeadings, func(h heading) bool { return h.field == field }) {
			return nil, badFile("column %s: got %q, want meter, start, end, month, quantity, unit, carrier, cost or revision", clip(name), clip(field))
		}
		name, _ = bare(name)
		own[name] = field
	}
	all, err := sheets(from)
	if err != nil {
		return nil, err
	}
	bills := &Bills{Summary: Summary{Rejected: []Problem{}, Gaps: []Problem{}}}
	var lacks []string
	for i := range all {
		s := &all[i]
		found, at, lack, err := s.header(billHeadings, own, billNeeds)
		switch {
		case err != nil:
			return nil, err
		case at < 0:
			bills.Passed = append(bills.Passed, s.name)
			if lack != "" {
				lacks = append(lacks, strings.TrimSpace(s.name+" "+lack))
			}
			continue
		}
		p := billParser{config: &c, sheet: s, columns: &found}
		for k := range s.rows[at+1:] {
			if row, ok := p.row(&s.rows[at+1+k]); ok {
				bills.Rows = append(bills.Rows, row)
			}
		}
	}
	if len(bills.Passed) == len(all) {
		return nil, badFile("got no header of bills, want columns for the meter (表号, 户号), the period (起始日期 and 截止日期, or 账期) and the quantity (用量): %s", strings.Join(lacks, "; "))
	}
	judge(bills, &c)
	for i := range bills.Rows {
		bills.count(bills.Rows[i].Verdict, bills.Rows[i].Problem)
	}
	return bills, nil
}

// zone gives the zone of a meter's days.
func (c *BillConfig) zone(meter string) *time.Location {
	if c.ZoneOf != nil {
		if own := c.ZoneOf(meter); own != nil {
			return own
		}
	}
	return c.Zone
}

func billNeeds(c *columns) (missing []string) {
	if !c.has(fieldMeter) {
		missing = append(missing, "the meter")
	}
	if !c.has(fieldQuantity) {
		missing = append(missing, "the quantity")
	}
	if !c.has(fieldMonth) && !(c.has(fieldStart) && c.has(fieldEnd)) {
		missing = append(missing, "the period")
	}
	return missing
}
