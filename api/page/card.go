package page

import (
	"net/url"
	"slices"
	"strconv"

	"jouleline/analytics/progress"
)

// Card shows one indicator of a group.
type Card struct {
	ID, Name             string
	Baseline, Current    Value
	Reduction, Target    Value
	Completion, Pace     Value
	Mark, State          string
	Why                  string
	Coverage, Estimated  Value
	BaseSource, Source   string
	BaseYear, TargetYear string
	Path                 *Chart
	Table                *Table
	Evidence             []Link
	Forecast             *forecastFacts // nil where the target year is over
}

// cards makes the cards of a year out of the answers of all years.
func (v *visit) cards(about Subject, course []*progress.Answer, year int) ([]Card, error) {
	base := course[0].BaseYear
	expected, err := v.forecast(about, year)
	if err != nil {
		return nil, err
	}
	now := course[year-base]
	cards := make([]Card, len(now.Indicators))
	for i := range now.Indicators {
		x := &now.Indicators[i]
		why := v.why(x)
		c := Card{
			ID: x.Indicator, Name: v.word("indicator", x.Indicator),
			Baseline: v.value(x.Baseline, x.Unit, why), Current: v.value(x.Current, x.Unit, why),
			Reduction: official(x.Reduction, why), Target: percent(x.TargetPct, v.T("why.no_target")),
			Completion: official(x.Completion, why), Pace: percent(x.PacePct, v.T("why.no_pace")),
			Mark: mark(x), State: v.stateText(x),
			Coverage: share(x.Coverage, v.T("why.no_meters")), Estimated: share(x.EstimatedShare, v.T("why.no_meters")),
			BaseYear: strconv.Itoa(now.BaseYear), TargetYear: strconv.Itoa(now.TargetYear),
		}
		rests := address(about, "/quality?year=", strconv.Itoa(year))
		c.Coverage.URL, c.Estimated.URL = rests, rests
		if x.BaselineSource != "" {
			c.BaseSource = v.word("source", x.BaselineSource)
		}
		if x.CurrentSource != "" {
			c.Source = v.word("source", x.CurrentSource)
		}
		if c.Mark == "unknown" || x.State == progress.MixedSources {
			c.Why = why
		}
		c.Path, c.Table = v.path(course, i)
		if !slices.ContainsFunc(course, func(a *progress.Answer) bool { return a.Indicators[i].ReductionPct != nil }) {
			c.Path = nil // nothing but the path would be drawn
		}
		c.Evidence = v.evidence(about, x.Indicator, year)
		if v.expect(&c, expected[x.Indicator]); year > base {
			opened := explainedBy(about, x.Indicator, year)
			c.Current.URL, c.Baseline.URL, c.Reduction.URL, c.Completion.URL = opened, opened, opened, opened
		}
		cards[i] = c
	}
	return cards, nil
}

// path draws one indicator of all years against the straight path to its target.
func (v *visit) path(course []*progress.Answer, at int) (*Chart, *Table) {
	plan := v.site.config.Plan
	name := v.word("indicator", course[0].Indicators[at].Indicator)
	data := pathData{Path: v.T("chart.path"), Actual: v.T("chart.actual"), Unit: "%"}
	table := &Table{
		Caption: v.T("path.table", name),
		Head:    []string{v.T("year"), v.T("current"), v.T("reduction"), v.T("pace"), v.T("state")},
	}
	for year := plan.BaseYear; year <= plan.TargetYear; year++ {
		data.Years = append(data.Years, strconv.Itoa(year))
		var target *float64
		if len(course) > 0 {
			target = course[len(course)-1].Indicators[at].TargetPct
		}
		data.Planned = append(data.Planned, planned(target, year-plan.BaseYear, plan.TargetYear-plan.BaseYear))
		if i := year - plan.BaseYear; i < len(course) {
			x := &course[i].Indicators[at]
			reduction := x.ReductionPct
			if year == plan.BaseYear && x.Current != nil {
				reduction = ptr(0)
			}
			data.Values = append(data.Values, reduction)
			why := v.why(x)
			table.Rows = append(table.Rows, []Value{
				{Text: strconv.Itoa(year)}, v.value(x.Current, x.Unit, why), official(x.Reduction, why), percent(x.PacePct, "—"), {Text: v.stateText(x)},
			})
		} else {
			data.Values = append(data.Values, nil)
		}
	}
	return &Chart{Kind: "path", ID: "path-" + course[0].Indicators[at].Indicator, Label: v.T("path.label", name), Data: data}, table
}

// planned gives the reduction that a straight path to a target asks for after
// some of its years.
func planned(target *float64, after, years int) *float64 {
	if target == nil || years <= 0 {
		return nil
	}
	return ptr(*target * float64(after) / float64(years))
}

// evidence links what a figure rests on.
func (v *visit) evidence(about Subject, name string, year int) []Link {
	y := strconv.Itoa(year)
	links := []Link{{Text: v.T("evidence"), URL: address(about, "/quality?year=", y)}}
	if about.Kind == Region {
		links = append(links, Link{Text: v.T("evidence.parts"), URL: address(about, "/institutions?year=", y, "&indicator=", name)})
	}
	links = append(links, Link{Text: v.T("evidence.explain"), URL: explainedBy(about, name, year)})
	return append(links, Link{Text: "JSON", URL: "/api/v1/progress?" + url.Values{string(about.Kind): {about.ID}, "year": {y}}.Encode()})
}
