package duck

import "github.com/duckdb/duckdb-go/v2/mapping"

// Type is a column's type for appending.
type Type = mapping.Type

// The types that the store's tables use.
const (
	Int32  = mapping.TypeInteger
	Int64  = mapping.TypeBigInt
	Uint8  = mapping.TypeUTinyInt
	Bool   = mapping.TypeBoolean
	Double = mapping.TypeDouble
	Text   = mapping.TypeVarchar
	Bytes  = mapping.TypeBlob
)

// Append adds rows to a table inside the connection's transaction. The types
// must be those of all the table's columns. fill is called for every block with
// the rows [from, from+block.Rows()) to write; columns that it leaves alone hold
// anything, so it must write them all.
func (c *Conn) Append(table string, types []Type, rows int, fill func(b Block, from int)) (err error) {
	if rows == 0 {
		return nil
	}
	if err := c.check("append to " + table); err != nil {
		return err
	}
	var appender mapping.Appender
	if mapping.AppenderCreate(c.conn, "", table, &appender) == mapping.StateError {
		err := failure("append to "+table, mapping.AppenderError(appender))
		mapping.AppenderDestroy(&appender)
		return err
	}
	defer func() {
		if mapping.AppenderDestroy(&appender) == mapping.StateError && err == nil {
			err = failure("append to "+table, "the last rows were not taken")
		}
	}()
	logical := make([]mapping.LogicalType, len(types))
	for i, t := range types {
		logical[i] = mapping.CreateLogicalType(t)
		defer mapping.DestroyLogicalType(&logical[i])
	}
	chunk := mapping.CreateDataChunk(logical)
	defer mapping.DestroyDataChunk(&chunk)
	for from := 0; from < rows; from += BlockSize {
		n := min(BlockSize, rows-from)
		fill(Block{chunk, n}, from)
		mapping.DataChunkSetSize(chunk, mapping.IdxT(n))
		if mapping.AppendDataChunk(appender, chunk) == mapping.StateError {
			return failure("append to "+table, mapping.AppenderError(appender))
		}
		mapping.DataChunkReset(chunk)
	}
	if mapping.AppenderClose(appender) == mapping.StateError {
		return failure("append to "+table, mapping.AppenderError(appender))
	}
	return nil
}
