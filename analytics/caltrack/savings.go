package caltrack

import (
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/regress"
)

// Savings is avoided energy use over a reporting period, in the unit of use.
type Savings struct {
	Counterfactual float64 // what the baseline model says would have been used
	Observed       float64 // what was used, over the same days
	Savings        float64 // Counterfactual - Observed; negative where use grew
	N              int     // days or bills compared
	Days           int     // days compared
	LeftOut        int     // days or bills without use or temperature; never counted as zero
	Bands          Bands
	Warnings       analytics.Warnings
}

// Savings compares daily use after a measure with the model's prediction at the
// same temperatures (CalTRACK 3.5.1, avoided energy use). temps are in the
// model's scale; NaN days are left out. The model should be a daily one: for
// bills use [Model.BillingSavings].
func (m *Model) Savings(temps, use []float64) (*Savings, error) {
	if err := checkSeries(temps, use); err != nil {
		return nil, err
	}
	c := m.comparison()
	for i, v := range use {
		if math.IsNaN(v) || math.IsNaN(temps[i]) || m.settings.ZeroIsMissing && v == 0 {
			c.LeftOut++
			continue
		}
		tF := m.scale.ToFahrenheit(temps[i])
		h, cool := m.degrees(tF)
		c.add(h, cool, 1, v)
		c.seeTemperature(temps[i])
	}
	return c.finish(len(use))
}

// BillingSavings compares bills after a measure with the model's prediction. A
// bill needs its use and 90 % of its temperatures; the others are left out.
// Reporting bills may have any length.
func (m *Model) BillingSavings(bills []Bill) (*Savings, error) {
	c := m.comparison()
	for i, b := range bills {
		if err := analytics.CheckNotInf(op, fmt.Sprintf("temperatures of bill %d", i), b.Temps); err != nil {
			return nil, err
		}
		if math.Abs(b.Use) > analytics.Largest {
			return nil, &analytics.InputError{Op: op, What: "bills", Index: i, Got: fmt.Sprint(b.Use), Want: "a finite use or NaN for a gap"}
		}
		p := period{days: float64(len(b.Temps))}
		known := p.degreeDays(toFahrenheit(b.Temps, m.scale))
		if math.IsNaN(b.Use) || known == 0 || float64(known) < minBillTemperatures*p.days || m.settings.ZeroIsMissing && b.Use == 0 {
			c.LeftOut++
			continue
		}
		h, cool := m.periodDegrees(&p)
		c.add(h, cool, p.days, b.Use)
		for _, t := range b.Temps {
			if !math.IsNaN(t) {
				c.seeTemperature(t)
			}
		}
	}
	return c.finish(len(bills))
}

// comparison gathers the sums of a reporting period.
type comparison struct {
	Savings
	model     *Model
	aggregate regress.Aggregate
	low, high float64
}

func (m *Model) comparison() *comparison {
	return &comparison{
		model: m, low: math.Inf(1), high: math.Inf(-1),
		aggregate: regress.Aggregate{Slopes: make([]float64, m.Kind.terms())},
	}
}

// add takes one period of days whose mean degrees are h and c and whose total
// use is use. A bill of n days has variance S^2/n per day, so S^2 n in total;
// a day seen by a billing model likewise has S^2.
func (c *comparison) add(h, cool, days, use float64) {
	row := c.model.row(h, cool)
	c.Counterfactual += days * c.model.fit.Predict(row)
	c.Observed += use
	c.N++
	c.Days += int(days)
	c.aggregate.Rows += days
	c.aggregate.Noise += days
	for j, v := range row {
		c.aggregate.Slopes[j] += days * v
	}
}

func (c *comparison) seeTemperature(t float64) {
	c.low, c.high = min(c.low, t), max(c.high, t)
}

func (c *comparison) finish(total int) (*Savings, error) {
	if c.N == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " savings", What: "reporting periods with use and temperature", Got: 0, Want: 1}
	}
	s := &c.Savings
	s.Savings = s.Counterfactual - s.Observed
	s.Bands = c.model.bands(s, c.aggregate)
	add := func(code analytics.Code, got, want float64, detail string) {
		s.Warnings = append(s.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
	}
	if s.LeftOut > 0 {
		add(CodeMaskedPeriods, float64(s.LeftOut), float64(total), fmt.Sprintf("%d of %d reporting periods lack use or temperature and are counted on neither side", s.LeftOut, total))
	}
	// More than 10 % of the baseline's range beyond either end.
	base := c.model.Metrics
	margin := .1 * (base.MaxTemperature - base.MinTemperature)
	if c.model.Kind != InterceptOnly {
		if c.low < base.MinTemperature-margin {
			add(CodeExtrapolation, c.low, base.MinTemperature, "reporting days are colder than any baseline day by more than 10 % of its range")
		}
		if c.high > base.MaxTemperature+margin {
			add(CodeExtrapolation, c.high, base.MaxTemperature, "reporting days are hotter than any baseline day by more than 10 % of its range")
		}
	}
	switch {
	case s.Savings == 0:
		add(CodeNoSavings, 0, 0, "savings are exactly zero; a fractional uncertainty is not defined")
	case s.Savings < 0:
		add(CodeNegativeSavings, s.Savings, 0, "use grew against the baseline")
	}
	if s.Savings != 0 && math.Abs(s.Savings) <= s.Bands.OLS {
		add(CodeNotSignificant, s.Savings, s.Bands.OLS, "savings are smaller than their band")
	}
	return s, nil
}
