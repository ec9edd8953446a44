package feed

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"jouleline/schema"
)

// FormConfig is what is known beside the file.
type FormConfig struct {
	// Scope and ID say whom the form speaks of. ID is required; an empty scope is
	// an institution.
	Scope schema.Scope
	ID    string
	// Year is the year that the form reports. 0: the form says so above its table.
	Year int
	// Edition names the edition; empty: the newest that the year is reported by.
	Edition string
}

// Form is what an annual form says.
type Form struct {
	Year     int
	Edition  string
	Declared []schema.Declared
	// Rows are the rows of the table in the order of the file.
	Rows []FormRow
	Summary
}

// FormRow is one row of a form.
type FormRow struct {
	Sheet   string
	Row     int
	Code    string
	Verdict Verdict // Accepted, Duplicate, Ignored or Rejected
	// Problem is set for Rejected, and says for Ignored why.
	Problem *Problem
}

// Fields of a form.
const (
	fieldCode = "code"
	fieldName = "name"
)

// formHeadings are the headers of form NY301. Its columns are also numbered 甲,
// 乙, 丙, 1.
var formHeadings = []heading{
	{field: fieldCode, names: "code 代码 指标代码 乙"},
	{field: fieldName, names: "name indicator 指标名称 名称 指标 甲"},
	{field: fieldUnit, names: "unit 计量单位 单位 丙"},
	{field: fieldQuantity, names: "quantity value 数量 本年数量 年度数量 消费量 全年消费量 合计 1"},
}

var formYear = regexp.MustCompile(`(?:^|\D)(20\d\d) *年`)

// ReadNY301 reads an annual form NY301, CSV or XLSX, as declared figures in the
// units that the form states; rows without a number declare nothing, which is
// not zero. Each figure's Source is "NY301".
//
// The error is a *FileError where the file cannot be read as that form at all.
func ReadNY301(from io.Reader, c FormConfig) (*Form, error) {
	if c.ID == "" {
		return nil, fmt.Errorf("read NY301: ID is required")
	}
	if c.Scope == "" {
		c.Scope = schema.ScopeInstitution
	}
	all, err := sheets(from)
	if err != nil {
		return nil, err
	}
	var lacks []string
	for i := range all {
		s := &all[i]
		found, at, lack, err := s.header(formHeadings, nil, formNeeds)
		if err != nil {
			return nil, err
		}
		if at < 0 {
			lacks = append(lacks, strings.TrimSpace(s.name+" "+lack))
			continue
		}
		year, err := s.year(at, c.Year)
		if err != nil {
			return nil, err
		}
		edition, err := edition(c.Edition, year)
		if err != nil {
			return nil, err
		}
		p := formParser{sheet: s, columns: &found, edition: edition, config: &c, seen: map[string]stated{}}
		p.form = &Form{Year: year, Edition: edition.Edition, Summary: Summary{Rejected: []Problem{}, Gaps: []Problem{}}}
		for k := range s.rows[at+1:] {
			p.row(&s.rows[at+1+k])
		}
		p.settle()
		return p.form, nil
	}
	return nil, badFile("got no table of NY301, want columns 代码 (code) and 数量 (quantity): %s", strings.Join(lacks, "; "))
}

func formNeeds(c *columns) (missing []string) {
	if !c.has(fieldCode) {
		missing = append(missing, "the code")
	}
	if !c.has(fieldQuantity) {
		missing = append(missing, "the quantity")
	}
	return missing
}

// year gives the year that the form reports: what is said above the table, which
// must not be another than what is known.
func (s *sheet) year(header, known int) (int, error) {
	for i := range s.rows[:header] {
		for _, cell := range s.rows[i].cells {
			match := formYear.FindStringSubmatch(plain(cell))
			if match == nil {
				continue
			}
			year, err := strconv.Atoi(match[1])
			if err != nil {
				return 0, fmt.Errorf("year %q: %w", match[1], err)
			}
			if known != 0 && known != year {
				return 0, badFile("row %d: the form reports %d, want %d", s.rows[i].number, year, known)
			}
			return year, nil
		}
	}
	if known == 0 {
		return 0, badFile("the form does not say which year it reports, as 2023年 above its table")
	}
	return known, nil
}

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
	case item == nil && contains(p.edition.Deleted, code):
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

func contains(list []string, text string) bool {
	for _, have := range list {
		if have == text {
			return true
		}
	}
	return false
}
