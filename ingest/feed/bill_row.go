package feed

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"jouleline/schema"
	"jouleline/schema/codec"
)

// billParser reads the rows of one sheet.
type billParser struct {
	config  *BillConfig
	sheet   *sheet
	columns *columns
	line    *line
	problem *Problem // the first of the present row
}

func (p *billParser) cell(field string) string { return p.line.cell(p.columns.index(field)) }

// bad rejects the present row because of a field; the first reason counts.
func (p *billParser) bad(field string, code schema.Code, format string, args ...any) {
	if p.problem != nil {
		return
	}
	column := ""
	if field != "" {
		column = p.columns.name(field)
	}
	p.problem = &Problem{Sheet: p.sheet.name, Row: p.line.number, Column: column, Code: code, Reason: fmt.Sprintf(format, args...)}
}

// totals are words of rows that sum up others.
var totals = regexp.MustCompile(`(?i)^(合计|总计|小计|共计|总和|本页合计|total|subtotal|sum|grand total)\s*:?$`)

// row reads one row. ok is false for rows that are no bills: totals, and headers
// that are repeated on every page.
func (p *billParser) row(l *line) (row BillRow, ok bool) {
	p.line, p.problem = l, nil
	row = BillRow{Sheet: p.sheet.name, Row: l.number}
	if l.fault != "" {
		p.bad("", schema.Malformed, "%s", l.fault)
	} else {
		for _, cell := range l.cells {
			if cell = plain(cell); cell != "" {
				if totals.MatchString(cell) {
					return row, false
				}
				break
			}
		}
		if cell := p.columns.index(fieldMeter); cell < len(l.cells) && clip(strings.TrimSpace(l.cells[cell])) == p.columns.name(fieldMeter) {
			return row, false
		}
		p.bill(&row.Bill)
	}
	if p.problem != nil {
		row.Verdict, row.Problem, row.Bill = Rejected, p.problem, Bill{}
	}
	return row, true
}

// bill reads the fields of the present row.
func (p *billParser) bill(b *Bill) {
	r := &b.Reading
	r.Kind, r.HasStart = schema.Bill, true
	r.Meter = p.meter()
	if p.problem != nil {
		return
	}
	b.Carrier = p.carrier(r.Meter)
	p.period(b)
	p.quantity(b)
	p.revision(b)
	p.cost(b)
	if p.problem != nil {
		return
	}
	zone := p.config.zone(r.Meter)
	r.Start, r.Time = b.First.Start(zone), (b.Last + 1).Start(zone)
	if code, reason := codec.Validate(r, p.config.Received); code != schema.Accepted {
		field := fieldEnd
		if !p.columns.has(fieldEnd) {
			field = fieldMonth
		}
		p.bad(field, code, "%s", reason)
	}
}

// shortened is a long number as a spreadsheet writes it once its digits are lost.
var shortened = regexp.MustCompile(`^\d(\.\d+)?[eE]\+?\d+$`)

func (p *billParser) meter() string {
	text := p.cell(fieldMeter)
	if shortened.MatchString(text) {
		p.bad(fieldMeter, schema.BadMeter, "got %q, a number whose last digits a spreadsheet lost: format the column as text", clip(text))
		return ""
	}
	if code, reason := codec.CheckMeter(text); code != schema.Accepted {
		p.bad(fieldMeter, code, "%s", reason)
		return ""
	}
	if p.config.MeterOf == nil {
		return text
	}
	meter, err := p.config.MeterOf(text)
	if err != nil {
		p.bad(fieldMeter, schema.BadMeter, "%v", err)
	}
	return meter
}

