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
