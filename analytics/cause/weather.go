package cause

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jouleline/metrics/indicator"
)

// Weather tells what the weather factor rests on. What no model covers has the
// factor 1: its weather is still part of intensity.
type Weather struct {
	ShareFrom   float64 `json:"share_from" doc:"Share of the first year's total whose dependence on weather is modelled" example:"0.92"`
	ShareTo     float64 `json:"share_to" doc:"The same of the second year" example:"0.92"`
	FactorFrom  float64 `json:"factor_from" doc:"Total of the first year over what it would be under normal weather" example:"1.01"`
	FactorTo    float64 `json:"factor_to" doc:"The same of the second year" example:"0.98"`
	Models      int     `json:"models" doc:"Models behind it: one for each part, station and year"`
	NormalYears []int   `json:"normal_years" doc:"Years whose mean weather is the normal one, where their station has all of them"`

	// Institutions that a model covers, and those that none does, by reason.
	Institutions int `json:"institutions" doc:"Institutions whose use the models cover"`
	NoStation    int `json:"without_station" doc:"Institutions without a weather station that all their buildings share"`
	NoClimate    int `json:"without_temperatures" doc:"Whose station lacks temperatures in one of both years"`
	NoMonths     int `json:"without_months" doc:"Of which a month is not known: annual figures have no months"`
	NoFit        int `json:"without_fit" doc:"Whose months do not follow the weather well enough"`
	BeyondLimit  int `json:"beyond_limit" doc:"In parts that were too small to be modelled within one answer"`
}

// separate finds how the parts' use depended on the weather, and puts the change
// that normal weather would have made into each part. It asks the source for the
// months of both years, unless no station has their temperatures.
func (r *reader) separate(ctx context.Context) error {
	if r.q.air == nil || r.q.Panel == indicator.DeclaredOnly {
		return nil
	}
	out := &Weather{NormalYears: []int{}}
	members, err := r.members(ctx, out)
	if err != nil {
		return err
	}
	if r.weather = out; len(members) == 0 {
		return nil
	}
	if err := r.months(ctx, members); err != nil {
		return err
	}
	covered := [2]float64{}
	for _, p := range r.pools(members, out) {
		climate := r.q.air.climate(p.station)
		var factor [2]float64
		usable := true
		for side, year := range [2]int{r.from, r.to} {
			if factor[side] = 1; p.in[side] && usable {
				factor[side], usable = climate.weatherFactor(&p.months[side], year)
			}
		}
		if !usable {
			out.NoFit += p.institutions
			continue
		}
		out.Institutions += p.institutions
		for side := range factor {
			if p.in[side] {
				out.Models++
				p.part.normal[side] += p.year[side]/factor[side] - p.year[side]
				covered[side] += p.year[side]
			}
		}
		for _, year := range climate.years {
			if !slices.Contains(out.NormalYears, year) {
				out.NormalYears = append(out.NormalYears, year)
			}
		}
	}
	slices.Sort(out.NormalYears)
	r.sum(out, covered)
	return nil
}

// sum tells what share of the totals is covered.
func (r *reader) sum(out *Weather, covered [2]float64) {
	parts, _ := r.usable()
	for side, to := range [2]struct{ share, factor *float64 }{{&out.ShareFrom, &out.FactorFrom}, {&out.ShareTo, &out.FactorTo}} {
		var total, normal float64
		for _, p := range parts {
			total += p.total(side)
			normal += p.total(side) + p.normal[side]
		}
		if *to.factor = 1; normal > 0 {
			*to.factor = total / normal
		}
		if total > 0 {
			*to.share = min(covered[side]/total, 1)
		}
	}
}

// weatherOf tells how much of the change the weather factor knows of.
func (a *Answer) weatherOf(w *Weather) {
	if w == nil || w.Models == 0 {
		a.warn(CodeWeather, 0, 1, "weather is part of intensity: no weather-normalised figures stand behind this answer"+w.uncovered())
		return
	}
	a.Weather = w
	if least := min(w.ShareFrom, w.ShareTo); least < 1-tolerance {
		a.warn(CodeWeather, least, 1, fmt.Sprintf("%.1f %% of the energy has a model of its weather; the weather of the rest is part of intensity", 100*least)+w.uncovered())
	}
}

// uncovered tells in brackets why institutions have no model, "" where all have one
// or nobody looked.
func (w *Weather) uncovered() string {
	if w == nil {
		return ""
	}
	var reasons []string
	for _, r := range []struct {
		institutions int
		why          string
	}{
		{w.NoStation, "without one station for all buildings"},
		{w.NoClimate, "whose station lacks temperatures of a year"},
		{w.NoMonths, "of which a month is not known"},
		{w.NoFit, "whose months do not follow the weather"},
		{w.BeyondLimit, "in parts too small to be modelled in one answer"},
	} {
		if r.institutions > 0 {
			reasons = append(reasons, fmt.Sprintf("%d %s", r.institutions, r.why))
		}
	}
	if len(reasons) == 0 {
		return ""
	}
	return " (institutions: " + strings.Join(reasons, ", ") + ")"
}
