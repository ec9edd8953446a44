package analyze

import (
	"fmt"
	"io"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/savings"
	"jouleline/analytics/weather"
)

// DegreeDaysCmd sums degree days by month.
type DegreeDaysCmd struct {
	AnswerFlags
	ZoneFlags
	UnitFlags
	Temperature string   `help:"CSV of time,value: outdoor temperature, hourly or daily." required:"" type:"existingfile" placeholder:"FILE"`
	HeatingBase *float64 `help:"Base of heating degree days; left out: 18 C or 65 F. A building's own balance point says more."`
	CoolingBase *float64 `help:"Base of cooling degree days; left out: 26 C or 79 F."`
}

// degreeDaysAnswer is the answer.
type degreeDaysAnswer struct {
	Unit        string              `json:"temperature_unit"`
	HeatingBase float64             `json:"heating_base"`
	CoolingBase float64             `json:"cooling_base"`
	Total       degreeDays          `json:"total"`
	Months      []monthDegreeDays   `json:"months"`
	Warnings    []analytics.Warning `json:"warnings"`
}

type degreeDays struct {
	Heating float64 `json:"heating_degree_days"`
	Cooling float64 `json:"cooling_degree_days"`
	Days    int     `json:"days"`
	Missing int     `json:"missing_days"`
}

type monthDegreeDays struct {
	Month string `json:"month"`
	degreeDays
}

// codeMissingDays warns that degree days lack days: their sums are too low.
const codeMissingDays analytics.Code = "days_without_temperature"

// Run reads the file and prints the sums.
func (c *DegreeDaysCmd) Run(out io.Writer) error {
	loc, named, err := c.zone()
	if err != nil {
		return err
	}
	s, err := seriesReader{loc: loc, named: named}.file(c.Temperature)
	if err != nil {
		return err
	}
	means, err := savings.DailyTemperatures(s, loc)
	if err != nil {
		return err
	}
	scale := c.scale()
	a := degreeDaysAnswer{Unit: scale.String(), HeatingBase: 18, CoolingBase: 26, Months: []monthDegreeDays{}}
	if scale == weather.Fahrenheit {
		a.HeatingBase, a.CoolingBase = 65, 79
	}
	if c.HeatingBase != nil {
		a.HeatingBase = *c.HeatingBase
	}
	if c.CoolingBase != nil {
		a.CoolingBase = *c.CoolingBase
	}
	if math.IsNaN(a.HeatingBase+a.CoolingBase) || math.IsInf(a.HeatingBase+a.CoolingBase, 0) {
		return misuse{fmt.Errorf("bases: got %v and %v, want temperatures", a.HeatingBase, a.CoolingBase)}
	}
	a.Total = degreeDays(weather.DegreeDays(means.Values, a.HeatingBase, a.CoolingBase))
	for from := 0; from < len(means.Values); {
		day := means.First.AddDate(0, 0, from)
		to := min(from+int(time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, time.UTC).Sub(day).Hours()/24), len(means.Values))
		sums := weather.DegreeDays(means.Values[from:to], a.HeatingBase, a.CoolingBase)
		a.Months = append(a.Months, monthDegreeDays{day.Format("2006-01"), degreeDays(sums)})
		from = to
	}
	var warnings analytics.Warnings
	if w := weather.SuspectScale(means.Values, scale); w != nil {
		warnings = append(warnings, *w)
	}
	if a.Total.Missing > 0 {
		warnings = append(warnings, analytics.Warning{Code: codeMissingDays, Got: float64(a.Total.Missing),
			Detail: fmt.Sprintf("%d days lack a temperature and count for nothing: the sums are too low", a.Total.Missing)})
	}
	a.Warnings = listed(warnings)
	return c.show(out, &a)
}
