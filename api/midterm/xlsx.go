package midterm

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteXLSX writes the document as a workbook: the report as people read it, and
// sheets of figures with a row for each indicator of each part. Figures are the
// answer's numbers, not rounded, beside the official texts; what is not known is
// an empty cell with its reason in the row. base is as of WriteHTML.
func (d *Document) WriteXLSX(w io.Writer, base string) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	b := &workbook{book: book, words: words(d.Language), base: strings.TrimSuffix(base, "/")}
	b.styles()
	b.report(d)
	b.figures(d)
	b.caps(d)
	b.quality(d)
	b.changes(d)
	b.try(book.SetDocProps(&excelize.DocProperties{Title: d.Title, Creator: "Jouleline", Language: d.Language}))
	if b.err != nil {
		return fmt.Errorf("make a workbook: %w", b.err)
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// workbook fills sheets row by row. Its first error is kept.
type workbook struct {
	words
	book             *excelize.File
	base             string
	head, wrap, link int // styles
	sheet            string
	row              int
	err              error
}

func (b *workbook) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *workbook) styles() {
	style := func(s *excelize.Style) int {
		id, err := b.book.NewStyle(s)
		b.try(err)
		return id
	}
	b.head = style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	b.wrap = style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	b.link = style(&excelize.Style{Font: &excelize.Font{Underline: "single", Color: "1F4E9E"}})
}

// begin begins a sheet with a row of headers that stays in sight.
func (b *workbook) begin(key string, width float64, head ...string) {
	name := b.T("sheet." + key)
	if b.sheet == "" {
		b.try(b.book.SetSheetName("Sheet1", name))
	} else {
		_, err := b.book.NewSheet(name)
		b.try(err)
	}
	b.sheet, b.row = name, 0
	if len(head) == 0 {
		return
	}
	cells := make([]any, len(head))
	for i := range head {
		cells[i] = head[i]
	}
	b.add(b.head, cells...)
	last, err := excelize.ColumnNumberToName(len(head))
	b.try(err)
	b.try(b.book.SetColWidth(name, "A", last, width))
	b.try(b.book.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	b.try(b.book.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: pointer("landscape"), FitToWidth: pointer(1), FitToHeight: pointer(0)}))
}

// add adds a row; a nil pointer is an empty cell, style 0 none.
func (b *workbook) add(style int, cells ...any) {
	b.row++
	for i, cell := range cells {
		at, err := excelize.CoordinatesToCellName(i+1, b.row)
		b.try(err)
		switch v := cell.(type) {
		case *float64:
			if v != nil {
				b.try(b.book.SetCellFloat(b.sheet, at, *v, -1, 64))
			}
		case *string:
			if v != nil {
				b.try(b.book.SetCellStr(b.sheet, at, *v))
			}
		case string:
			b.try(b.book.SetCellStr(b.sheet, at, clip(v)))
		case opened:
			b.follow(at, v)
		default:
			b.try(b.book.SetCellValue(b.sheet, at, v))
		}
		if style != 0 {
			b.try(b.book.SetCellStyle(b.sheet, at, at, style))
		}
	}
}

// opened is a cell that leads to a path of the server.
type opened struct{ text, path string }

func (b *workbook) follow(at string, o opened) {
	if o.path == "" {
		return
	}
	b.try(b.book.SetCellStr(b.sheet, at, o.text))
	b.try(b.book.SetCellHyperLink(b.sheet, at, b.base+o.path, "External"))
	b.try(b.book.SetCellStyle(b.sheet, at, at, b.link))
}

// report is the sheet that people read first.
func (b *workbook) report(d *Document) {
	b.begin("report", 0)
	b.add(b.head, d.Title)
	if d.Demo != "" {
		b.add(b.head, d.Demo)
	}
	b.add(b.wrap, d.Plan)
	b.add(b.head, b.T("h.paragraph"))
	b.add(b.wrap, d.Text)
	b.try(b.book.SetRowHeight(b.sheet, b.row, 120))
	b.add(b.head, b.T("h.notes"))
	for _, note := range d.Notes {
		b.add(b.wrap, note)
	}
	b.try(b.book.SetColWidth(b.sheet, "A", "A", 110))
	b.try(b.book.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Orientation: pointer("landscape"), FitToWidth: pointer(1), FitToHeight: pointer(0)}))
}

