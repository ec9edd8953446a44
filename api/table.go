package api

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"jouleline/schema"
)

// table is an answer as rows, for the encodings that have no nesting. Columns
// and kinds are known before the rows, which columnar encodings need.
type table struct {
	columns []column
	// rows gives the cells of each row, as many as there are columns, each of its
	// column's type or nil where it is not known. A row is valid until the next.
	rows iter.Seq[[]any]
}

// column is one column of a table.
type column struct {
	name string
	kind kind
}

// kind is the type of the cells of a column.
type kind uint8

const (
	text    kind = iota // string
	number              // float64
	decimal             // schema.Quantity
	integer             // int64
	flag                // bool
	instant             // time.Time
)

// opt gives the value behind a pointer as a cell, nil where there is none.
func opt[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// writeCSV writes a table as CSV with a header row. A cell that is not known is
// empty.
func writeCSV(w io.Writer, t table) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.columns))
	for i, c := range t.columns {
		record[i] = c.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row := range t.rows {
		for i, cell := range row {
			record[i] = cellText(cell)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case schema.Quantity:
		return v.String()
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	panic(fmt.Sprintf("api: a cell of type %T has no text", cell))
}
