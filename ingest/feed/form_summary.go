package feed

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"jouleline/schema"
	"jouleline/schema/registry"
)

//go:embed data/summary-columns.json
var summaryColumns []byte

// SummaryHead is a column of the summary sheet: all institutions of its classes.
// The columns are data, as the rows are.
type SummaryHead struct {
	Code    string         `json:"code"`
	Name    string         `json:"name"`
	Classes []schema.Class `json:"classes"`
}

// SummaryHeads gives the columns of the summary sheet in their order.
func SummaryHeads() ([]SummaryHead, error) {
	var heads []SummaryHead
	if err := json.Unmarshal(summaryColumns, &heads); err != nil {
		return nil, fmt.Errorf("columns of the summary sheet: %w", err)
	}
	return heads, nil
}

// SummaryColumn is what a column is filled in with, as of [FormSheet].
type SummaryColumn struct {
	Code, Name   string
	Institutions int
	Declared     []schema.Declared
}

// SummarySheet is what the summary sheet is filled in with: a column for each
// group of classes.
type SummarySheet struct {
	Year    int
	Edition string
	// Name is the region's.
	Name    string
	Columns []SummaryColumn
	Notes   []string
}

const summarySheetName = "NY301汇总"

// WriteSummary fills in the summary of NY301 by class as an XLSX file: rows are
// the codes of the form, columns those of the sheet. It converts and adds up as
// [WriteNY301] does, and leaves empty what is not given; left are the figures that
// the form has no row for.
func WriteSummary(w io.Writer, f SummarySheet) (left []schema.Declared, err error) {
	edition, err := edition(f.Edition, f.Year)
	if err != nil {
		return nil, err
	}
	values := make([]map[string]*big.Rat, len(f.Columns))
	for i := range f.Columns {
		var more []schema.Declared
		c := &f.Columns[i]
		if values[i], more, err = edition.fill(c.Declared, f.Year); err != nil {
			return left, fmt.Errorf("write the summary of %d: column %s: %w", f.Year, c.Code, err)
		}
		edition.count(values[i], c.Institutions)
		left = append(left, more...)
	}
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", summarySheetName); err != nil {
		return left, fmt.Errorf("write the summary: %w", err)
	}
	out := formWriter{book: book, sheet: summarySheetName}
	out.summaryHead(edition, &f)
	for i := range edition.Items {
		item := &edition.Items[i]
		out.text(item.Name, item.Code, item.Unit)
		for k := range values {
			if v := values[k][item.Code]; v != nil {
				out.number(4+k, exactText(v))
			}
		}
		out.row++
	}
	out.text("单位负责人：", "统计负责人：", "填表人：", "报出日期：　　年　月　日")
	out.notes(f.Notes, left)
	out.width("A", "A", 34)
	out.width("B", "C", 14)
	out.width("D", "M", 18)
	if out.err == nil {
		out.err = book.SetDocProps(&excelize.DocProperties{Title: summarySheetName, Creator: "Jouleline"})
	}
	if out.err != nil {
		return left, fmt.Errorf("write the summary: %w", out.err)
	}
	if err := book.Write(w); err != nil {
		return left, fmt.Errorf("write the summary: %w", err)
	}
	return left, nil
}

// summaryHead writes what stands above the rows.
func (w *formWriter) summaryHead(e *Edition, f *SummarySheet) {
	w.line(e.Title + "（分类汇总）")
	w.line("", "", "", "表　　号："+e.Form)
	w.line("填表单位：" + f.Name)
	w.line("统计时间：" + strconv.Itoa(f.Year) + "年")
	names, codes := []string{"指标名称", "代码", "计量单位"}, []string{"甲", "乙", "丙"}
	for i := range f.Columns {
		names, codes = append(names, f.Columns[i].Name), append(codes, f.Columns[i].Code)
	}
	w.line(names...)
	w.line(codes...)
	w.row++
}

// notes puts what is to be said of the figures on a sheet of its own.
// Figures that the form has no row for are among it, each quantity once: the
// first column of the summary is that of all.
func (w *formWriter) notes(notes []string, left []schema.Declared) {
	notes = slices.Clone(notes)
	seen := map[schema.DeclaredQuantity]bool{}
	for i := range left {
		d := &left[i]
		if !seen[d.Quantity] {
			seen[d.Quantity] = true
			notes = append(notes, fmt.Sprintf("本表没有 %s 的行：%d年 %s %s 未填入。", registry.QuantityText(d.Quantity), d.Year, registry.DecimalText(d.Value), d.Unit))
		}
	}
	if len(notes) == 0 || w.err != nil {
		return
	}
	_, w.err = w.book.NewSheet(notesSheetName)
	for i, note := range notes {
		if w.err == nil {
			w.err = w.book.SetCellStr(notesSheetName, "A"+strconv.Itoa(i+1), note)
		}
	}
	if w.err == nil {
		w.err = w.book.SetColWidth(notesSheetName, "A", "A", 110)
	}
}

const notesSheetName = "说明"

func (w *formWriter) width(from, to string, width float64) {
	if w.err == nil {
		w.err = w.book.SetColWidth(w.sheet, from, to, width)
	}
}

// count fills in the rows that count institutions, where there are any.
func (e *Edition) count(values map[string]*big.Rat, institutions int) {
	for i := range e.Items {
		if e.Items[i].Counts == "institutions" && institutions > 0 {
			values[e.Items[i].Code] = big.NewRat(int64(institutions), 1)
		}
	}
}
