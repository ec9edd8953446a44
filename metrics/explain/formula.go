package explain

import (
	"fmt"
	"math/big"
	"slices"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Formula is a version of a virtual meter over the whole days of a course.
type Formula struct {
	ID   string
	Days schema.Validity
	// Terms and the Meters that they name, in the same order. What counts of
	// those meters elsewhere does not matter here.
	Terms  schema.Formula
	Meters []Meter
}

// formula opens a virtual meter: days, of each day its terms, of each term the
// whole meter.
func (c *Course) formula(f *Formula) (*Node, error) {
	n := &Node{Label: "formula " + f.ID, Kind: OfFormula, Name: f.ID, Unit: c.Carrier.Unit().String(), From: c.From, To: c.To, How: "sum of the days, each computed on its own", Op: Sum}
	days := c.days()
	days = schema.Validity{From: max(days.From, f.Days.From), To: min(days.To, f.Days.To)}
	var listed []schema.Day
	byDay := make([]map[schema.Day][]posting.Entry, len(f.Meters))
	for i := range f.Meters {
		byDay[i] = map[schema.Day][]posting.Entry{}
		for _, e := range f.Meters[i].Booked {
			byDay[i][e.Day] = append(byDay[i][e.Day], e)
			listed = append(listed, e.Day)
		}
	}
	slices.Sort(listed)
	for _, day := range slices.Compact(listed) {
		if !days.Contains(day) {
			continue
		}
		node, err := c.formulaDay(f, day, byDay)
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", n.Label, day, err)
		}
		n.add(node)
	}
	total(n)
	if c.Depth < Days {
		n.Children = nil
	}
	return n, nil
}

// formulaDay opens one day.
func (c *Course) formulaDay(f *Formula, day schema.Day, byDay []map[schema.Day][]posting.Entry) (*Node, error) {
	zone := f.Meters[0].Facts.Zone
	n := &Node{Label: day.String(), Kind: Named, Name: day.String(), Unit: c.Carrier.Unit().String(), From: zone.Start(day), To: zone.Start(day + 1), How: "sum of the terms", Op: Sum}
	parts := make([]books.Entry, len(f.Meters))
	for i := range f.Meters {
		m := f.Meters[i]
		m.Counts, m.Shares = []schema.Validity{schema.Open}, nil
		whole := &Node{Label: "meter " + m.ID, Kind: OfMeter, Name: m.ID, Unit: n.Unit, From: n.From, To: n.To, Notes: []string{"nothing is known of this day"}}
		if entries := byDay[i][day]; len(entries) > 0 {
			if node := c.day(&m, entries); node != nil {
				node.Label, node.Kind, node.Name = whole.Label, whole.Kind, whole.Name
				whole = node
			}
			for k := range entries {
				parts[i].Quantity += entries[k].Quantity
				parts[i].Estimated += entries[k].Estimated
				parts[i].Known += entries[k].Known
			}
		}
		part, err := posting.Scale(&f.Terms[i], &parts[i])
		if err != nil {
			return nil, err
		}
		n.Children = append(n.Children, term(&f.Terms[i], &part, whole))
	}
	sum, known, err := posting.Compute(f.Terms, parts)
	if err != nil {
		return nil, err
	}
	if !known {
		n.Notes = append(n.Notes, "not known: its meters are not known for the same time of this day")
		return n, nil
	}
	n.Value, n.Estimated, n.Known = units(sum.Quantity), units(sum.Estimated), sum.Known
	return n, nil
}

// term is a meter's day times its factor.
func term(t *schema.Term, part *books.Entry, whole *Node) *Node {
	factor := big.NewRat(t.Factor.Num, t.Factor.Den)
	sign := "+"
	if t.Minus {
		factor.Neg(factor)
		sign = "-"
	}
	n := &Node{Label: sign + " " + t.Meter, Kind: Named, Name: sign + " " + t.Meter, Unit: whole.Unit, From: whole.From, To: whole.To, Children: []*Node{whole}}
	if whole.Value == nil {
		return n
	}
	n.Op, n.Factor, n.Value = Division, &Factor{Value: factor}, units(part.Quantity)
	n.How = fmt.Sprintf("%s x %s, rounded to the micro-unit", with(whole.Value, whole.Unit), number(factor))
	return n
}
