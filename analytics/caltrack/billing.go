package caltrack

import (
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
	"jouleline/analytics/weather"
)

// Bill is one billing period: its use in total, NaN where missing or estimated,
// and the mean outdoor temperature of each of its days, NaN where unknown.
type Bill struct {
	Temps []float64 // one per day of the period, in Settings.Scale
	Use   float64
}

const (
	minBillDays = 25 // CalTRACK 2.2.3.4: shorter periods are left out
	// maxMonthly and maxBimonthly are the longest periods that are kept (2.2.3.4).
	// A series is bimonthly where its median period is longer than maxMonthly.
	maxMonthly   = 35
	maxBimonthly = 70
	// minBillTemperatures is the share of days that need a temperature (2.2.3.2).
	minBillTemperatures = .9
)

// FitBilling fits the billing method: use per day of each period on its mean
// degree days, weighted by its days. Periods without use, with less than 90 % of
// their temperatures, or of unusable length are left out and counted in a
// warning. It needs [MinBills] periods, and nine for heating and cooling together.
func FitBilling(bills []Bill, s Settings) (*Model, error) {
	s, err := s.withDefaults()
	if err != nil {
		return nil, err
	}
	periods, kept, warnings, err := usable(bills, s)
	if err != nil {
		return nil, err
	}
	if len(periods) < MinBills {
		return nil, &analytics.NotEnoughError{Op: op + " billing", What: "usable bills", Got: len(periods), Want: MinBills}
	}
	if len(periods) < minBillsTwoSlopes {
		warnings = append(warnings, analytics.Warning{
			Code: CodeFewBills, Got: float64(len(periods)), Want: minBillsTwoSlopes,
			Detail: fmt.Sprintf("%d bills are too few for heating and cooling together; only one slope was tried", len(periods)),
		})
	}
	y, days := make([]float64, len(periods)), make([]float64, len(periods))
	for i, p := range periods {
		y[i], days[i] = p.use, p.days
	}
	meanY := mean(y, days)
	centred := make([]float64, len(y))
	for i, v := range y {
		centred[i] = v - meanY
	}
	score := searchBilling(periods, centred, meanY, s)
	best, ok := score.choose()
	if !ok {
		return nil, negativeMean(meanY)
	}
	m, err := newModel(score, best, y, days, func(kind Kind, h, c int) [][]float64 {
		return billingColumns(periods, kind, h, c)
	}, s)
	if err != nil {
		return nil, err
	}
	m.Billing = true
	predicted := make([]float64, len(y))
	for i := range periods {
		h, c := m.periodDegrees(&periods[i])
		predicted[i] = m.predictF(h, c)
	}
	m.Metrics = measure(y, predicted, m.Kind.terms())
	var temps []float64
	for _, i := range kept {
		temps = append(temps, bills[i].Temps...)
	}
	m.setTemperatures(toFahrenheit(temps, s.Scale))
	m.Warnings = append(append(warnings, seriesWarnings(temps, y, s)...), m.doubts()...)
	return m, nil
}

// usable turns bills into periods; kept holds their indices.
func usable(bills []Bill, s Settings) (periods []period, kept []int, ws analytics.Warnings, err error) {
	lengths := make([]float64, len(bills))
	for i, b := range bills {
		if err := analytics.CheckNotInf(op, fmt.Sprintf("temperatures of bill %d", i), b.Temps); err != nil {
			return nil, nil, nil, err
		}
		if math.Abs(b.Use) > analytics.Largest {
			return nil, nil, nil, &analytics.InputError{Op: op, What: "bills", Index: i, Got: fmt.Sprint(b.Use), Want: "a finite use or NaN for a gap"}
		}
		lengths[i] = float64(len(b.Temps))
	}
	longest := float64(maxMonthly)
	if orderstat.Median(lengths) > maxMonthly {
		longest = maxBimonthly
	}
	dropped := 0
	for i, b := range bills {
		if math.IsNaN(b.Use) || s.ZeroIsMissing && b.Use == 0 {
			continue
		}
		days := lengths[i]
		if days < minBillDays || days > longest {
			dropped++
			continue
		}
		p := period{use: b.Use / days, days: days}
		if known := p.degreeDays(toFahrenheit(b.Temps, s.Scale)); float64(known) < minBillTemperatures*days {
			dropped++
			continue
		}
		periods = append(periods, p)
		kept = append(kept, i)
	}
	if dropped > 0 {
		ws = append(ws, analytics.Warning{Code: CodeDroppedBills, Got: float64(dropped), Detail: fmt.Sprintf(
			"%d bills were left out: shorter than %d or longer than %v days, or with less than %v %% of their temperatures", dropped, minBillDays, longest, 100*minBillTemperatures)})
	}
	return periods, kept, ws, nil
}

func billingColumns(periods []period, kind Kind, h, c int) [][]float64 {
	var columns [][]float64
	pick := func(value func(*period) float64) {
		x := make([]float64, len(periods))
		for i := range periods {
			x[i] = value(&periods[i])
		}
		columns = append(columns, x)
	}
	if kind.Cooling() {
		pick(func(p *period) float64 { return p.cooling[c] })
	}
	if kind.Heating() {
		pick(func(p *period) float64 { return p.heating[h] })
	}
	return columns
}

// periodDegrees returns the mean degrees per day of a period at the model's
// balance points.
func (m *Model) periodDegrees(p *period) (h, c float64) {
	if m.Kind.Heating() {
		h = p.heating[int(m.heatingF)-gridLow]
	}
	if m.Kind.Cooling() {
		c = p.cooling[int(m.coolingF)-gridLow]
	}
	return h, c
}

func toFahrenheit(temps []float64, s weather.Scale) []float64 {
	out := make([]float64, len(temps))
	for i, t := range temps {
		out[i] = s.ToFahrenheit(t)
	}
	return out
}
