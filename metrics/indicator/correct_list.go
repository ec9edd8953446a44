package indicator

import (
	"math/big"
	"sort"

	"jouleline/schema"
)

// Corrections lists the entries that count within the scope, those of both sides
// once.
func (s *Sides) Corrections() (list []*schema.Correction) {
	seen := map[*schema.Correction]bool{}
	add := func(c *schema.Correction) {
		if !seen[c] {
			seen[c] = true
			list = append(list, c)
		}
	}
	for side := range s.side {
		f := &s.side[side]
		for i := range f.corrections {
			add(f.corrections[i].entry)
		}
		for code, rates := range f.rates {
			for _, above := range s.w.Above(Scope{ByRegion, code}, f.place.day) {
				if above == s.spec.Scope {
					for i := range rates {
						add(rates[i].entry)
					}
				}
			}
		}
	}
	order := map[*schema.Correction]int{}
	for i := range s.w.reg.Corrections {
		order[&s.w.reg.Corrections[i]] = i
	}
	sort.Slice(list, func(i, j int) bool { return order[list[i]] < order[list[j]] })
	return list
}

// appendCorrections lists what is put to an institution's figure as parts of it.
func (f *frame) appendCorrections(parts []Part, institution int32, m Measure, grid int32) []Part {
	of := measures[m].content
	for i := range f.corrections {
		c := &f.corrections[i]
		if c.institution != institution {
			continue
		}
		sum, concerns, known := f.weights.weighCorrection(c, grid, uint8(of))
		if !concerns || !known {
			continue
		}
		p := Part{Source: string(c.entry.Kind), Entry: c.entry, Quantity: schema.Quantity(c.amount), Factor: big.NewRat(1, 1), Amount: f.weights.amount(sum, of)}
		if at := slot(c.kind); at < slotCount {
			p.Carrier, p.Use = at.carrier(), schema.ForBuilding
			if at.isVehicle() {
				p.Use = schema.ForVehicle
			}
			p.Factor, p.Grid = f.weights.factorOf(of, at, grid)
		}
		parts = append(parts, p)
	}
	return parts
}
