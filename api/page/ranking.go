package page

import (
	"cmp"
	"slices"
	"strconv"

	"jouleline/analytics/progress"
)

// className names a class of institutions.
func (w words) className(class string) string { return w.word("class", class) }

// Ranking is parts in the order of their reduction, the largest first; those of
// which it is not known come last.
type Ranking struct {
	Caption string
	Target  Value
	Pace    Value
	Rows    []RankRow
}

// RankRow is one part.
type RankRow struct {
	Rank                           string // empty where the reduction is not known
	Code, Name, URL                string
	Reduction, Completion, Current Value
	Mark, State                    string
	Bar                            *Bar
	Counted                        string

	reduction *float64
}

func (v *visit) rank(parts *progress.Parts, name, caption string) *Ranking {
	r := &Ranking{Caption: caption}
	least, most := 0.0, 0.0
	for i := range parts.Rows {
		row := &parts.Rows[i]
		x := find(row.Indicators, name)
		why := v.why(x)
		one := RankRow{
			Reduction: official(x.Reduction, why), Completion: official(x.Completion, why), Current: v.value(x.Current, x.Unit, why),
			Mark: mark(x), State: v.stateText(x), Counted: v.T("counted", row.Counted, row.Expected), reduction: x.ReductionPct,
		}
		one.Code, one.Name, one.URL = v.partOf(parts.Scope.Region, &row.Scope)
		if x.ReductionPct != nil {
			least, most = min(least, *x.ReductionPct), max(most, *x.ReductionPct)
		}
		r.Rows = append(r.Rows, one)
	}
	whole := find(parts.Total.Indicators, name)
	r.Target, r.Pace = percent(whole.TargetPct, ""), percent(whole.PacePct, "")
	slices.SortStableFunc(r.Rows, func(a, b RankRow) int {
		switch {
		case a.reduction == nil || b.reduction == nil:
			return cmp.Compare(known(b.reduction), known(a.reduction))
		}
		return cmp.Compare(*b.reduction, *a.reduction)
	})
	for i := range r.Rows {
		if row := &r.Rows[i]; row.reduction != nil {
			row.Rank = strconv.Itoa(i + 1)
			row.Bar = newBar(*row.reduction, whole.PacePct, whole.TargetPct, least, most)
		}
	}
	return r
}

func known(v *float64) int {
	if v == nil {
		return 0
	}
	return 1
}

// find gives the indicator of a name. Rows hold all of them.
func find(list []progress.Indicator, name string) *progress.Indicator {
	for i := range list {
		if list[i].Indicator == name {
			return &list[i]
		}
	}
	return &progress.Indicator{Indicator: name, State: progress.NotEnoughData}
}

// partOf names a part of a region and gives its page.
func (v *visit) partOf(whole string, s *progress.Scope) (code, name, page string) {
	switch {
	case s.Own:
		return s.Region, v.T("part.own", s.Name), address(Subject{Region, whole}, "/institutions")
	case s.Region != "":
		return s.Region, s.Name, address(Subject{Region, s.Region}, v.sameYear())
	case s.Institution != "":
		return s.Institution, s.Name, address(Subject{Institution, s.Institution})
	case s.Class != "":
		return s.Class, v.className(s.Class), ""
	}
	return "", nameOr(s.Name, "—"), ""
}

// sameYear carries the year that was asked for to another page; where none was,
// that page chooses.
func (v *visit) sameYear() string {
	if v.req.URL.Query().Get("year") == "" {
		return ""
	}
	_, year := v.years()
	return "?year=" + strconv.Itoa(year)
}

// mark gives the word by which a part is coloured.
func mark(x *progress.Indicator) string {
	switch {
	case x.State == progress.Met:
		return "met"
	case x.OnPace == nil:
		return "unknown"
	case *x.OnPace:
		return "good"
	case x.ReductionPct != nil && *x.ReductionPct < 0:
		return "worse"
	}
	return "behind"
}

// stateText tells in words how far an indicator is.
func (w words) stateText(x *progress.Indicator) string {
	switch m := mark(x); m {
	case "unknown":
		return w.word("state", string(x.State))
	default:
		text := w.T("mark." + m)
		if x.State == progress.MixedSources {
			text += w.T("comma") + w.word("state", string(x.State))
		}
		return text
	}
}

// why tells why a figure is not known.
func (w words) why(x *progress.Indicator) string {
	if w.Lang == english && x.Reason != "" {
		return x.Reason
	}
	text := w.word("why", string(x.State))
	if x.State == progress.NotEnoughData && x.Coverage != nil && *x.Coverage < 1 {
		known := share(x.Coverage, "")
		text += w.T("why.covered", known.Text)
	}
	return text
}

// regionName names a region, by its code where it is not known.
func (v *visit) regionName(code string) string {
	area, _ := v.world.Region(code, v.today)
	return nameOr(area.Name, code)
}
