package feed

import (
	"bytes"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads the visible sheets of a workbook, each cell as it is stored: a
// day is its serial number, whatever way it is shown.
func readXLSX(data []byte) (all []sheet, err error) {
	// The library checks less than a hostile file needs; what it stumbles over is
	// the file's fault.
	defer func() {
		if fault := recover(); fault != nil {
			all, err = nil, badFile("the workbook is damaged: %v", fault)
		}
	}()
	// The limit of a sheet is that of the whole, so that none goes to a temporary
	// file.
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnpacked, UnzipXMLSizeLimit: MaxUnpacked,
	})
	if err != nil {
		return nil, badFile("read as XLSX: %v", err)
	}
	defer book.Close()
	since1904 := false
	if properties, err := book.GetWorkbookProps(); err == nil && properties.Date1904 != nil {
		since1904 = *properties.Date1904
	}
	total := 0
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		s := sheet{name: name, spreadsheet: true, since1904: since1904}
		rows, err := book.Rows(name)
		if err != nil {
			return nil, badFile("sheet %s: %v", name, err)
		}
		for number := 1; rows.Next(); number++ {
			cells, err := rows.Columns()
			if err != nil {
				return nil, badFile("sheet %s: row %d: %v", name, number, err)
			}
			if err := s.add(line{number: number, cells: cells}); err != nil {
				return nil, err
			}
		}
		if err := rows.Error(); err != nil {
			return nil, badFile("sheet %s: %v", name, err)
		}
		if total += len(s.rows); total > MaxRows {
			return nil, badFile("got more than %d rows, split the file", MaxRows)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, badFile("the workbook has no visible sheet")
	}
	return all, nil
}
