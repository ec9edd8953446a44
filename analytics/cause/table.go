package cause

import (
	"fmt"

	"jouleline/analytics/decompose"
)

// The factors in the order of the effects.
var (
	energyFactors = []string{"activity", "structure", "intensity"}
	carbonFactors = decompose.CarbonFactors
)

func (q *Query) factorNames() []string {
	if q.Of == Carbon {
		return carbonFactors
	}
	return energyFactors
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
			sectors[i] = decompose.Energy{Activity: x.activity[side], Energy: x.energy[side][0]}
			owner = append(owner, i)
		}
		if t, err = decompose.EnergyTable(sectors); err != nil {
			return nil, nil, err
		}
		for i, row := range t { // without weather, which is not known
			t[i] = []float64{row[0], row[1], row[3]}
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
	t, err = decompose.CarbonTable(activity, fuels)
	return t, owner, err
}
