package api

// consumptionTable gives the points as rows, each with what it is about. The
// columns of a residual are there where one was asked for.
func consumptionTable(a *ConsumptionAnswer) table {
	unit := a.Unit.String()
	columns := append(subjectColumns(), []column{
		{"carrier", text}, {"unit", text}, {"start", instant}, {"end", instant}, {"quantity", decimal},
		{"energy_kgce", number}, {"carbon_kg", number}, {"coverage", number}, {"estimated_share", number},
	}...)
	if a.Comparison != nil {
		columns = append(columns, column{"parts", decimal}, column{"residual", decimal}, column{"residual_coverage", number})
	}
	return table{
		zone: zoneOf(a.TimeZone), units: map[string]string{"quantity": unit, "parts": unit, "residual": unit},
		columns: columns,
		rows: func(yield func([]any) bool) {
			head := len(subjectColumns())
			row := make([]any, len(columns))
			copy(row, a.Scope.cells())
			row[head], row[head+1] = a.Carrier.String(), unit
			for i := range a.Points {
				p := &a.Points[i]
				copy(row[head+2:], []any{p.Start, p.End, p.Quantity.cell(), opt(p.EnergyKGCE), opt(p.CarbonKG), opt(p.Coverage), opt(p.EstimatedShare)})
				if r := p.Residual; r != nil {
					copy(row[head+9:], []any{r.Parts.cell(), r.Quantity.cell(), opt(r.Coverage)})
				}
				if !yield(row) {
					return
				}
			}
		},
	}
}

// subjectColumns name what a row is about, in one kind and one id, so that
// tables of different subjects can be put together.
func subjectColumns() []column { return []column{{"scope", text}, {"id", text}, {"name", text}} }

// cells gives the cells of subjectColumns.
func (s Subject) cells() []any {
	for _, level := range []struct{ kind, id string }{
		{"meter", s.Meter}, {"building", s.Building}, {"institution", s.Institution},
		{"region", s.Region}, {"department", s.Department}, {"class", s.Class},
	} {
		if level.id != "" {
			return []any{level.kind, level.id, s.Name}
		}
	}
	return []any{"", "", s.Name}
}