// carrier gives what the row, the header or the registry says.
func (p *billParser) carrier(meter string) schema.Carrier {
	known := schema.CarrierNone
	if p.config.CarrierOf != nil {
		known = p.config.CarrierOf(meter)
	}
	said, field := p.columns.carrier, fieldQuantity
	if text := p.cell(fieldCarrier); !notGiven(text) {
		var err error
		if said, err = carrierOf(text); err != nil {
			p.bad(fieldCarrier, schema.Malformed, "%v", err)
			return known
		}
		field = fieldCarrier
	}
	switch {
	case known == schema.CarrierNone:
		return said
	case said != schema.CarrierNone && said != known:
		p.bad(field, schema.BadMeter, "got %v, but %s meters %v", said, clip(meter), known)
	}
	return known
}

// period reads the first and the last day that are covered.
func (p *billParser) period(b *Bill) {
	start, end := p.cell(fieldStart), p.cell(fieldEnd)
	if start == "" && end == "" && p.columns.has(fieldMonth) {
		month, err := p.sheet.month(p.cell(fieldMonth))
		if err != nil {
			p.bad(fieldMonth, schema.BadTime, "%v", err)
			return
		}
		b.First, b.Last = month.First(), (month+1).First()-1
		return
	}
	var err error
	if b.First, err = p.sheet.day(start); err != nil {
		p.bad(fieldStart, schema.BadStart, "%v", err)
		return
	}
	if b.Last, err = p.sheet.day(end); err != nil {
		p.bad(fieldEnd, schema.BadTime, "%v", err)
		return
	}
	exclusive := ""
	if p.config.EndExclusive || p.columns.exclusive {
		b.Last--
		exclusive = ", which is not covered any more"
	}
	if b.First > b.Last {
		p.bad(fieldStart, schema.BadStart, "got %v, want a day not after the end %q%s", b.First, clip(end), exclusive)
	}
}

func (p *billParser) quantity(b *Bill) {
	text := p.cell(fieldQuantity)
	if notGiven(text) {
		p.bad(fieldQuantity, schema.MissingValue, "got no quantity")
		return
	}
	value, err := p.sheet.number(text)
	if err != nil {
		p.bad(fieldQuantity, schema.BadValue, "%v", err)
		return
	}
	if value.Mantissa < 0 {
		p.bad(fieldQuantity, schema.Negative, "got %s, want no negative amount: a credit is a corrected bill of the same period", clip(text))
		return
	}
	unit, field := p.columns.unit, fieldQuantity
	if given := p.cell(fieldUnit); !notGiven(given) {
		unit, field = given, fieldUnit
	}
	if unit != "" {
		as, err := unitOf(unit, b.Carrier)
		switch {
		case err != nil && strings.HasPrefix(err.Error(), "unknown"):
			p.bad(field, schema.UnknownUnit, "%v", err)
			return
		case err != nil:
			p.bad(field, schema.IncompatibleUnit, "%v", err)
			return
		case as.unit.IsRate():
			p.bad(field, schema.IncompatibleUnit, "got the rate %v, want an amount", as.unit)
			return
		}
		b.Reading.Unit = as.unit
		value.Scale -= as.shift
	}
	q, exact, err := value.Quantity()
	if err != nil {
		p.bad(fieldQuantity, schema.OutOfRange, "got %s, at most %v is taken", clip(text), schema.MaxQuantity)
		return
	}
	if b.Reading.Value = q; !exact {
		b.Reading.Original = decimalText(value)
	}
}

func (p *billParser) revision(b *Bill) {
	text := p.cell(fieldRevision)
	if notGiven(text) {
		return
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		p.bad(fieldRevision, schema.BadRevision, "got %q, want a whole number from 0 to 2147483647", clip(text))
		return
	}
	b.Reading.Revision, b.given = int32(n), true
}

func (p *billParser) cost(b *Bill) {
	text := strings.Trim(p.cell(fieldCost), "¥￥元 ")
	if notGiven(text) {
		return
	}
	cost, err := p.sheet.number(text)
	if err != nil {
		p.bad(fieldCost, schema.BadValue, "%v", err)
		return
	}
	b.Cost, b.HasCost = cost, true
}
