package paper

import (
	"fmt"
	"math/big"
	"slices"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// collector sums the annual figures of institutions by column of a form. Sums are
// exact.
type collector struct {
	sides   *indicator.Sides
	group   indicator.Group
	enough  *big.Rat
	columns []FormColumn
	class   func(institution int32) schema.Class
	// ownToo lets what a region declared of itself serve where too few of its
	// members are known (rule 14).
	ownToo bool

	sums         []map[schema.DeclaredQuantity]*formSum // by column
	institutions []int
	// silent counts the institutions of which nothing is known, in energy and in
	// water: each lacks every figure, since a gap is not a zero.
	silent [][2]int
}

// collect visits the institutions once for each measure: energy and water by
// carrier, and what indicators are divided by.
func (c *collector) collect() {
	c.institutions, c.silent = make([]int, len(c.columns)), make([][2]int, len(c.columns))
	for range c.columns {
		c.sums = append(c.sums, map[schema.DeclaredQuantity]*formSum{})
	}
	total := c.sides.Total()
	for _, m := range []indicator.Measure{indicator.Energy, indicator.WaterTotal, indicator.EnergyPerArea, indicator.EnergyPerCapita} {
		basis := m.Basis()
		var opened func(int32) bool // nil opens all
		if basis != "" {
			opened = func(int32) bool { return false }
		}
		own := c.own(total, m)
		c.sides.Contributions(indicator.Current, m, opened, func(x *indicator.Contribution) bool {
			for i := range c.columns {
				if !c.has(i, x.Institution) {
					continue
				}
				if m == indicator.Energy {
					c.institutions[i]++
				}
				if own == nil {
					c.add(i, x, basis)
				}
				if own == nil && basis == "" && x.Standing == "silent" {
					c.silent[i][kindOf(m == indicator.WaterTotal)]++
				}
			}
			return true
		})
		if own != nil {
			c.add(0, own, basis)
		}
	}
}

// has tells whether an institution is in a column; one without classes has all.
func (c *collector) has(column int, institution int32) bool {
	classes := c.columns[column].Classes
	return len(classes) == 0 || slices.Contains(classes, c.class(institution))
}

// own gives what the region declared of itself, where that serves; else nil.
func (c *collector) own(total *indicator.Tally, m indicator.Measure) *indicator.Contribution {
	if !c.ownToo {
		return nil
	}
	var v indicator.View
	if c.sides.View(&v, total, indicator.Current, m); c.sides.Speaks(&v) {
		return nil
	}
	return c.sides.Own(c.group).Contribution(total, c.group, indicator.Current, m)
}

// add adds what an institution contributes: its parts, or its denominator.
func (c *collector) add(column int, x *indicator.Contribution, basis string) {
	if basis != "" {
		s := c.sum(column, schema.DeclaredQuantity{Name: basis})
		s.due++
		if x.Denominator != nil {
			s.counted++
			s.value.Add(s.value, x.Denominator)
			s.fromRegistry = true
		}
		return
	}
	for i := range x.Parts {
		p := &x.Parts[i]
		if p.Entry != nil || p.Subtracted {
			continue
		}
		q := schema.DeclaredQuantity{Carrier: p.Carrier, Use: p.Use}
		if p.Carrier == schema.CarrierNone {
			q = schema.DeclaredQuantity{Name: indicator.Energy.String()}
		}
		c.sum(column, q).add(p, c.enough)
	}
}

func (c *collector) sum(column int, q schema.DeclaredQuantity) *formSum {
	s := c.sums[column][q]
	if s == nil {
		s = &formSum{value: new(big.Rat)}
		c.sums[column][q] = s
	}
	return s
}

// settle makes the answer's column and the form's.
func (c *collector) settle(f *FilledForm, column int) error {
	head := c.columns[column]
	answer := FilledColumn{Code: head.Code, Name: head.Name, Institutions: c.institutions[column], Figures: []FilledFigure{}}
	sheet := FormFigures{FormColumn: head, Institutions: c.institutions[column]}
	for kind, what := range []string{"能源", "用水"} {
		if n := c.silent[column][kind]; n > 0 {
			f.sheet.Notes = append(f.sheet.Notes, fmt.Sprintf("%s：%d家机构没有%s数据。", head.Code+head.Name, n, what))
		}
	}
	for _, q := range c.quantities(column) {
		s := c.sums[column][q]
		if q.Name == "" || q.Name == indicator.Energy.String() {
			s.due += c.silent[column][kindOf(q.Carrier == schema.Water)]
		}
		x := FilledFigure{Quantity: registry.QuantityText(q), Unit: unitOfFigure(q), Source: s.source(), Counted: s.counted, Due: s.due}
		if s.expected > 0 {
			coverage := float64(s.known) / float64(s.expected)
			x.Coverage = &coverage
		}
		if s.due == 0 || big.NewRat(int64(s.counted), int64(s.due)).Cmp(c.enough) < 0 {
			x.Why = fmt.Sprintf("fully known of %d of %d institutions, want at least %s of them", s.counted, s.due, c.enough.RatString())
			f.sheet.Notes = append(f.sheet.Notes, fmt.Sprintf("%s%s：应报%d家，数据完整%d家，数据不足，未填。", head.Code+head.Name, figureName(q), s.due, s.counted))
			answer.Figures = append(answer.Figures, x)
			continue
		}
		value, err := s.decimal()
		if err != nil {
			return fmt.Errorf("%s of column %s: %w", x.Quantity, head.Code, err)
		}
		text := registry.DecimalText(value)
		x.Value = &text
		answer.Figures = append(answer.Figures, x)
		sheet.Declared = append(sheet.Declared, schema.Declared{Scope: schema.ScopeRegion, ID: f.Scope.Region + f.Scope.Institution, Year: f.Year, Quantity: q, Unit: x.Unit, Value: value})
		if s.counted < s.due {
			f.sheet.Notes = append(f.sheet.Notes, fmt.Sprintf("%s%s：应报%d家，数据完整%d家。", head.Code+head.Name, figureName(q), s.due, s.counted))
		}
	}
	f.Columns = append(f.Columns, answer)
	f.sheet.Columns = append(f.sheet.Columns, sheet)
	return nil
}

// kindOf gives the place of energy and of water in silent.
func kindOf(isWater bool) int {
	if isWater {
		return 1
	}
	return 0
}

// quantities lists those of a column: area and people, then carriers in order.
func (c *collector) quantities(column int) []schema.DeclaredQuantity {
	var list []schema.DeclaredQuantity
	order := []schema.DeclaredQuantity{{Name: indicator.EnergyPerArea.Basis()}, {Name: indicator.EnergyPerCapita.Basis()}, {Name: indicator.Energy.String()}}
	for _, carrier := range schema.Carriers {
		order = append(order, schema.DeclaredQuantity{Carrier: carrier, Use: schema.ForBuilding}, schema.DeclaredQuantity{Carrier: carrier, Use: schema.ForVehicle})
	}
	for _, q := range order {
		if c.sums[column][q] != nil {
			list = append(list, q)
		}
	}
	return list
}
