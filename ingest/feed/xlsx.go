package feed

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"

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
	if err := checkParts(data); err != nil {
		return nil, err
	}
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

// maxParts bounds what a workbook holds beside its sheets, in bytes unpacked:
// texts, styles, the list of sheets. The library holds them as structures of up
// to sixty times their size, while it reads sheets row by row. It is enough for
// 100,000 different texts.
const maxParts = 4 << 20

// sheetPart is what sheets are named, and nothing else may be.
var sheetPart = regexp.MustCompile(`^xl/worksheets/sheet\d+\.xml$`)

// checkParts refuses a workbook that would take much more memory than it has
// bytes. A part that is larger than it claims is refused when it is unpacked.
func checkParts(data []byte) error {
	parts, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return badFile("read as XLSX: %v", err)
	}
	beside := uint64(0)
	for _, part := range parts.File {
		if sheetPart.MatchString(part.Name) {
			continue
		}
		if beside += part.UncompressedSize64; beside > maxParts || part.UncompressedSize64 > maxParts {
			return badFile("got a workbook with more than %d MiB beside its sheets: save only the table, or as CSV", maxParts>>20)
		}
	}
	for _, part := range parts.File {
		if strings.HasSuffix(part.Name, ".rels") && strings.HasPrefix(part.Name, "_rels") {
			if err := checkRoot(part); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkRoot refuses a workbook that names a sheet as the list of its sheets,
// which the library would hold as a whole.
func checkRoot(part *zip.File) error {
	from, err := part.Open()
	if err != nil {
		return badFile("read as XLSX: %s: %v", part.Name, err)
	}
	defer from.Close()
	var root struct {
		Relationships []struct {
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := xml.NewDecoder(from).Decode(&root); err != nil {
		return badFile("read as XLSX: %s: %v", part.Name, err)
	}
	for _, r := range root.Relationships {
		if sheetPart.MatchString(strings.TrimPrefix(r.Target, "/")) {
			return badFile("read as XLSX: %s names a sheet where the workbook should be", part.Name)
		}
	}
	return nil
}
