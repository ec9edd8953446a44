package analyze

import (
	"fmt"
	"io"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/stl"
)

// STLCmd splits a series into trend, season and rest.
type STLCmd struct {
	AnswerFlags
	ZoneFlags
	Input    string `help:"CSV of time,value at equal steps, without gaps." required:"" type:"existingfile" placeholder:"FILE"`
	Period   int    `help:"Steps of a cycle: 12 for months, 168 for hours of a week." default:"12"`
	Seasonal int    `help:"Span of the seasonal smoother in cycles, odd; 0 is 7." default:"0"`
	Robust   bool   `help:"Let outliers count for nothing in trend and season."`
}

// stlAnswer is the answer: seasonal + trend + remainder is the value.
type stlAnswer struct {
	Period           int                 `json:"period"`
	Step             string              `json:"step"`
	N                int                 `json:"n"`
	Robust           bool                `json:"robust"`
	SeasonalStrength float64             `json:"seasonal_strength"`
	TrendStrength    float64             `json:"trend_strength"`
	Points           []stlPoint          `json:"points"`
	Warnings         []analytics.Warning `json:"warnings"`
}

type stlPoint struct {
	Time      string  `json:"time"`
	Value     float64 `json:"value"`
	Seasonal  float64 `json:"seasonal"`
	Trend     float64 `json:"trend"`
	Remainder float64 `json:"remainder"`
	Weight    float64 `json:"weight"`
}

// Codes of warnings.
const (
	codeFewCycles analytics.Code = "few_cycles"
	codeOutliers  analytics.Code = "values_left_out_as_outliers"
)

// fewCycles is the number of cycles below which a season cannot be told from
// chance: each phase has been seen twice only.
const fewCycles = 3

// Run reads the series and prints its parts.
func (c *STLCmd) Run(out io.Writer) error {
	s, err := c.spaced(c.Input)
	if err != nil {
		return err
	}
	if n := s.missing(); n > 0 {
		return fmt.Errorf("%s: %d of %d steps have no value, want none: fill them, or cut the series", c.Input, n, len(s.values))
	}
	parts, err := stl.Decompose(s.values, stl.Settings{Period: c.Period, Seasonal: c.Seasonal, Robust: c.Robust})
	if err != nil {
		return fmt.Errorf("%s: %w", c.Input, err)
	}
	a := stlAnswer{
		Period: c.Period, Step: s.step, N: len(s.values), Robust: c.Robust,
		SeasonalStrength: parts.SeasonalStrength, TrendStrength: parts.TrendStrength, Warnings: listed(),
	}
	outliers := 0
	for i, v := range s.values {
		if parts.Weights[i] == 0 {
			outliers++
		}
		a.Points = append(a.Points, stlPoint{s.at(i).Format(time.RFC3339), v, parts.Seasonal[i], parts.Trend[i], parts.Remainder[i], parts.Weights[i]})
	}
	if cycles := float64(len(s.values)) / float64(c.Period); cycles < fewCycles {
		a.Warnings = append(a.Warnings, analytics.Warning{Code: codeFewCycles, Got: cycles, Want: fewCycles,
			Detail: fmt.Sprintf("%.1f cycles cannot tell a season from chance", cycles)})
	}
	if outliers > 0 {
		a.Warnings = append(a.Warnings, analytics.Warning{Code: codeOutliers, Got: float64(outliers),
			Detail: fmt.Sprintf("%d values have weight 0; they stand in the remainder", outliers)})
	}
	return c.show(out, &a)
}
