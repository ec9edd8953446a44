package registry

import (
	"cmp"
	"fmt"
	"strings"

	"jouleline/schema"
)

var tariffColumns = []column{
	{"carrier", true}, {"region", false}, {"valid_from", false}, {"price", true}, {"currency", true}, {"source", true},
}

// tariffs reads what carriers cost. A price without a source is refused: nobody
// could tell later what it was.
func (b *builder) tariffs() {
	const (
		carrier = iota
		region
		from
		price
		currency
		source
	)
	d := &lined[schema.Tariff]{compare: func(s, t *schema.Tariff) int {
		return cmp.Or(cmp.Compare(s.Carrier, t.Carrier), strings.Compare(s.Region, t.Region), cmp.Compare(s.From, t.From))
	}}
	b.read(TariffsFile, func(r *row) string {
		t := schema.Tariff{
			Carrier: word(r, carrier, schema.ParseCarrier), Region: b.reference(r, region, RegionsFile, b.reg.regions),
			From: r.day(from, schema.Always), Price: r.decimal(price), Currency: b.keep(word(r, currency, parseCurrency)),
			Source: b.keep(r.text(source)),
		}
		if !r.failed {
			d.add(t, r.line)
		}
		return ""
	})
	d.settle(func(t *schema.Tariff, line, earlier int32) {
		b.badLine(TariffsFile, line, "valid_from", "a price of %s with the same region and valid_from stands in line %d already", t.Carrier, earlier)
	})
	b.reg.Tariffs = d.rows
}

func parseCurrency(text string) (string, error) {
	if len(text) != 3 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", fmt.Errorf("got %q, want a code of ISO 4217 as CNY", text)
	}
	return text, nil
}

// Tariff gives what a carrier costs on a day in the first of some regions, from
// the nearest up, for which a price is known; then everywhere.
func (r *Registry) Tariff(carrier schema.Carrier, path []string, day schema.Day) (t schema.Tariff, ok bool) {
	for _, region := range append(path[:len(path):len(path)], "") {
		for i := range r.Tariffs {
			if x := &r.Tariffs[i]; x.Carrier == carrier && x.Region == region && x.From <= day {
				t, ok = *x, true // in order of days: the last that has begun
			}
		}
		if ok {
			return t, true
		}
	}
	return t, false
}
