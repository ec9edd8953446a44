package arrow_test

import (
	"bytes"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	lib "github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/ipc"

	"jouleline/schema"
	"jouleline/schema/arrow"
)

func rows(rows ...[]any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, row := range rows {
			if !yield(row) {
				return
			}
		}
	}
}

// everyType is a table with a column of each type.
func everyType(cells ...[]any) arrow.Table {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	return arrow.Table{
		Columns: []arrow.Column{
			{Name: "region", Type: arrow.Text},
			{Name: "value", Type: arrow.Float, Unit: "kgce/m2"},
			{Name: "quantity", Type: arrow.Decimal, Unit: "kWh"},
			{Name: "meters", Type: arrow.Integer},
			{Name: "on_pace", Type: arrow.Bool},
			{Name: "start", Type: arrow.Time},
		},
		Rows: rows(cells...), Zone: shanghai, Notes: [][2]string{{"factor_set", "gbt2589-2020"}},
	}
}

func TestWriteTable(t *testing.T) {
	start := time.Date(2024, 5, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	var body bytes.Buffer
	err := arrow.WriteTable(&body, everyType(
		[]any{"山东省", 18.48, schema.Quantity(-1_500_001), int64(1) << 60, true, start},
		[]any{nil, nil, nil, nil, nil, nil},
		[]any{"", math.NaN(), schema.MaxQuantity, int64(0), false, start.AddDate(0, 1, 0)},
	))
	if err != nil {
		t.Fatal(err)
	}
	in, err := ipc.NewReader(&body)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Release()
	if !in.Next() {
		t.Fatalf("got no batch: %v", in.Err())
	}
	want := []struct {
		as, unit string
		cells    [3]string
	}{
		{"utf8", "", [3]string{"山东省", "(null)", ""}},
		{"float64", "kgce/m2", [3]string{"18.48", "(null)", "(null)"}},
		{"decimal(19, 6)", "kWh", [3]string{"-1.500001", "(null)", "4611686018427.387903"}},
		{"int64", "", [3]string{"1152921504606846976", "(null)", "0"}},
		{"bool", "", [3]string{"true", "(null)", "false"}},
		{"timestamp[us, tz=Asia/Shanghai]", "", [3]string{"2024-05-01 00:00:00+0800", "(null)", "2024-06-01 00:00:00+0800"}},
	}
	for i, field := range in.Schema().Fields() {
		if got := field.Type.String(); got != want[i].as {
			t.Errorf("%s: got type %s, want %s", field.Name, got, want[i].as)
		}
		if unit, _ := field.Metadata.GetValue(arrow.UnitKey); unit != want[i].unit {
			t.Errorf("%s: got unit %q, want %q", field.Name, unit, want[i].unit)
		}
		for row, cell := range want[i].cells {
			if got := in.Record().Column(i).ValueStr(row); got != cell {
				t.Errorf("%s of row %d: got %s, want %s", field.Name, row, got, cell)
			}
		}
	}
	if set, _ := in.Schema().Metadata().GetValue("factor_set"); set != "gbt2589-2020" {
		t.Errorf("got the note %q", set)
	}
}

// TestWriteTable_Batches writes more rows than a batch holds, and none.
func TestWriteTable_Batches(t *testing.T) {
	for _, n := range []int{0, 1, 8192, 20_000} {
		var body bytes.Buffer
		err := arrow.WriteTable(&body, arrow.Table{
			Columns: []arrow.Column{{Name: "n", Type: arrow.Integer}},
			Rows: func(yield func([]any) bool) {
				row := make([]any, 1)
				for i := range n {
					if row[0] = int64(i); !yield(row) {
						return
					}
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		in, err := ipc.NewReader(&body)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for in.Next() {
			for i := range int(in.Record().NumRows()) {
				if got := in.Record().Column(0).ValueStr(i); got != fmt.Sprint(total) {
					t.Fatalf("row %d: got %s", total, got)
				}
				total++
			}
		}
		if total != n || in.Err() != nil {
			t.Errorf("got %d rows, %v; want %d", total, in.Err(), n)
		}
	}
}

func TestWriteTable_WrongCellIsNamed(t *testing.T) {
	now := time.Now()
	f := func(want string, cells ...[]any) {
		t.Helper()
		if err := arrow.WriteTable(new(bytes.Buffer), everyType(cells...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	good := []any{"", 1.0, schema.Quantity(1), int64(1), true, now}
	f("row 1: got 1 cells, want 6", good, []any{""})
	f("row 0: column region: got a cell of type int, want string", []any{1, 1.0, schema.Quantity(1), int64(1), true, now})
	f("row 1: column value: got a cell of type int, want float64", good, []any{"", 1, schema.Quantity(1), int64(1), true, now})
	f("row 0: column quantity: got a cell of type float64, want schema.Quantity", []any{"", 1.0, 1.0, int64(1), true, now})
	f("row 0: column meters: got a cell of type int, want int64", []any{"", 1.0, schema.Quantity(1), 1, true, now})
	f("row 0: column on_pace: got a cell of type string, want bool", []any{"", 1.0, schema.Quantity(1), int64(1), "true", now})
	f("row 0: column start: got a cell of type schema.Instant, want time.Time", []any{"", 1.0, schema.Quantity(1), int64(1), true, schema.Instant(1)})
}

// A zone without a name that others know is written as UTC.
func TestWriteTable_Zone(t *testing.T) {
	f := func(zone *time.Location, want string) {
		t.Helper()
		var body bytes.Buffer
		if err := arrow.WriteTable(&body, arrow.Table{Columns: []arrow.Column{{Name: "t", Type: arrow.Time}}, Rows: rows(), Zone: zone}); err != nil {
			t.Fatal(err)
		}
		in, err := ipc.NewReader(&body)
		if err != nil {
			t.Fatal(err)
		}
		if got := in.Schema().Field(0).Type.(*lib.TimestampType).TimeZone; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(nil, "UTC")
	f(time.UTC, "UTC")
	f(time.Local, "UTC")
	f(time.FixedZone("Europe/Berlin", 3600), "Europe/Berlin")
}
