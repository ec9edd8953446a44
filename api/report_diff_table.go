package api

// reportDiffTable gives figures, causes and meters as rows of one table: the
// column row says which a row is.
func reportDiffTable(a *ReportDiffAnswer) table {
	columns := append([]column{{"row", text}}, append(subjectColumns(), []column{
		{"what", text}, {"unit", text}, {"year", integer}, {"before", number}, {"now", number}, {"difference", number}, {"quantity", decimal},
		{"state_before", text}, {"state_now", text}, {"cause", text}, {"text", text},
	}...)...)
	return table{columns: columns, rows: func(yield func([]any) bool) {
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
		cells := Subject{Region: s.Region, Department: s.Department, Class: s.Class, Institution: s.Institution, Name: s.Name}.cells()
		for _, v := range []struct {
			name, unit  string
			before, now *float64
			effect      func(*ReportEffect) *float64
		}{
			{"baseline", unit, before.Baseline, now.Baseline, func(e *ReportEffect) *float64 { return e.Baseline }},
			{"current", unit, before.Current, now.Current, func(e *ReportEffect) *float64 { return e.Current }},
			{"reduction", "%", before.ReductionPct, now.ReductionPct, func(e *ReportEffect) *float64 { return e.ReductionPct }},
		} {
			row := append(append([]any{"figure"}, cells...), f.Indicator+" "+v.name, v.unit, nil, opt(v.before), opt(v.now), opt(minus(v.now, v.before)),
				nil, string(before.State), string(now.State), "", "")
			if !yield(row) {
				return false
			}
			for k := range f.Effects {
				e := &f.Effects[k]
				row := append(append([]any{"effect"}, cells...), f.Indicator+" "+v.name, v.unit, nil, nil, nil, opt(v.effect(e)),
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
		if !yield([]any{"meter", kindMeter, m.Meter, m.Institution, m.Carrier, m.Unit.String(), int64(m.Year), nil, nil, nil, m.Quantity.Quantity, "", "", causeBooks, why}) {
			return false
		}
	}
	return true
}
