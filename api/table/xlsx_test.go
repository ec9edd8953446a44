package table

import (
	"bytes"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jouleline/api/problem"
	"jouleline/schema"
)

// Cells that a workbook cannot hold become what a reader can use: no formula
// runs, long text is cut with a mark, what is no number is empty, and a zone
// that has half-hours shows its own wall clock.
func TestXLSX_Cells(t *testing.T) {
	zone := ZoneOf("Asia/Kolkata")
	at := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	cells := []any{"=1+1", math.NaN(), strings.Repeat("长", 40_000), at, nil, schema.Quantity(1_234_567), int64(-3), "370000"}
	columns := []Column{Text("a"), Number("b"), Text("c"), Instant("d"), Number("e"), Decimal("f"), Integer("g"), Text("h")}
	var body bytes.Buffer
	if err := WriteXLSX(&body, Table{Columns: columns, Zone: zone, Rows: func(yield func([]any) bool) { yield(cells) }}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&body)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	f := func(cell, want string) {
		t.Helper()
		got, err := book.GetCellValue(sheetName, cell)
		if err != nil || got != want {
			t.Errorf("%s: got %.40q, %v, want %q", cell, got, err, want)
		}
		if formula, err := book.GetCellFormula(sheetName, cell); err != nil || formula != "" {
			t.Errorf("%s: got the formula %q, %v", cell, formula, err)
		}
	}
	f("A2", "=1+1")
	f("B2", "")
	f("D1", "d (Asia/Kolkata)")
	f("D2", "2024-05-01 05:30:00")
	f("E2", "")
	f("F2", "1.234567")
	f("G2", "-3")
	f("H2", "370000")
	if long, err := book.GetCellValue(sheetName, "C2"); err != nil || len([]rune(long)) != excelize.TotalCellChars || !strings.HasSuffix(long, "…") {
		t.Errorf("got a text of %d characters, %v, want %d", len([]rune(long)), err, excelize.TotalCellChars)
	}
}

// More rows than a sheet has are refused before anything is written.
func TestXLSX_TooManyRows(t *testing.T) {
	var body bytes.Buffer
	endless := Table{Columns: []Column{Integer("a")}, Rows: func(yield func([]any) bool) {
		for yield([]any{int64(1)}) {
		}
	}}
	err := WriteXLSX(&body, endless)
	if !errors.Is(err, problem.ErrQuestion) || body.Len() > 0 {
		t.Fatalf("got %v and %d bytes, want errQuestion and none", err, body.Len())
	}
	if p := new(problem.Reporter).Of(t.Context(), err); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("got status %d, want 422", p.Status)
	}
}
