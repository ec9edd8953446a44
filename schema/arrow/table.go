package arrow

import (
	"fmt"
	"io"
	"iter"
	"math"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/decimal128"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"jouleline/schema"
)

// Type is the type of a column of a table of results.
type Type uint8

// The types, each with the Go type of its cells.
const (
	Text    Type = iota // string: utf8
	Float               // float64: double; NaN and infinities are written as null
	Decimal             // schema.Quantity: decimal128(19, 6), exact
	Integer             // int64
	Bool                // bool
	Time                // time.Time: timestamp(us) with the table's zone
)

var typeWords = [...]string{"string", "float64", "schema.Quantity", "int64", "bool", "time.Time"}

// Column is one column of a table of results. Every column may hold nulls.
type Column struct {
	Name string
	Type Type
	// Unit goes into the field's metadata as "unit"; empty: none.
	Unit string
}

// Table is an answer as rows.
type Table struct {
	Columns []Column
	// Rows gives the cells of each row, as many as there are columns, each of its
	// column's Go type or nil where it is not known. A row is valid until the
	// next.
	Rows iter.Seq[[]any]
	// Zone is the time zone whose name timestamps carry. Nil: UTC. The instants
	// are the same in any zone.
	Zone *time.Location
	// Notes are names and values that go into the schema's metadata, such as the
	// factor set.
	Notes [][2]string
}

// rowsPerBatch bounds what a writer holds: about a megabyte of ten columns. It
// is also what readers process at once.
const rowsPerBatch = 8192

// UnitKey is the key of a field's metadata that names the unit.
const UnitKey = "unit"

// digits is the precision of decimals: schema.MaxQuantity has 19 digits.
const digits = 19

// WriteTable writes a table as an Arrow stream. It holds one batch of rows at a
// time. The error names the row and column of a cell of a wrong type, or is
// that of w.
func WriteTable(w io.Writer, t Table) (err error) {
	memory := memory.NewGoAllocator()
	shape := t.schema()
	out := ipc.NewWriter(w, ipc.WithSchema(shape), ipc.WithAllocator(memory))
	batch := array.NewRecordBuilder(memory, shape)
	defer batch.Release()
	held, total := 0, 0
	flush := func() error {
		record := batch.NewRecord()
		defer record.Release()
		held = 0
		if err := out.Write(record); err != nil {
			return fmt.Errorf("write an arrow batch: %w", err)
		}
		return nil
	}
	for row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("arrow table: row %d: got %d cells, want %d", total, len(row), len(t.Columns))
		}
		for i, cell := range row {
			if !appendCell(batch.Field(i), t.Columns[i].Type, cell) {
				return fmt.Errorf("arrow table: row %d: column %s: got a cell of type %T, want %s", total, t.Columns[i].Name, cell, typeWords[t.Columns[i].Type])
			}
		}
		total++
		if held++; held == rowsPerBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if held > 0 {
		if err := flush(); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("end the arrow stream: %w", err)
	}
	return nil
}

func (t *Table) schema() *arrow.Schema {
	fields := make([]arrow.Field, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: t.typeOf(c.Type), Nullable: true}
		if c.Unit != "" {
			fields[i].Metadata = arrow.NewMetadata([]string{UnitKey}, []string{c.Unit})
		}
	}
	if len(t.Notes) == 0 {
		return arrow.NewSchema(fields, nil)
	}
	var keys, values []string
	for _, note := range t.Notes {
		keys, values = append(keys, note[0]), append(values, note[1])
	}
	notes := arrow.NewMetadata(keys, values)
	return arrow.NewSchema(fields, &notes)
}

func (t *Table) typeOf(c Type) arrow.DataType {
	switch c {
	case Text:
		return arrow.BinaryTypes.String
	case Float:
		return arrow.PrimitiveTypes.Float64
	case Decimal:
		return decimalType()
	case Integer:
		return arrow.PrimitiveTypes.Int64
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	case Time:
		return timeType(t.Zone)
	}
	panic(fmt.Sprintf("arrow: a column of type %d", c))
}

func decimalType() arrow.DataType { return &arrow.Decimal128Type{Precision: digits, Scale: 6} }

// timeType names the zone by its IANA name, which other programs know.
func timeType(zone *time.Location) arrow.DataType {
	name := "UTC"
	if zone != nil && zone.String() != "" && zone != time.Local {
		name = zone.String()
	}
	return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: name}
}

// appendCell tells whether the cell has the type of its column.
func appendCell(to array.Builder, as Type, cell any) (ok bool) {
	if cell == nil {
		to.AppendNull()
		return true
	}
	switch as {
	case Text:
		var v string
		if v, ok = cell.(string); ok {
			to.(*array.StringBuilder).Append(v)
		}
	case Float:
		var v float64
		if v, ok = cell.(float64); !ok {
			return false
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			to.AppendNull()
			return true
		}
		to.(*array.Float64Builder).Append(v)
	case Decimal:
		var v schema.Quantity
		if v, ok = cell.(schema.Quantity); ok {
			to.(*array.Decimal128Builder).Append(decimal128.FromI64(int64(v)))
		}
	case Integer:
		var v int64
		if v, ok = cell.(int64); ok {
			to.(*array.Int64Builder).Append(v)
		}
	case Bool:
		var v bool
		if v, ok = cell.(bool); ok {
			to.(*array.BooleanBuilder).Append(v)
		}
	case Time:
		var v time.Time
		if v, ok = cell.(time.Time); ok {
			to.(*array.TimestampBuilder).Append(arrow.Timestamp(v.UnixMicro()))
		}
	}
	return ok
}
