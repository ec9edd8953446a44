package planner

import (
	"slices"

	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/api/query"
	"jouleline/api/table"
)

// progressReplyTable gives the indicators of the whole as rows, with the columns and
// rows of what was asked for beside them.
func progressReplyTable(a *ProgressReply) table.Table {
	t := ProgressTable(&a.Answer)
	if len(a.YearToDate) > 0 {
		t = withYearToDate(t, a.YearToDate)
	}
	if a.Changes != nil {
		t = withChanges(t, &a.Answer)
	}
	return t
}

// withYearToDate puts behind each row how its indicator stands within the running
// year. The indicators of both are in one order.
func withYearToDate(t table.Table, list []outlook.ToDate) table.Table {
	return table.Table{
		Columns: append(slices.Clip(t.Columns), table.Text("to_date_state"), table.Text("to_date_reason"), table.Integer("to_date_months"), table.Number("to_date_value"),
			table.Number("to_date_on_path"), table.Number("to_date_gap"), table.Number("seasonal_share"), table.Number("projected")),
		Rows: func(yield func([]any) bool) {
			at := 0
			t.Rows(func(row []any) bool {
				x := &list[at]
				at++
				row = append(row, string(x.State), x.Reason)
				if y := x.YearToDate; y != nil {
					return yield(append(row, int64(y.Months), y.Value, y.OnPath, y.Gap, y.Share, y.Projected))
				}
				return yield(append(row, nil, nil, nil, nil, nil, nil))
			})
		},
	}
}

// withChanges puts behind each row what coming and going did to its indicator, and
// below them a row for each indicator of each institution that is listed, whose part
// is entered or left and whose effect stands in the column of that name.
func withChanges(t table.Table, a *progress.Answer) table.Table {
	c := a.Changes
	return table.Table{
		Columns: append(slices.Clip(t.Columns), table.Number("effect_entered"), table.Number("effect_left"), table.Number("effect_stayed"),
			table.Number("matched_reduction_pct"), table.Text("matched_reduction"), table.Text("effect_reason")),
		Rows: func(yield func([]any) bool) {
			at, more := 0, true
			t.Rows(func(row []any) bool {
				e := &c.Effects[at]
				at++
				more = yield(append(row, table.Opt(e.Entered), table.Opt(e.Left), table.Opt(e.Stayed), table.Opt(e.MatchedPct), table.Opt(e.Matched), e.Reason))
				return more
			})
			for i := 0; more && i < len(c.Institutions); i++ {
				more = giveChange(&c.Institutions[i], a, len(t.Columns), yield)
			}
		},
	}
}

// giveChange gives the rows of one institution, whose other cells are empty.
func giveChange(x *progress.Change, a *progress.Answer, width int, yield func([]any) bool) bool {
	s := query.Subject{Institution: x.Institution, Name: x.Name}
	for i, effect := range x.Effects {
		row := append(append([]any{x.Change}, s.Cells()...), int64(a.Year), int64(a.BaseYear), a.Changes.Effects[i].Indicator, a.Changes.Effects[i].Unit)
		row = append(row, make([]any, width-len(row))...)
		var came, went any
		if x.Change == progress.Entered {
			came = table.Opt(effect)
		} else {
			went = table.Opt(effect)
		}
		if !yield(append(row, came, went, nil, nil, nil, nil)) {
			return false
		}
	}
	return true
}
