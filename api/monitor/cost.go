package monitor

import (
	"fmt"
	"time"

	"jouleline/analytics/anomaly"
	"jouleline/schema"
)

// Wastes are the causes whose amount was really used. Of the others the meter is
// wrong, and nobody knows what was used.
var Wastes = map[anomaly.Cause]bool{
	anomaly.Leak: true, anomaly.BaseLoadStep: true, anomaly.NightSchedule: true, anomaly.Weekend: true, anomaly.Unusual: true, anomaly.Drift: true,
}

// price puts a price to a finding, each of its days by the price of that day: the
// amount is spread evenly over the stretch. Where there is none it says why.
func (f *search) price(a *Anomaly, zone *time.Location) {
	cost, reason := f.costOf(a, zone)
	if a.CostReason = reason; reason == "" {
		a.Cost, a.Currency, a.PriceSource = &cost.amount, cost.currency, cost.source
	}
}

type cost struct {
	amount           float64
	currency, source string
}

func (f *search) costOf(a *Anomaly, zone *time.Location) (c cost, reason string) {
	if !Wastes[a.Cause] || a.Total == nil {
		return c, "the readings are in doubt, not the use: what was used is not known"
	}
	index, ok := f.w.InstitutionIndex(a.Institution)
	if !ok {
		return c, "the institution is not registered"
	}
	whole := a.To.Sub(a.From).Hours()
	for begin := a.From; begin.Before(a.To); {
		y, m, d := begin.In(zone).Date()
		end := time.Date(y, m, d+1, 0, 0, 0, 0, zone)
		if end.After(a.To) {
			end = a.To
		}
		day := schema.DayOf(y, m, d)
		price, ok := f.w.Tariff(a.Carrier, f.w.RegionPath(f.w.InstitutionOn(index, day).Region, day), day)
		if !ok {
			return c, fmt.Sprintf("no price of %s is registered for %s: see tariffs.csv", a.Carrier, day)
		}
		if c.currency != "" && c.currency != price.Currency {
			return c, fmt.Sprintf("prices are in %s and %s", c.currency, price.Currency)
		}
		exact, err := price.Price.Rat()
		if err != nil {
			return c, fmt.Sprintf("the price of %s: %v", a.Carrier, err)
		}
		unitPrice, _ := exact.Float64()
		c.amount += *a.Total * end.Sub(begin).Hours() / whole * unitPrice
		c.currency, c.source = price.Currency, price.Source
		begin = end
	}
	if c.currency == "" {
		return c, "the finding covers no time"
	}
	return c, ""
}
