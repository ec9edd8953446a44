package explain

import (
	"fmt"
	"math/big"

	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// parts opens a numerator: a product for each figure that serves.
func (q *Question) parts(c *indicator.Contribution) []*Node {
	nodes := make([]*Node, 0, len(c.Parts))
	for i := range c.Parts {
		nodes = append(nodes, q.part(c, &c.Parts[i]))
	}
	return nodes
}

func (q *Question) part(c *indicator.Contribution, p *indicator.Part) *Node {
	n := &Node{Label: "declared total", Kind: DeclaredTotal, Unit: q.unit(), Source: p.Source, Value: p.Amount, Subtracted: p.Subtracted}
	unit := q.unit()
	if p.Carrier != schema.CarrierNone {
		n.Kind, n.Word = OfCarrier, p.Carrier.String()
		n.Label, unit = p.Carrier.String(), p.Carrier.Unit().String()
		if p.Use == schema.ForVehicle {
			n.Kind = OfVehicles
			n.Label += ":" + p.Use.String()
		}
	}
	if p.Source == "" {
		n.Notes = append(n.Notes, "lacking: nothing is metered or declared")
		n.Known, n.Expected = p.Known, p.Expected
		return n
	}
	if p.Source == "metered" {
		n.Known, n.Expected = p.Known, p.Expected
		if c.Institution >= 0 {
			n.Open = &Open{Institution: q.Registry.InstitutionIDs[c.Institution], Carrier: p.Carrier}
		}
	}
	if e := p.Entry; e != nil {
		n.Kind, n.Word, n.Name = OfEntry, string(e.Kind), e.ID
		n.Label = string(e.Kind) + " " + e.ID
		if p.Carrier != schema.CarrierNone {
			n.Label += ": " + p.Carrier.String()
		}
		n.Notes = append(n.Notes, fmt.Sprintf("of %s by %s: %s", e.Date, e.Author, e.Reason))
	}
	n.Quantity = &Quantity{units(p.Quantity), unit}
	if p.Factor == nil {
		n.Notes = append(n.Notes, "the factor set knows no factor")
		return n
	}
	n.Estimated = new(big.Rat).Mul(units(p.Estimated), p.Factor)
	n.Op, n.Factor = Product, q.factor(p, unit)
	n.How = fmt.Sprintf("%s %s", p.Quantity, unit)
	if n.Factor.Set != "" {
		n.How += fmt.Sprintf(" x %s %s", number(p.Factor), n.Factor.Unit)
	}
	if p.Subtracted {
		n.How += ", taken off the total that includes it"
	}
	return n
}

// factor describes what a quantity was weighed with.
func (q *Question) factor(p *indicator.Part, unit string) *Factor {
	f := &Factor{Value: p.Factor}
	content, to := q.Measure.Content()
	if p.Carrier == schema.CarrierNone || content == "water" {
		return f
	}
	set := q.Sides.Factors()
	f.Unit, f.Set, f.Version = to+"/"+unit, set.Name, set.Version
	kind := "coal"
	if content == "carbon" {
		kind = "carbon"
	}
	f.Note = set.Sources[kind+"."+p.Carrier.String()]
	if p.Grid != nil {
		f.Grid, f.Region, f.Year, f.Note = true, p.Grid.Region, p.Grid.Year, p.Grid.Source
	}
	return f
}

// rows opens a denominator: a product for each row of the registry that holds on
// some days of the period.
func (q *Question) rows(c *indicator.Contribution) []*Node {
	if c.Denominator == nil {
		return nil
	}
	id := q.Registry.InstitutionIDs[c.Institution]
	var nodes []*Node
	if q.Measure.Basis() == "floor_area" {
		for _, b := range q.Registry.BuildingsOf(id) {
			nodes = append(nodes, q.dated(c.Institution, "building "+b.ID, OfBuilding, b.ID+" ", q.Registry.FloorArea[b.ID])...)
		}
	} else {
		nodes = q.dated(c.Institution, "headcount", OfHeadcount, "", q.Registry.Headcount[id])
	}
	rest := new(big.Rat).Set(c.Denominator)
	for _, n := range nodes {
		rest.Sub(rest, n.Value)
	}
	if rest.Sign() != 0 {
		nodes = append(nodes, &Node{Label: "declared for the year", Kind: DeclaredYear, Value: rest, Unit: basisUnit(q.Measure), Source: "declared"})
	}
	return nodes
}

// dated opens the rows of one series: each counts on the days on which it holds
// and the institution exists.
func (q *Question) dated(institution int32, label string, kind Kind, id string, series []schema.Dated[schema.Quantity]) []*Node {
	period := q.period()
	length := int64(period.To - period.From)
	var nodes []*Node
	for i, d := range series {
		end := schema.Never
		if i+1 < len(series) {
			end = series[i+1].From
		}
		days := 0
		for _, v := range q.Registry.InstitutionVersions(institution) {
			stay := schema.Validity{From: max(v.From, period.From), To: min(v.To, period.To)}
			if stay.From < stay.To {
				days += stay.Days(d.From, end)
			}
		}
		if days == 0 {
			continue
		}
		share := big.NewRat(int64(days), length)
		nodes = append(nodes, &Node{
			Label: fmt.Sprintf("%s from %s", label, d.From), Kind: kind, Name: id + d.From.String(), Unit: basisUnit(q.Measure), Op: Product,
			Value:    new(big.Rat).Mul(units(d.Value), share),
			Quantity: &Quantity{units(d.Value), basisUnit(q.Measure)}, Factor: &Factor{Value: share, Unit: "days/days"},
			How: fmt.Sprintf("%s %s x %d of %d days", d.Value, basisUnit(q.Measure), days, length),
		})
	}
	return nodes
}
