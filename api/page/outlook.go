package page

import (
	"fmt"

	"jouleline/analytics/outlook"
)

// forecastFacts is what is to be expected of one indicator.
type forecastFacts struct {
	Reduction Value // in the target year
	Chance    Value
	Caveat    *said // nil where there is none
}

// forecast finds what was to be expected at the end of a year: nothing where the
// target year is over by then.
func (v *visit) forecast(about Subject, year int) (map[string]*outlook.Indicator, error) {
	plan := v.site.config.Plan
	now, _, _ := v.today.Date()
	if year >= plan.TargetYear || year >= now || year <= plan.BaseYear {
		return nil, nil
	}
	a, err := v.ask.Outlook(v.context(), about, year)
	if err != nil {
		return nil, err
	}
	found := map[string]*outlook.Indicator{}
	for i := range a.Indicators {
		found[a.Indicators[i].Indicator] = &a.Indicators[i]
	}
	return found, nil
}

// expect adds a forecast to a card and its chart; nil adds nothing.
func (v *visit) expect(c *Card, in *outlook.Indicator) {
	if in == nil {
		return
	}
	why := v.whyNoForecast(in)
	c.Forecast = &forecastFacts{Reduction: Value{Why: why}, Chance: Value{Why: why}}
	if n := len(in.Forecast); n > 0 {
		last := &in.Forecast[n-1]
		c.Forecast.Reduction = Value{
			Text: fixed(last.Reduction, 2), Unit: "% " + v.T("forecast.bounds", fixed(100-last.High, 2), fixed(100-last.Low, 2)),
		}
	}
	if p := in.Probability; p != nil {
		text := fixed(100*p.P, 0)
		if p.Clipped && p.P > .5 {
			text = "≥ " + text
		} else if p.Clipped {
			text = "≤ " + text
		}
		c.Forecast.Chance = Value{Text: text, Unit: "% " + v.T("forecast.df", p.DF)}
	}
	if len(in.Warnings) > 0 {
		caveat := v.caveat(in.Warnings[0])
		c.Forecast.Caveat = &caveat
	}
	if c.Path == nil {
		return
	}
	data, ok := c.Path.Data.(pathData)
	if !ok {
		return
	}
	data.Forecast = v.T("chart.forecast")
	data.Expected, data.Low, data.High = make([]*float64, len(data.Years)), make([]*float64, len(data.Years)), make([]*float64, len(data.Years))
	for _, p := range in.Forecast {
		for i, y := range data.Years {
			if y == fmt.Sprint(p.Year) {
				data.Expected[i], data.Low[i], data.High[i] = ptr(p.Reduction), ptr(100-p.High), ptr(100-p.Low)
			}
		}
	}
	c.Path.Data = data
}