// figures has a row for each indicator of the whole and of each part.
func (b *workbook) figures(d *Document) {
	b.begin("figures", 16, "", b.T("c.part"), b.T("c.counted"), b.T("c.indicator"), b.T("c.unit"), b.T("c.baseline", d.BaseYear), b.T("c.current", d.Year),
		b.T("c.reduction")+" (%)", b.T("c.exact_reduction"), b.T("c.target")+" (%)", b.T("c.completion")+" (%)", b.T("c.exact_completion"), b.T("c.pace")+" (%)",
		b.T("c.verdict"), b.T("c.state"), b.T("c.why"), b.T("c.source"), b.T("c.coverage"), b.T("c.estimated"), b.T("c.explain"))
	if len(d.Tables) == 0 {
		b.lines("", "", d.Indicators)
	}
	for i := range d.Tables {
		for r := range d.Tables[i].Rows {
			row := &d.Tables[i].Rows[r]
			b.lines(d.Tables[i].Title, strconv.Itoa(row.Counted)+" / "+strconv.Itoa(row.Expected), row.Lines)
		}
	}
}

func (b *workbook) lines(table, counted string, lines []Line) {
	for i := range lines {
		l := &lines[i]
		b.add(0, table, l.Part, counted, l.Name, b.unit(l.Unit), l.Baseline, l.Current, l.Reduction, l.ReductionPct, l.TargetPct, l.Completion, l.CompletionPct,
			l.PacePct, l.Verdict, l.Words, l.Why, l.Source, l.Coverage, l.EstimatedShare, opened{b.T("c.explain"), l.Open})
	}
}

func (b *workbook) caps(d *Document) {
	b.begin("caps", 20, b.T("c.total"), b.T("c.unit"), b.T("c.current", d.Year), b.T("c.cap"), b.T("c.used")+" (%)", b.T("c.state"))
	for i := range d.Caps {
		c := &d.Caps[i]
		b.add(0, c.Name, b.unit(c.Unit), c.Current, c.Cap, c.UsedPct, c.Why)
	}
	if len(d.Caps) == 0 {
		b.add(0, b.T("none.caps"))
	}
}

func (b *workbook) quality(d *Document) {
	b.begin("quality", 20, b.T("c.part"), b.T("c.carrier"), b.T("c.quantity"), b.T("c.expected"), b.T("c.silent"), b.T("c.coverage"), b.T("c.estimated"))
	for i := range d.Quality.Carriers {
		c := &d.Quality.Carriers[i]
		b.add(0, "", c.Name, c.Quantity, c.Expected, c.Silent, c.Coverage, c.EstimatedShare)
	}
	for i := range d.Quality.Worst {
		p := &d.Quality.Worst[i]
		b.add(0, p.Name, p.CarrierName, "", "", "", p.Coverage, p.EstimatedShare)
	}
	if d.Quality.Why != "" {
		b.add(0, d.Quality.Why)
	}
}

func (b *workbook) changes(d *Document) {
	b.begin("changes", 20, b.T("c.part"), b.T("c.indicator"), b.T("c.before"), b.T("c.now"), b.T("c.causes"))
	if d.Changes.Why != "" {
		b.add(0, d.Changes.Why)
		return
	}
	b.add(0, d.against(b.words))
	if d.Changes.Same {
		b.add(0, b.T("changes.same"))
	}
	for i := range d.Changes.Figures {
		c := &d.Changes.Figures[i]
		b.add(0, c.Part, c.Name, c.Before, c.Now, strings.Join(c.Causes, "; "))
	}
	if d.Changes.More > 0 {
		b.add(0, b.T("changes.more", d.Changes.More))
	}
	for _, cause := range d.Changes.Causes {
		b.add(0, cause)
	}
}

// clip cuts a text to what a cell holds.
func clip(text string) string {
	if runes := []rune(text); len(runes) > excelize.TotalCellChars {
		return string(runes[:excelize.TotalCellChars-1]) + "…"
	}
	return text
}

func pointer[T any](v T) *T { return &v }
