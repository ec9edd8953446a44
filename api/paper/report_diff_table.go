package paper

import (
	"jouleline/api/query"
	"jouleline/api/table"
)

// reportDiffTable gives figures, causes and meters as rows of one table: the
// column row says which a row is.
func reportDiffTable(a *ReportDiffAnswer) table.Table {
	columns := append([]table.Column{table.Text("row")}, append(query.SubjectColumns(), []table.Column{
		table.Text("what"), table.Text("unit"), table.Integer("year"), table.Number("before"), table.Number("now"), table.Number("difference"), table.Decimal("quantity"),
		table.Text("state_before"), table.Text("state_now"), table.Text("cause"), table.Text("text"),
	}...)...)
	return table.Table{Columns: columns, Rows: func(yield func([]any) bool) {
		_ = figureRows(a, yield) && causeRows(a, yield) && meterRows(a, yield)
	}}
}

// figureRows gives a row for each value that differs, and one for each effect.
func figureRows(a *ReportDiffAnswer, yield func([]any) bool) bool {
	for i := range a.Figures {
		f := &a.Figures[i]
		before, now := f.Before, f.Now
		if before == nil {
			before = &ReportValue{}
		}
		if now == nil {
			now = &ReportValue{}
		}
		unit := now.Unit
		if unit == "" {
			unit = before.Unit
		}
		s := f.Scope
		cells := query.Subject{Region: s.Region, Department: s.Department, Class: s.Class, Institution: s.Institution, Name: s.Name}.Cells()
		for _, v := range []struct {
			name, unit  string
			before, now *float64
			effect      func(*ReportEffect) *float64
		}{
			{"baseline", unit, before.Baseline, now.Baseline, func(e *ReportEffect) *float64 { return e.Baseline }},
			{"current", unit, before.Current, now.Current, func(e *ReportEffect) *float64 { return e.Current }},
			{"reduction", "%", before.ReductionPct, now.ReductionPct, func(e *ReportEffect) *float64 { return e.ReductionPct }},
		} {
			row := append(append([]any{"figure"}, cells...), f.Indicator+" "+v.name, v.unit, nil, table.Opt(v.before), table.Opt(v.now), table.Opt(minus(v.now, v.before)),
				nil, string(before.State), string(now.State), "", "")
			if !yield(row) {
				return false
			}
			for k := range f.Effects {
				e := &f.Effects[k]
				row := append(append([]any{"effect"}, cells...), f.Indicator+" "+v.name, v.unit, nil, nil, nil, table.Opt(v.effect(e)),
					nil, "", string(e.State), e.Cause, "")
				if !yield(row) {
					return false
				}
			}
		}
	}
	return true
}

func causeRows(a *ReportDiffAnswer, yield func([]any) bool) bool {
	for i := range a.Causes {
		c := &a.Causes[i]
		if !yield([]any{"cause", "", "", "", c.Table, "", nil, nil, nil, nil, nil, "", "", c.Cause, c.Text}) {
			return false
		}
	}
	return true
}

func meterRows(a *ReportDiffAnswer, yield func([]any) bool) bool {
	for i := range a.Meters {
		m := &a.Meters[i]
		why := ""
		for k, because := range m.Because {
			if k > 0 {
				why += "; "
			}
			why += because
		}
		if !yield([]any{"meter", query.KindMeter, m.Meter, m.Institution, m.Carrier, m.Unit.String(), int64(m.Year), nil, nil, nil, m.Quantity.Quantity, "", "", causeBooks, why}) {
			return false
		}
	}
	return true
}
