package cause

import (
	"fmt"
	"slices"

	"jouleline/analytics/decompose"
)

// weatherColumn is where weather stands among the factors, before intensity.
const weatherColumn = 2

// factorNames lists the factors in the order of the effects.
func (q *Query) factorNames() []string {
	names := decompose.EnergyFactors
	if q.Of == Carbon {
		names = slices.Insert(slices.Clone(decompose.CarbonFactors), weatherColumn, decompose.EnergyFactors[weatherColumn])
	}
	if !q.separated {
		return slices.Delete(slices.Clone(names), weatherColumn, weatherColumn+1)
	}
	return names
}

// usable gives the parts of which both years are known, and the names of the
// others.
func (p *pair) usable() (parts []*part, leftOut []string) {
	for _, x := range p.parts {
		switch {
		case x.unknown:
			leftOut = append(leftOut, label(x))
		case x.activity[0] > 0 || x.activity[1] > 0:
			parts = append(parts, x)
		}
	}
	return parts, leftOut
}

func label(p *part) string {
	switch {
	case p.group.Name != "":
		return p.group.Name
	case p.group.Scope.ID != "":
		return p.group.Scope.ID
	}
	return "without a " + string(p.group.Scope.Level)
}

// effects decomposes a pair. owner gives the part of each row of BySector.
func (p *pair) effects(q *Query) (e *decompose.Effects, owner []int, parts []*part, err error) {
	parts, _ = p.usable()
	var tables [2]decompose.Table
	for side := range tables {
		if tables[side], owner, err = p.table(q, parts, side); err != nil {
			return nil, nil, nil, fmt.Errorf("%d: %w", [2]int{p.from, p.to}[side], err)
		}
	}
	e, err = decompose.LMDI(tables[0], tables[1])
	return e, owner, parts, err
}

// table lays out one year: a row for each part, and for carbon for each fuel of
// each part.
func (p *pair) table(q *Query, parts []*part, side int) (t decompose.Table, owner []int, err error) {
	if q.Of == Energy {
		sectors := make([]decompose.Energy, len(parts))
		for i, x := range parts {
			sectors[i] = decompose.Energy{Activity: x.activity[side], Energy: x.energy[side][0], Normal: x.total(side) + x.normal[side]}
			owner = append(owner, i)
		}
		if t, err = decompose.EnergyTable(sectors); err != nil || q.separated {
			return t, owner, err
		}
		for i, row := range t {
			t[i] = slices.Delete(row, weatherColumn, weatherColumn+1)
		}
		return t, owner, nil
	}
	activity := make([]float64, len(parts))
	var fuels []decompose.Carbon
	for i, x := range parts {
		activity[i] = x.activity[side]
		for k := range p.fuels {
			fuels = append(fuels, decompose.Carbon{Sector: i, Energy: x.energy[side][k], Emission: x.emission[side][k]})
			owner = append(owner, i)
		}
	}
	if t, err = decompose.CarbonTable(activity, fuels); err != nil || !q.separated {
		return t, owner, err
	}
	weather := make([]float64, len(t))
	for row, i := range owner {
		weather[row] = parts[i].weatherFactor(side)
	}
	t, err = decompose.Split(t, weatherColumn, weather)
	return t, owner, err
}
