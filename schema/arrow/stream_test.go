package arrow

import (
	"bytes"
	"math"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/decimal128"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// col is a column of a test stream. Its cells are nil or what the builder of its
// type takes.
type col struct {
	name  string
	as    arrow.DataType
	cells []any
}

var (
	utf8   = arrow.BinaryTypes.String
	micros = arrow.FixedWidthTypes.Timestamp_us
	double = arrow.PrimitiveTypes.Float64
)

// moment is the time of rows where time is not what is tested.
var moment = arrow.Timestamp(int64(instantOf("2024-04-30T00:00:00Z")) * 1000)

// stream writes one batch by the Arrow library.
func stream(t testing.TB, columns ...col) []byte {
	t.Helper()
	var fields []arrow.Field
	for _, c := range columns {
		fields = append(fields, arrow.Field{Name: c.name, Type: c.as, Nullable: true})
	}
	shape := arrow.NewSchema(fields, nil)
	var body bytes.Buffer
	out := ipc.NewWriter(&body, ipc.WithSchema(shape))
	batch := array.NewRecordBuilder(memory.NewGoAllocator(), shape)
	for i, c := range columns {
		for _, cell := range c.cells {
			put(t, batch.Field(i), cell)
		}
	}
	if err := out.Write(batch.NewRecord()); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

func put(t testing.TB, to array.Builder, cell any) {
	t.Helper()
	if cell == nil {
		to.AppendNull()
		return
	}
	switch to := to.(type) {
	case *array.StringBuilder:
		to.Append(cell.(string))
	case *array.LargeStringBuilder:
		to.Append(cell.(string))
	case *array.BinaryDictionaryBuilder:
		if err := to.AppendString(cell.(string)); err != nil {
			t.Fatal(err)
		}
	case *array.TimestampBuilder:
		to.Append(cell.(arrow.Timestamp))
	case *array.Float64Builder:
		to.Append(cell.(float64))
	case *array.Float32Builder:
		to.Append(cell.(float32))
	case *array.Decimal128Builder:
		to.Append(cell.(decimal128.Num))
	case *array.Int8Builder:
		to.Append(cell.(int8))
	case *array.Int64Builder:
		to.Append(cell.(int64))
	case *array.Uint64Builder:
		to.Append(cell.(uint64))
	case *array.Uint16Builder:
		to.Append(cell.(uint16))
	case *array.BooleanBuilder:
		to.Append(cell.(bool))
	default:
		t.Fatalf("no way to put %v into a %T", cell, to)
	}
}

// one writes a stream of one row: a good reading, with columns replaced or added.
func one(t testing.TB, columns ...col) []byte {
	t.Helper()
	all := []col{{"meter", utf8, []any{"E1"}}, {"time", micros, []any{moment}}, {"value", double, []any{1.5}}}
	for _, c := range columns {
		replaced := false
		for i := range all {
			if all[i].name == c.name {
				all[i], replaced = c, true
			}
		}
		if !replaced {
			all = append(all, c)
		}
	}
	return stream(t, all...)
}

func at(name string, as arrow.DataType, cell any) col { return col{name, as, []any{cell}} }

func decimalOf(precision, scale int32) arrow.DataType {
	return &arrow.Decimal128Type{Precision: precision, Scale: scale}
}

var notNumbers = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}
