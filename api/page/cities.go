package page

import (
	"strconv"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// citiesPage is every part of a region against the path, year by year.
type citiesPage struct {
	*frame
	Plan       string
	Shown      string
	Indicators []Link
	Chart      *Chart
	Years      []string
	Rows       []cityRow
	Path       []Value
	Up         Link
}

// cityRow is the years of one part.
type cityRow struct {
	Name, URL   string
	Years       []Value
	Marks       []string // of Years
	State, Mark string   // of the last
}

func (v *visit) cities() (string, any, error) {
	about, err := v.subject(Region)
	if err != nil {
		return "", nil, err
	}
	plan := v.site.config.Plan
	now, _, _ := v.today.Date()
	p := &citiesPage{frame: v.frame, Plan: v.planTitle()}
	v.crumbs(about)
	p.HasChart = true
	rows := map[string]*cityRow{}
	lines := map[string]*line{}
	var order []string
	var data citiesData
	var target *float64
	for year := plan.BaseYear + 1; year <= min(plan.TargetYear, now); year++ {
		parts, err := v.ask.Breakdown(v.context(), about, indicator.ByRegion, year)
		if err != nil {
			return "", nil, err
		}
		var shown progress.Indicator
		p.Indicators, shown = v.chooseIndicator(&progress.Answer{Indicators: parts.Total.Indicators})
		p.Shown, p.Title, target = v.word("indicator", shown.Indicator), v.T("cities.title", parts.Scope.Name), shown.TargetPct
		p.Years = append(p.Years, strconv.Itoa(year))
		p.Path = append(p.Path, percent(shown.PacePct, "—"))
		add := func(key, name, page string, x *progress.Indicator) {
			row, ok := rows[key]
			if !ok {
				order = append(order, key)
				row = &cityRow{Name: name, URL: page}
				rows[key], lines[key] = row, &line{Name: name, Values: []*float64{ptr(0)}}
			}
			for len(row.Years) < len(p.Years)-1 { // it did not exist before
				row.Years, row.Marks = append(row.Years, Value{Why: v.T("why.not_there")}), append(row.Marks, "unknown")
				lines[key].Values = append(lines[key].Values, nil)
			}
			row.Years, row.Marks = append(row.Years, official(x.Reduction, v.why(x))), append(row.Marks, mark(x))
			row.State, row.Mark = v.stateText(x), mark(x)
			lines[key].Values = append(lines[key].Values, x.ReductionPct)
		}
		for i := range parts.Rows {
			code, name, page := v.partOf(about.ID, &parts.Rows[i].Scope)
			if parts.Rows[i].Scope.Own {
				code = "own"
			}
			add(code, name, page, find(parts.Rows[i].Indicators, shown.Indicator))
		}
		add("whole", parts.Scope.Name, address(about), &shown)
	}
	for year := plan.BaseYear; year <= plan.TargetYear; year++ {
		data.Years = append(data.Years, strconv.Itoa(year))
		data.Planned = append(data.Planned, planned(target, year-plan.BaseYear, plan.TargetYear-plan.BaseYear))
	}
	for _, key := range order {
		l := lines[key]
		if l.Mark = rows[key].Mark; key == "whole" {
			l.Mark = key
		}
		data.Lines = append(data.Lines, *l)
		p.Rows = append(p.Rows, *rows[key])
	}
	data.Path, data.Unit = v.T("chart.path"), "%"
	p.Chart = &Chart{Kind: "cities", ID: "cities", Label: v.T("cities.label", p.Shown), Data: data}
	p.Up = Link{Text: v.regionName(about.ID), URL: address(about)}
	return "cities", p, nil
}
