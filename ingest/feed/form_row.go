package feed

import (
	"fmt"
	"regexp"
	"slices"

	"jouleline/schema"
)

// formParser reads the rows of one form.
type formParser struct {
	config  *FormConfig
	sheet   *sheet
	columns *columns
	edition *Edition
	form    *Form
	seen    map[string]stated // by code
}

// stated is a number of the form, in its item's first unit.
type stated struct {
	value schema.Decimal
	unit  string
	row   int // index in form.Rows
}

// note adds a row with its verdict.
func (p *formParser) note(l *line, code string, v Verdict, field string, reason schema.Code, format string, args ...any) {
	row := FormRow{Sheet: p.sheet.name, Row: l.number, Code: code, Verdict: v}
	if format != "" {
		row.Problem = &Problem{Sheet: p.sheet.name, Row: l.number, Code: reason, Reason: fmt.Sprintf(format, args...)}
		if field != "" {
			row.Problem.Column = p.columns.name(field)
		}
	}
	p.form.Rows = append(p.form.Rows, row)
}

// formCode is what codes look like; rows without one are headings, the columns'
// numbers, or what is signed below the table.
var formCode = regexp.MustCompile(`^\d{3,4}$`)

// row reads one row.
func (p *formParser) row(l *line) {
	if l.fault != "" {
		p.note(l, "", Rejected, "", schema.Malformed, "%s", l.fault)
		return
	}
	cell := func(field string) string { return l.cell(p.columns.index(field)) }
	code, text := cell(fieldCode), cell(fieldQuantity)
	if !formCode.MatchString(code) {
		if _, err := p.sheet.number(text); err == nil && len([]rune(code)) != 1 { // 乙 numbers the columns
			p.note(l, code, Rejected, fieldCode, schema.Malformed, "got the code %q, want one as 110", clip(code))
		}
		return
	}
	item := p.edition.find(code)
	switch {
	case item == nil && slices.Contains(p.edition.Deleted, code):
		p.note(l, code, Ignored, fieldCode, "", "code %s is not in the edition %s any more", code, p.edition.Edition)
		return
	case item == nil:
		p.note(l, code, Rejected, fieldCode, schema.Malformed, "code %s is not in the edition %s", code, p.edition.Edition)
		return
	}
	if name := nameOf(cell(fieldName)); !p.named(item, name) {
		p.note(l, code, Rejected, fieldName, schema.Malformed, "code %s is %s, the row says %s", code, item.Name, clip(name))
		return
	}
	if item.Declares == "" && len(item.Parts) == 0 {
		p.note(l, code, Ignored, "", "", "")
		return
	}
	if notGiven(text) {
		p.note(l, code, Ignored, fieldQuantity, "", "no quantity is given")
		return
	}
	p.figure(l, item, text, cell(fieldUnit))
}

// figure reads the number of a row.
func (p *formParser) figure(l *line, item *Item, text, unitText string) {
	value, err := p.sheet.number(text)
	switch {
	case err != nil:
		p.note(l, item.Code, Rejected, fieldQuantity, schema.BadValue, "%v", err)
		return
	case value.Lost:
		p.note(l, item.Code, Rejected, fieldQuantity, schema.BadValue, "got %s, want at most 18 digits", clip(text))
		return
	case value.Mantissa < 0:
		p.note(l, item.Code, Rejected, fieldQuantity, schema.Negative, "got %s, want no negative number", clip(text))
		return
	}
	unit, of := item.unit, item.quantity
	if len(item.Parts) > 0 {
		part := p.edition.find(item.Parts[0])
		unit, of = part.unit, part.quantity
	}
	if !notGiven(unitText) {
		if unit, err = formUnitOf(unitText, of); err != nil {
			p.note(l, item.Code, Rejected, fieldUnit, schema.IncompatibleUnit, "%v", err)
			return
		}
	}
	value.Scale -= unit.shift
	if !countable(value, unit.word, of) {
		p.note(l, item.Code, Rejected, fieldQuantity, schema.OutOfRange, "got %s, which is beyond what can be counted", clip(text))
		return
	}
	value = trimmed(value)
	if before, twice := p.seen[item.Code]; twice {
		if before.value == value && before.unit == unit.word {
			p.note(l, item.Code, Duplicate, "", "", "")
			return
		}
		p.note(l, item.Code, Rejected, fieldCode, schema.Duplicate, "code %s has another number in row %d already", item.Code, p.form.Rows[before.row].Row)
		return
	}
	p.seen[item.Code] = stated{value, unit.word, len(p.form.Rows)}
	p.note(l, item.Code, Accepted, "", "", "")
}

// named tells whether a name may stand beside an item: it is not that of another
// one. Names that no item has are free.
func (p *formParser) named(item *Item, name string) bool {
	if name == "" || name == item.Name {
		return true
	}
	for i := range p.edition.Items {
		if p.edition.Items[i].Name == name {
			return false
		}
	}
	return true
}
