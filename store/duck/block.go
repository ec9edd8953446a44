package duck

import (
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// Value is a type that a column is read and written as. A bool column is read as
// bool, an integer column as the integer of its width.
type Value interface {
	~int8 | ~uint8 | ~int16 | ~int32 | ~int64 | ~uint64 | ~float64 | ~bool
}

// Block is up to [BlockSize] rows in columns.
type Block struct {
	chunk mapping.DataChunk
	rows  int
}

// BlockSize is the number of rows of a full block: DuckDB's vector size.
const BlockSize = 2048

// Rows counts the rows of the block.
func (b Block) Rows() int { return b.rows }

// Column gives a column's values. The type must have the width of the column's
// type; rows that are NULL hold anything. Writing to it fills the column.
func Column[T Value](b Block, column int) []T {
	vector := mapping.DataChunkGetVector(b.chunk, mapping.IdxT(column))
	return unsafe.Slice((*T)(mapping.VectorGetData(vector)), b.rows)
}

// Nulls tells which values of a column are NULL.
type Nulls struct {
	valid []uint64 // a bit a row; nil where none is NULL
}

// Nulls gives those of a column, for as long as the block is there.
func (b Block) Nulls(column int) Nulls {
	mask := mapping.VectorGetValidity(mapping.DataChunkGetVector(b.chunk, mapping.IdxT(column)))
	if mask == nil {
		return Nulls{}
	}
	return Nulls{unsafe.Slice((*uint64)(mask), (b.rows+63)/64)}
}

// At tells whether the value of a row is NULL.
func (n Nulls) At(row int) bool { return n.valid != nil && n.valid[row/64]&(1<<(row%64)) == 0 }

// SetNulls makes every row of a column NULL.
func (b Block) SetNulls(column int) {
	mask := b.writableMask(column)
	for i := range mask {
		mask[i] = 0
	}
}

// SetNull makes one value NULL; SetValid takes that back.
func (b Block) SetNull(column, row int) { b.writableMask(column)[row/64] &^= 1 << (row % 64) }

// SetValid tells that a row of a column holds a value.
func (b Block) SetValid(column, row int) { b.writableMask(column)[row/64] |= 1 << (row % 64) }

func (b Block) writableMask(column int) []uint64 {
	vector := mapping.DataChunkGetVector(b.chunk, mapping.IdxT(column))
	mapping.VectorEnsureValidityWritable(vector)
	return unsafe.Slice((*uint64)(mapping.VectorGetValidity(vector)), BlockSize/64)
}

// SetText writes text or bytes; DuckDB copies them.
func (b Block) SetText(column, row int, text string) {
	mapping.VectorAssignStringElement(mapping.DataChunkGetVector(b.chunk, mapping.IdxT(column)), mapping.IdxT(row), text)
}

// SetBytes writes bytes; DuckDB copies them.
func (b Block) SetBytes(column, row int, bytes []byte) {
	mapping.VectorAssignStringElementLen(mapping.DataChunkGetVector(b.chunk, mapping.IdxT(column)), mapping.IdxT(row), bytes)
}

// Text gives a copy of a text or of bytes, "" for NULL.
func (b Block) Text(column, row int) string {
	if b.Nulls(column).At(row) {
		return ""
	}
	return string(b.Bytes(column, row))
}

// Bytes gives a text or bytes that are not NULL, for as long as the block is there.
func (b Block) Bytes(column, row int) []byte {
	vector := mapping.DataChunkGetVector(b.chunk, mapping.IdxT(column))
	at := unsafe.Add(mapping.VectorGetData(vector), uintptr(row)*unsafe.Sizeof(mapping.StringT{}))
	// A string is its 32-bit length, then up to 12 bytes of text in place, or
	// four bytes of prefix and a pointer (duckdb.h, duckdb_string_t).
	const inline = 12
	length := *(*uint32)(at)
	if length <= inline {
		return unsafe.Slice((*byte)(unsafe.Add(at, 4)), int(length))
	}
	return unsafe.Slice(*(**byte)(unsafe.Add(at, 8)), int(length))
}
