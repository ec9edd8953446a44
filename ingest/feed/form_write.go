package feed

import (
	"fmt"
	"io"
	"math/big"
	"strconv"

	"github.com/xuri/excelize/v2"

	"jouleline/schema"
)

// FormSheet is what a form NY301 is filled in with.
type FormSheet struct {
	// Year is the year that is reported; Edition empty: the newest by which it is.
	Year    int
	Edition string
	// Name and CreditCode are those of the institution.
	Name, CreditCode string
	// Declared are the figures. Those of another year are left over.
	Declared []schema.Declared
	// Institutions fills in the rows that count them; 0 leaves these empty.
	Institutions int
	// Notes go on a sheet of their own.
	Notes []string
}

const formSheetName = "NY301"

// WriteNY301 fills in form NY301 as an XLSX file: 甲 指标名称, 乙 代码, 丙
// 计量单位, 1 数量, in the units that the form prints. What is not declared
// stays empty; totals of parts are added up. Figures are converted exactly;
// where that has no end, to six decimals.
//
// left are the figures that the form has no row for. An error names figures that
// cannot be converted or stand twice, or is that of w; nothing useful was
// written then.
func WriteNY301(w io.Writer, f FormSheet) (left []schema.Declared, err error) {
	edition, err := edition(f.Edition, f.Year)
	if err != nil {
		return nil, err
	}
	values, left, err := edition.fill(f.Declared, f.Year)
	if err != nil {
		return left, fmt.Errorf("write NY301 of %d: %w", f.Year, err)
	}
	edition.count(values, f.Institutions)
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", formSheetName); err != nil {
		return left, fmt.Errorf("write NY301: %w", err)
	}
	out := formWriter{book: book, sheet: formSheetName}
	out.head(edition, &f)
	for i := range edition.Items {
		item := &edition.Items[i]
		value := ""
		if v := values[item.Code]; v != nil {
			value = exactText(v)
		}
		out.text(item.Name, item.Code, item.Unit)
		out.number(4, value)
		out.row++
	}
	out.text("单位负责人：", "统计负责人：", "填表人：", "报出日期：　　年　月　日")
	out.shape()
	out.notes(f.Notes, left)
	if out.err != nil {
		return left, fmt.Errorf("write NY301: %w", out.err)
	}
	if err := book.Write(w); err != nil {
		return left, fmt.Errorf("write NY301: %w", err)
	}
	return left, nil
}

// fill gives the numbers of the form by code, in the units of its rows.
func (e *Edition) fill(declared []schema.Declared, year int) (values map[string]*big.Rat, left []schema.Declared, err error) {
	values = map[string]*big.Rat{}
	for i := range declared {
		d := &declared[i]
		item := e.declares(d.Quantity)
		if item == nil || d.Year != year {
			left = append(left, *d)
			continue
		}
		if values[item.Code] != nil {
			return nil, left, fmt.Errorf("two figures for code %s (%s)", item.Code, item.Declares)
		}
		if values[item.Code], err = item.convert(d); err != nil {
			return nil, left, fmt.Errorf("code %s (%s): %w", item.Code, item.Declares, err)
		}
	}
	for i := range e.Items {
		item := &e.Items[i]
		for _, part := range item.Parts {
			if value := values[part]; value != nil {
				if values[item.Code] == nil {
					values[item.Code] = new(big.Rat)
				}
				values[item.Code].Add(values[item.Code], value)
			}
		}
	}
	return values, left, nil
}

// declares gives the item of a quantity, nil where the form has none.
func (e *Edition) declares(q schema.DeclaredQuantity) *Item {
	if q.Carrier != schema.CarrierNone && q.Use == schema.UseNone {
		q.Use = schema.ForBuilding
	}
	for i := range e.Items {
		if e.Items[i].Declares != "" && e.Items[i].quantity == q {
			return &e.Items[i]
		}
	}
	return nil
}

// convert gives a figure in the unit of the form.
func (it *Item) convert(d *schema.Declared) (*big.Rat, error) {
	value, err := d.Value.Rat()
	if err != nil {
		return nil, err
	}
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(it.unit.shift)), nil)
	value.Quo(value, new(big.Rat).SetInt(ten))
	if d.Unit == it.unit.word || d.Unit == "" && it.quantity.Carrier == schema.CarrierNone {
		return value, nil
	}
	to, err := schema.ParseUnit(it.unit.word)
	if err != nil {
		return nil, fmt.Errorf("got %s, want %s", d.Unit, it.unit.word)
	}
	from := it.quantity.Carrier.Unit()
	if d.Unit != "" {
		if from, err = schema.ParseUnit(d.Unit); err != nil {
			return nil, err
		}
	}
	factor, ok := from.In(to)
	if !ok {
		return nil, fmt.Errorf("got %s, want a unit that converts to %s", d.Unit, it.unit.word)
	}
	return value.Mul(value, big.NewRat(factor.Num, factor.Den)), nil
}

// formWriter fills a sheet row by row. Its first error is kept.
type formWriter struct {
	book  *excelize.File
	sheet string
	row   int // the last that was written
	err   error
}

func (w *formWriter) head(e *Edition, f *FormSheet) {
	w.line(e.Title)
	w.line("", "", "", "表　　号："+e.Form)
	w.line("", "", "", "制表机关：国管局")
	w.line("", "", "", "批准机关：国家统计局")
	w.line("填表单位："+f.Name, "", "", "统一社会信用代码："+f.CreditCode)
	w.line("统计时间：" + strconv.Itoa(f.Year) + "年")
	w.line("指标名称", "代码", "计量单位", "数量")
	w.line("甲", "乙", "丙", "1")
	w.row++
}

// line writes texts into a row of its own.
func (w *formWriter) line(cells ...string) {
	w.row++
	w.text(cells...)
}

// text writes texts into the present row, from its first column on.
func (w *formWriter) text(cells ...string) {
	for i, cell := range cells {
		if cell != "" && w.err == nil {
			w.err = w.book.SetCellStr(w.sheet, w.at(i+1), cell)
		}
	}
}

// number writes decimal text as a number, without a float in between.
func (w *formWriter) number(column int, text string) {
	if text != "" && w.err == nil {
		w.err = w.book.SetCellDefault(w.sheet, w.at(column), text)
	}
}

func (w *formWriter) at(column int) string {
	return string(rune('A'+column-1)) + strconv.Itoa(w.row)
}

// shape makes the sheet readable: wide columns, the title across them.
func (w *formWriter) shape() {
	for column, width := range map[string]float64{"A": 34, "B": 10, "C": 14, "D": 36} {
		if w.err == nil {
			w.err = w.book.SetColWidth(w.sheet, column, column, width)
		}
	}
	if w.err == nil {
		w.err = w.book.MergeCell(w.sheet, "A1", "D1")
	}
	if w.err == nil {
		w.err = w.book.SetDocProps(&excelize.DocProperties{Title: formSheetName, Creator: "Jouleline"})
	}
}
