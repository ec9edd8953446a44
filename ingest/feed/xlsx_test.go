package feed_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jouleline/ingest/feed"
)

// workbook makes an XLSX file of sheets, each a list of rows.
func workbook(t testing.TB, shape func(*excelize.File), sheets ...[][]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, rows := range sheets {
		name := "Sheet1"
		if i > 0 {
			name = "Sheet" + string(rune('1'+i))
			if _, err := book.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		for k, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, k+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if shape != nil {
		shape(book)
	}
	var file bytes.Buffer
	if err := book.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func TestReadBills_XLSX(t *testing.T) {
	f := func(file []byte, want ...string) {
		t.Helper()
		if got := show(t, string(file), config()); got != strings.Join(want, "\n") {
			t.Errorf("\n got %s\nwant %s", got, strings.Join(want, "\n"))
		}
	}
	header := []any{"户号", "起始日期", "截止日期", "用量（千瓦时）", "费用"}
	kwh := `,"unit":"kWh"`
	// days as days, as text and as numbers; numbers as numbers and as text
	f(workbook(t, nil, [][]any{
		{"某某大学电费清单"},
		{},
		header,
		{"E1", date(2024, 5, 1), date(2024, 5, 31), 1234.5, 617.25},
		{"E1", "2024-06-01", "2024年6月30日", "1,234.50", "617.25"},
		{"E1", 45383, 45412, 0.1, nil},
		{"合计", nil, nil, 2469},
	}),
		"Sheet1"+bill(4, "accepted", "E1", may1, june1, "1234.5", kwh), "Sheet1"+bill(5, "accepted", "E1", june1, july1, "1234.5", kwh),
		"Sheet1"+bill(6, "accepted", "E1", april1, may1, "0.1", kwh))
}

func TestReadBills_XLSXNumbers(t *testing.T) {
	f := func(cell any, want string) {
		t.Helper()
		file := workbook(t, nil, [][]any{{"meter", "month", "usage"}, {"E1", 202405, cell}})
		got := show(t, string(file), config())
		if want = "Sheet1" + bill(2, "accepted", "E1", may1, june1, want, ""); got != want {
			t.Errorf("%v:\n got %s\nwant %s", cell, got, want)
		}
	}
	tenth := 0.1
	f(tenth+0.2, "0.3") // fifteen digits, as the spreadsheet shows it
	f(1234567.891, "1234567.891")
	f(1e-7, "0.0000001")
	f(123456789012.345, "123456789012.345")
	f("0.30000000000000004", "0.3")
	f("1e3", "1000")
}

func TestReadBills_XLSXSheets(t *testing.T) {
	rows := [][]any{{"meter", "month", "usage"}, {"E1", "2024-05", 1}}
	file := workbook(t, func(book *excelize.File) {
		if err := book.SetSheetVisible("Sheet4", false); err != nil {
			t.Fatal(err)
		}
		on := true
		if err := book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &on}); err != nil {
			t.Fatal(err)
		}
	}, [][]any{{"注意"}, {"单位", "元"}}, rows, [][]any{{"meter", "start", "end", "usage"}, {"E1", 43981 - 60, 43981 - 31, 2}}, rows)
	bills, err := feed.ReadBills(bytes.NewReader(file), config())
	if err != nil {
		t.Fatal(err)
	}
	want := "Sheet2" + bill(2, "accepted", "E1", may1, june1, "1", "") + "\nSheet3" + bill(2, "accepted", "E1", april1, may1, "2", "")
	if got := showRows(bills); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if len(bills.Passed) != 1 || bills.Passed[0] != "Sheet1" {
		t.Errorf("got the sheets %v passed over, want Sheet1", bills.Passed)
	}
}

// repack makes the workbook again with parts replaced.
func repack(t testing.TB, file []byte, parts map[string]string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		if text, ok := parts[part.Name]; ok {
			to, err := w.Create(part.Name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := to.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := w.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestReadBills_XLSXBombs gives files that unpack to more than is taken, or to
// rows and columns far away.
func TestReadBills_XLSXBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks up to 64 MiB a case")
	}
	good := workbook(t, nil, [][]any{{"meter", "month", "usage"}, {"E1", 202405, 1}})
	f := func(part, text, want string) {
		t.Helper()
		_, err := feed.ReadBills(bytes.NewReader(repack(t, good, map[string]string{part: text})), config())
		var wrong *feed.FileError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want a FileError with %q", part, err, want)
		}
	}
	const sheet, open, end = "xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, `</sheetData></worksheet>`
	f(sheet, open+strings.Repeat(" ", feed.MaxUnpacked)+end, "read as XLSX")
	f(sheet, open+`<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>`+end, "row 1: got 16384 columns")
	f(sheet, open+`<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>`+end, "got no header")
	f(sheet, open+strings.Repeat(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, feed.MaxRows+1)+end, "got more than 200000 rows")
	f(sheet, `<worksheet`, "got no header")
	f("xl/workbook.xml", "<workbook", "")
	f("xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", 1<<20)+"</sst>", "more than 4 MiB beside its sheets")
	f("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="/xl/worksheets/sheet1.xml"/></Relationships>`, "names a sheet")
	f("_rels/.rels", "<", "_rels/.rels")
}

// TestReadBills_XLSXDamaged cuts and changes a workbook at many places: a file
// error or a result, nothing else.
func TestReadBills_XLSXDamaged(t *testing.T) {
	good := workbook(t, nil, [][]any{{"meter", "month", "usage"}, {"E1", 202405, 1}})
	check := func(file []byte) {
		t.Helper()
		if _, err := feed.ReadBills(bytes.NewReader(file), config()); err != nil && !errors.As(err, new(*feed.FileError)) {
			t.Fatalf("got %v, want a FileError", err)
		}
	}
	for i := 4; i < len(good); i += 97 {
		check(good[:i])
		changed := bytes.Clone(good)
		changed[i] ^= 0x55
		check(changed)
	}
}
