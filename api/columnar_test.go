package api_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/xuri/excelize/v2"

	"jouleline/schema"
)

const (
	arrowType = "application/vnd.apache.arrow.stream"
	xlsxType  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// sheet is a table as an independent reader finds it: names and units, and cells
// of Go types, nil where nothing is known.
type sheet struct {
	names, units []string
	zone         string
	rows         [][]any
}

// readArrow reads an Arrow stream with the library of the format.
func readArrow(t testing.TB, body []byte) (s sheet) {
	t.Helper()
	r, err := ipc.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	for _, f := range r.Schema().Fields() {
		unit, _ := f.Metadata.GetValue("unit")
		s.names, s.units = append(s.names, f.Name), append(s.units, unit)
		if stamp, ok := f.Type.(*arrow.TimestampType); ok {
			s.zone = stamp.TimeZone
		}
	}
	for r.Next() {
		batch := r.Record()
		for i := range int(batch.NumRows()) {
			row := make([]any, batch.NumCols())
			for j, column := range batch.Columns() {
				if column.IsNull(i) {
					continue
				}
				switch v := column.(type) {
				case *array.String:
					row[j] = v.Value(i)
				case *array.Float64:
					row[j] = v.Value(i)
				case *array.Int64:
					row[j] = float64(v.Value(i))
				case *array.Decimal128:
					row[j] = schema.Quantity(v.Value(i).BigInt().Int64()).Float64()
				case *array.Boolean:
					row[j] = v.Value(i)
				case *array.Timestamp:
					row[j] = v.Value(i).ToTime(arrow.Microsecond)
				default:
					t.Fatalf("column %s has type %s", s.names[j], column.DataType())
				}
			}
			s.rows = append(s.rows, row)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

// readXLSX reads a workbook with excelize. Texts are told from numbers by the
// type of their cell, times by their column's header.
func readXLSX(t testing.TB, body []byte) (s sheet) {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("data", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) == 0 {
		t.Fatalf("got %d rows, %v", len(rows), err)
	}
	for _, head := range rows[0] {
		name, unit, _ := strings.Cut(strings.TrimSuffix(head, ")"), " (")
		s.names, s.units = append(s.names, name), append(s.units, unit)
	}
	for i := range rows[1:] {
		row := make([]any, len(s.names))
		for j := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+2)
			if err != nil {
				t.Fatal(err)
			}
			kind, err := book.GetCellType("data", cell)
			if err != nil {
				t.Fatal(err)
			}
			value, err := book.GetCellValue("data", cell, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case value == "":
			case kind == excelize.CellTypeBool:
				row[j] = value == "1"
			case kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString:
				row[j] = value
			default:
				number, err := strconv.ParseFloat(value, 64)
				if err != nil {
					t.Fatalf("%s: got %q of type %d", cell, value, kind)
				}
				row[j] = number
				if zone, err := time.LoadLocation(s.units[j]); err == nil && s.units[j] != "" {
					wall, err := excelize.ExcelDateToTime(number, false)
					if err != nil {
						t.Fatal(err)
					}
					row[j] = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
				}
			}
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// agrees tells whether a typed cell says what its text in CSV does.
func agrees(text string, cell any) bool {
	switch v := cell.(type) {
	case nil:
		return text == ""
	case string:
		return v == text
	case bool:
		return strconv.FormatBool(v) == text
	case float64:
		want, err := strconv.ParseFloat(text, 64)
		return err == nil && math.Abs(want-v) <= 1e-14*math.Abs(want)
	case time.Time:
		want, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && want.Sub(v).Abs() < time.Millisecond
	}
	return false
}

// checkColumnar asks a question in CSV, Arrow and XLSX and compares all cells.
func checkColumnar(t *testing.T, h http.Handler, question string) (arrows, workbook sheet) {
	t.Helper()
	rows, err := csv.NewReader(get(t, h, question, "Accept", "text/csv").Body).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: got %d rows of CSV, %v", question, len(rows), err)
	}
	compare := func(mediaType string, read func(testing.TB, []byte) sheet) sheet {
		t.Helper()
		w := get(t, h, question, "Accept", mediaType)
		if w.Code != 200 || w.Header().Get("Content-Type") != mediaType || w.Header().Get("Vary") != "Accept" {
			t.Fatalf("%s: got %d %v: %s", question, w.Code, w.Header(), w.Body)
		}
		s := read(t, w.Body.Bytes())
		if fmt.Sprint(s.names) != fmt.Sprint(rows[0]) || len(s.rows) != len(rows)-1 {
			t.Fatalf("%s as %s: got columns %v and %d rows, want %v and %d", question, mediaType, s.names, len(s.rows), rows[0], len(rows)-1)
		}
		for i, row := range s.rows {
			for j, cell := range row {
				if !agrees(rows[i+1][j], cell) {
					t.Errorf("%s as %s: row %d, %s: got %#v, want %q", question, mediaType, i, s.names[j], cell, rows[i+1][j])
				}
			}
		}
		return s
	}
	return compare(arrowType, readArrow), compare(xlsxType, readXLSX)
}

// Every table is the same table in CSV, Arrow and XLSX.
func TestColumnar_SaysWhatCSVSays(t *testing.T) {
	h := serve(t, newConfig(t))
	for id, question := range questions {
		switch id {
		case "explain", "midterm": // a tree and a document, no tables
		case "form_ny301", "form_summary": // their workbooks are the forms
		default:
			checkColumnar(t, h, question)
		}
	}
	planners := serve(t, plannersConfig(t, planned(t)))
	for _, question := range plannerQuestions {
		checkColumnar(t, planners, question)
	}
	config, _ := withArchive(t)
	reports := serve(t, config)
	freeze(t, reports, `{"name":"中期","question":{"region":"370000","by":"institution","year":2023}}`)
	checkColumnar(t, reports, "/api/v1/reports")
	checkColumnar(t, reports, "/api/v1/reports/1")
	checkColumnar(t, serve(t, leakyConfig(t)), "/api/v1/anomalies?institution=S1"+leakStretch)
}

// Columns are typed, and say their unit and time zone.
func TestColumnar_TypesAndUnits(t *testing.T) {
	arrows, workbook := checkColumnar(t, serve(t, newConfig(t)), questions["consumption"])
	if arrows.zone != "Asia/Shanghai" {
		t.Errorf("got timestamps of %s, want Asia/Shanghai", arrows.zone)
	}
	for _, s := range []sheet{arrows, workbook} {
		units := map[string]string{}
		for i, name := range s.names {
			units[name] = s.units[i]
		}
		if units["quantity"] != "kWh" || units["energy_kgce"] != "kgce" || units["carbon_kg"] != "kg" || units["id"] != "" {
			t.Errorf("got units %v", units)
		}
		first := fmt.Sprintf("%T %T %T", s.rows[0][1], s.rows[0][5], s.rows[0][7])
		if first != "string time.Time float64" {
			t.Errorf("got id, start and quantity as %s", first)
		}
	}
	if workbook.units[5] != "Asia/Shanghai" || workbook.rows[0][5].(time.Time).Hour() != 22 {
		t.Errorf("got start %v (%s), want 22 o'clock of Asia/Shanghai", workbook.rows[0][5], workbook.units[5])
	}
}

// The document names every encoding of every table.
func TestColumnar_InTheDocument(t *testing.T) {
	tables := 0
	for path, item := range contract(t).Paths {
		for method, op := range item {
			for _, answer := range op.Responses {
				if _, ok := answer.Content["text/csv"]; !ok {
					continue
				}
				tables++
				for _, mediaType := range []string{arrowType, xlsxType} {
					if m := answer.Content[mediaType]; !strings.Contains(string(m.Schema), `"format":"binary"`) {
						t.Errorf("%s %s: got %s as %s, want bytes", method, path, m.Schema, mediaType)
					}
				}
			}
		}
	}
	if tables < 15 {
		t.Errorf("got %d tables in the document, want 15 or more", tables)
	}
}
