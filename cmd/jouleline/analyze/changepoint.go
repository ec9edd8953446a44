package analyze

import (
	"fmt"
	"io"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/changepoint"
	"jouleline/analytics/savings"
)

// ChangepointCmd finds change points in use and temperature.
type ChangepointCmd struct {
	AnswerFlags
	ZoneFlags
	UnitFlags
	Usage       string  `help:"CSV of time,value: the use from each time to the next one (hours or days)." required:"" type:"existingfile" placeholder:"FILE"`
	Temperature string  `help:"CSV of time,value: outdoor temperature, hourly or daily." required:"" type:"existingfile" placeholder:"FILE"`
	Form        string  `help:"best, 1P, 2P, 3PH, 3PC, 4P or 5P." enum:"best,1P,2P,3PH,3PC,4P,5P" default:"best"`
	Level       float64 `help:"Confidence of the change points' intervals." default:"0.9"`
}

// changepointAnswer is the answer. What a form does not have is null.
type changepointAnswer struct {
	Model        string       `json:"model"`
	Unit         string       `json:"temperature_unit"`
	ChangePoints []float64    `json:"change_points"`
	Intervals    [][2]float64 `json:"change_point_intervals"`
	Level        float64      `json:"level"`
	Intercept    float64      `json:"intercept"`
	Slope        *float64     `json:"slope"`
	HeatingSlope *float64     `json:"heating_slope"`
	CoolingSlope *float64     `json:"cooling_slope"`
	SSE          float64      `json:"sse"`
	R2           float64      `json:"r_squared"`
	AdjR2        float64      `json:"r_squared_adj"`
	CVRMSE       float64      `json:"cvrmse"`
	Definition   string       `json:"cvrmse_definition"`
	BIC          float64      `json:"bic"`
	N            int          `json:"n"`
	LeftOut      int          `json:"left_out"`

	Forms    []changepointForm   `json:"forms"`
	Warnings []analytics.Warning `json:"warnings"`
}

type changepointForm struct {
	Model string  `json:"model"`
	SSE   float64 `json:"sse"`
	BIC   float64 `json:"bic"`
}

// Run reads both files and prints the model.
func (c *ChangepointCmd) Run(out io.Writer) error {
	if err := checkLevel(c.Level); err != nil {
		return err
	}
	loc, named, err := c.zone()
	if err != nil {
		return err
	}
	r := seriesReader{loc: loc, named: named}
	usage, err := r.file(c.Usage)
	if err != nil {
		return err
	}
	temperature, err := r.file(c.Temperature)
	if err != nil {
		return err
	}
	allT, allU, err := savings.Days(usage, temperature, loc)
	if err != nil {
		return err
	}
	var temps, use []float64
	for i, v := range allU {
		if !math.IsNaN(v) && !math.IsNaN(allT[i]) {
			temps, use = append(temps, allT[i]), append(use, v)
		}
	}
	settings := changepoint.Settings{Scale: c.scale(), Level: c.Level}
	var best *changepoint.Model
	var all []*changepoint.Model
	if c.Form == "best" {
		best, all, err = changepoint.Best(temps, use, settings)
	} else if form, bad := changepoint.ParseForm(c.Form); bad == nil {
		best, err = changepoint.Fit(form, temps, use, settings)
		all = []*changepoint.Model{best}
	}
	if err != nil {
		return err
	}
	a := changepointOf(best, all)
	a.Unit, a.LeftOut = c.Unit, len(allU)-len(use)
	if 10*a.LeftOut > len(allU) {
		a.Warnings = append(a.Warnings, analytics.Warning{Code: "too_many_missing_days", Got: float64(a.LeftOut), Want: float64(len(allU) / 10),
			Detail: fmt.Sprintf("%d of %d days lack use or temperature", a.LeftOut, len(allU))})
	}
	return c.show(out, a)
}

func changepointOf(m *changepoint.Model, all []*changepoint.Model) *changepointAnswer {
	a := &changepointAnswer{
		Model: m.Form.String(), ChangePoints: []float64{}, Intervals: [][2]float64{}, Level: m.Level, Intercept: m.Base,
		SSE: m.SSE, R2: m.R2, AdjR2: m.AdjR2, CVRMSE: m.CVRMSE, BIC: m.BIC, N: m.N,
		Definition: "sqrt(SSE/(n-p)) / mean use, p coefficients and change points (ASHRAE Guideline 14)", Warnings: listed(m.Warnings),
	}
	if m.Form == changepoint.TwoP {
		a.Slope = &m.Slope
	}
	if m.Form.Heating() {
		a.HeatingSlope = &m.HeatingSlope
		a.ChangePoints, a.Intervals = append(a.ChangePoints, m.HeatingChange), append(a.Intervals, m.HeatingCI)
	}
	if m.Form.Cooling() {
		a.CoolingSlope = &m.CoolingSlope
		if m.Form != changepoint.FourP {
			a.ChangePoints, a.Intervals = append(a.ChangePoints, m.CoolingChange), append(a.Intervals, m.CoolingCI)
		}
	}
	for _, f := range all {
		a.Forms = append(a.Forms, changepointForm{f.Form.String(), f.SSE, f.BIC})
	}
	return a
}
