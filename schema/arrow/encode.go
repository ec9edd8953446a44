package arrow

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/decimal128"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"jouleline/schema"
)

// Encoder writes readings as an Arrow stream with the columns of the contract:
// meter, unit and kind as dictionaries, times in UTC microseconds, values as
// decimals of six places, null where the reading does not say. What the
// [Decoder] reads from it is the same reading, but for
// [schema.Reading.Original]: the digits beyond the sixth decimal are rounded.
//
// An Encoder belongs to one goroutine. It holds up to 8192 readings.
type Encoder struct {
	out   *ipc.Writer
	batch *array.RecordBuilder
	held  int
	err   error // of the stream; sticky
}

var readingType = arrow.NewSchema([]arrow.Field{
	{Name: "meter", Type: dictionaryOf(arrow.PrimitiveTypes.Int32)},
	{Name: "time", Type: arrow.FixedWidthTypes.Timestamp_us},
	{Name: "value", Type: decimalType(), Nullable: true},
	{Name: "start", Type: arrow.FixedWidthTypes.Timestamp_us, Nullable: true},
	{Name: "unit", Type: dictionaryOf(arrow.PrimitiveTypes.Int8), Nullable: true},
	{Name: "kind", Type: dictionaryOf(arrow.PrimitiveTypes.Int8), Nullable: true},
	{Name: "revision", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
	{Name: "register", Type: arrow.PrimitiveTypes.Uint8, Nullable: true},
	{Name: "deleted", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
}, nil)

func dictionaryOf(index arrow.DataType) arrow.DataType {
	return &arrow.DictionaryType{IndexType: index, ValueType: arrow.BinaryTypes.String}
}

// NewEncoder starts a stream on w.
func NewEncoder(w io.Writer) *Encoder {
	memory := memory.NewGoAllocator()
	return &Encoder{
		out:   ipc.NewWriter(w, ipc.WithSchema(readingType), ipc.WithAllocator(memory)),
		batch: array.NewRecordBuilder(memory, readingType),
	}
}

// Encode adds a reading. The error is that of the stream.
func (e *Encoder) Encode(r *schema.Reading) error {
	if e.err != nil {
		return e.err
	}
	text := func(column int, value string) {
		to := e.batch.Field(column).(*array.BinaryDictionaryBuilder)
		if value == "" {
			to.AppendNull()
		} else if err := to.AppendString(value); err != nil {
			e.err = fmt.Errorf("encode %s: %w", readingType.Field(column).Name, err)
		}
	}
	moment := func(column int, t schema.Instant, given bool) {
		to := e.batch.Field(column).(*array.TimestampBuilder)
		if !given {
			to.AppendNull()
			return
		}
		to.Append(arrow.Timestamp(int64(t) * 1000))
	}
	text(0, r.Meter)
	moment(1, r.Time, true)
	e.batch.Field(2).(*array.Decimal128Builder).Append(decimal128.FromI64(int64(r.Value)))
	moment(3, r.Start, r.HasStart)
	text(4, r.Unit.String())
	text(5, r.Kind.String())
	e.batch.Field(6).(*array.Int32Builder).Append(r.Revision)
	e.batch.Field(7).(*array.Uint8Builder).Append(r.Register)
	e.batch.Field(8).(*array.BooleanBuilder).Append(r.Deleted)
	if e.held++; e.held == rowsPerBatch {
		e.flush()
	}
	return e.err
}

// Close ends the stream. It does not close the writer below.
func (e *Encoder) Close() error {
	defer e.batch.Release()
	if e.held > 0 && e.err == nil {
		e.flush()
	}
	if e.err != nil {
		return e.err
	}
	if err := e.out.Close(); err != nil {
		return fmt.Errorf("end the arrow stream: %w", err)
	}
	return nil
}

func (e *Encoder) flush() {
	record := e.batch.NewRecord()
	defer record.Release()
	e.held = 0
	if err := e.out.Write(record); err != nil {
		e.err = fmt.Errorf("write an arrow batch: %w", err)
	}
}
