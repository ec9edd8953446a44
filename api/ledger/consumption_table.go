package ledger

import (
	"jouleline/api/query"
	"jouleline/api/table"
)

// consumptionTable gives the points as rows, each with what it is about. The
// columns of a residual are there where one was asked for.
func consumptionTable(a *ConsumptionAnswer) table.Table {
	unit := a.Unit.String()
	columns := append(query.SubjectColumns(), []table.Column{
		table.Text("carrier"), table.Text("unit"), table.Instant("start"), table.Instant("end"), table.Decimal("quantity"),
		table.Number("energy_kgce"), table.Number("carbon_kg"), table.Number("coverage"), table.Number("estimated_share"),
	}...)
	if a.Comparison != nil {
		columns = append(columns, table.Decimal("parts"), table.Decimal("residual"), table.Number("residual_coverage"))
	}
	return table.Table{
		Zone: table.ZoneOf(a.TimeZone), Units: map[string]string{"quantity": unit, "parts": unit, "residual": unit},
		Columns: columns,
		Rows: func(yield func([]any) bool) {
			head := len(query.SubjectColumns())
			row := make([]any, len(columns))
			copy(row, a.Scope.Cells())
			row[head], row[head+1] = a.Carrier.String(), unit
			for i := range a.Points {
				p := &a.Points[i]
				copy(row[head+2:], []any{p.Start, p.End, p.Quantity.Cell(), table.Opt(p.EnergyKGCE), table.Opt(p.CarbonKG), table.Opt(p.Coverage), table.Opt(p.EstimatedShare)})
				if r := p.Residual; r != nil {
					copy(row[head+9:], []any{r.Parts.Cell(), r.Quantity.Cell(), table.Opt(r.Coverage)})
				}
				if !yield(row) {
					return
				}
			}
		},
	}
}
