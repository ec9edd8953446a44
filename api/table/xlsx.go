package table

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"jouleline/api/problem"
	"jouleline/schema"
)

// XLSXType is the media type of an Excel workbook.
const XLSXType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

const (
	sheetName   = "data"
	sheetTime   = "yyyy-mm-dd hh:mm:ss"
	columnWidth = 16 // characters: a date with its time is not cut
)

// WriteXLSX writes a table as a workbook of one sheet with a header row. Numbers
// are numbers of up to 15 digits, as Excel keeps them; a cell that is not known
// is empty. Excel knows no time zones: an instant stands as its wall-clock time
// in the zone that the header names. The workbook is written once all rows are
// in it; more rows than a sheet has are an errQuestion, and nothing is written.
func WriteXLSX(w io.Writer, t Table) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	if err := book.SetSheetName("Sheet1", sheetName); err != nil {
		return fmt.Errorf("begin a workbook: %w", err)
	}
	format := sheetTime
	moment, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return fmt.Errorf("begin a workbook: %w", err)
	}
	head, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("begin a workbook: %w", err)
	}
	sheet, err := book.NewStreamWriter(sheetName)
	if err != nil {
		return fmt.Errorf("begin a workbook: %w", err)
	}
	if err := fillSheet(sheet, t, head, moment); err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return fmt.Errorf("end a workbook: %w", err)
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// fillSheet writes the header and the rows. head and moment are styles.
func fillSheet(sheet *excelize.StreamWriter, t Table, head, moment int) error {
	zone := t.Zone
	if zone == nil {
		zone = time.UTC
	}
	cells := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		cells[i] = excelize.Cell{StyleID: head, Value: headerText(c, t.unitOf(c), zone)}
	}
	if err := sheet.SetColWidth(1, max(1, len(cells)), columnWidth); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	if err := sheet.SetRow("A1", cells); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	at := 1
	for row := range t.Rows {
		if at++; at > excelize.TotalRows {
			return fmt.Errorf("%w as a workbook, whose sheets have %d rows: take CSV or Arrow, or ask for less", problem.ErrQuestion, excelize.TotalRows)
		}
		for i, cell := range row {
			cells[i] = sheetCell(cell, zone, moment)
		}
		if err := sheet.SetRow("A"+strconv.Itoa(at), cells); err != nil {
			return fmt.Errorf("write row %d of a workbook: %w", at, err)
		}
	}
	return nil
}

// headerText names a column with its unit or, for times, with their zone.
func headerText(c Column, unit string, zone *time.Location) string {
	if c.kind == instant {
		unit = zone.String()
	}
	if unit == "" {
		return c.name
	}
	return c.name + " (" + unit + ")"
}

// sheetCell gives a cell as excelize takes it.
func sheetCell(cell any, zone *time.Location, moment int) any {
	switch v := cell.(type) {
	case nil:
		return nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	case schema.Quantity:
		return v.Float64()
	case time.Time:
		return excelize.Cell{StyleID: moment, Value: v.In(zone)}
	case string:
		return clipCell(v)
	}
	return cell
}

// clipCell cuts a text to what a cell holds.
func clipCell(text string) string {
	if utf8.RuneCountInString(text) <= excelize.TotalCellChars {
		return text
	}
	return string([]rune(text)[:excelize.TotalCellChars-1]) + "…"
}
