package table

import (
	"io"

	"jouleline/schema/arrow"
)

// arrowTypes are the types of columns in an Arrow stream, by kind. Their cells
// are those of a table.
var arrowTypes = [...]arrow.Type{
	text: arrow.Text, number: arrow.Float, decimal: arrow.Decimal, integer: arrow.Integer, flag: arrow.Bool, instant: arrow.Time,
}

// WriteArrow writes a table as an Arrow IPC stream. A cell that is not known is
// null.
func WriteArrow(w io.Writer, t Table) error {
	columns := make([]arrow.Column, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = arrow.Column{Name: c.name, Type: arrowTypes[c.kind], Unit: t.unitOf(c)}
	}
	return arrow.WriteTable(w, arrow.Table{Columns: columns, Rows: t.Rows, Zone: t.Zone})
}
