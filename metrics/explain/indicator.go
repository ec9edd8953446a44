package explain

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Of tells which of a group's figures is opened.
type Of uint8

// The figures of a group.
const (
	// AllMembers is the ratio of sums of all institutions that have a figure.
	AllMembers Of = iota
	// ComparedMembers is that of the institutions which are fully known on every
	// side on which they exist.
	ComparedMembers
	// Itself is what the region, or the institution as a whole, declared.
	Itself
)

// Question asks for an indicator of a group on one side to be opened.
type Question struct {
	Sides   *indicator.Sides
	Tally   *indicator.Tally
	Own     *indicator.Own
	Group   indicator.Group
	Side    indicator.Side
	Measure indicator.Measure
	// Figure is the one to be opened, and Of tells which it is.
	Figure   indicator.Figure
	Of       Of
	Registry *registry.Registry
	// Limit bounds the institutions that are listed, the largest first; what the
	// others add is one part. At least 1.
	Limit int
}

// Indicator opens an indicator or a total. Its value is the figure.
func Indicator(q *Question) *Node {
	days := q.Sides.Days(q.Side)
	root := &Node{
		Label: fmt.Sprintf("%s of %s, %s to %s", q.Measure, q.name(), days.From, days.To-1), Kind: OfMeasure, Word: q.Measure.String(), Name: q.name(),
		Unit: q.Measure.Unit(), Value: q.Figure.Rat(),
		From: days.From.Start(q.Registry.TimeZone), To: days.To.Start(q.Registry.TimeZone),
	}
	if q.Of == Itself && q.Figure.Form != indicator.Absolute {
		root.Source, root.How = "declared", "declared as such"
		if q.Figure.Form == indicator.Index {
			root.Unit, root.How = "index", "declared as an index, 100 being the base year"
		}
		return root
	}
	a := q.account()
	content, unit := q.Measure.Content()
	numerator := &Node{Label: content, Kind: OfContent, Word: strings.ReplaceAll(content, " ", "_"), Unit: unit, Op: Sum, How: "sum of the carriers", Children: a.numerators}
	if a.grouped {
		numerator.How = "sum of the institutions"
	}
	numerator.Value = a.numerator
	root.Notes = a.notes
	if q.Measure.Basis() == "" {
		root.Op, root.How, root.Children = Sum, numerator.How, numerator.Children
		return root
	}
	denominator := &Node{
		Label: q.Measure.Basis(), Kind: OfBasis, Word: q.Measure.Basis(), Value: a.denominator, Unit: basisUnit(q.Measure), Op: Sum,
		How: "sum of each value x its days / days of the period", Children: a.denominators,
	}
	root.Children = []*Node{numerator, denominator}
	root.How = fmt.Sprintf("%s / %s", with(numerator.Value, numerator.Unit), with(denominator.Value, denominator.Unit))
	if root.Value != nil {
		root.Op = Quotient
	}
	return root
}

func basisUnit(m indicator.Measure) string {
	if m.Basis() == "floor_area" {
		return "m2"
	}
	return "persons"
}

func (q *Question) name() string {
	if q.Group.Name != "" {
		return q.Group.Name
	}
	return q.Group.Scope.ID
}

// account is both sides of a ratio, opened.
type account struct {
	numerator, denominator   *big.Rat
	numerators, denominators []*Node
	grouped                  bool
	notes                    []string
}

// account opens numerator and denominator.
func (q *Question) account() *account {
	if q.Of == Itself {
		return q.declared()
	}
	a := &account{numerator: new(big.Rat), denominator: new(big.Rat)}
	a.grouped = q.Group.Scope.Level != indicator.ByInstitution
	listed := q.largest()
	var rest, restBelow big.Rat
	others := 0
	var without []string
	q.Sides.Contributions(q.Side, q.Measure, func(i int32) bool { return listed[i] || !a.grouped }, func(c *indicator.Contribution) bool {
		if !q.counts(c) {
			without = append(without, q.why(c))
			if !a.grouped {
				a.numerators = q.parts(c) // nothing is summed, but this is what is known
			}
			return true
		}
		a.numerator.Add(a.numerator, c.Numerator)
		if c.Denominator != nil {
			a.denominator.Add(a.denominator, c.Denominator)
		}
		switch {
		case !a.grouped:
			a.numerators, a.denominators = q.parts(c), q.rows(c)
		case listed[c.Institution]:
			label := q.institution(c.Institution)
			a.numerators = append(a.numerators, &Node{Label: label, Kind: Named, Name: label, Value: c.Numerator, Unit: q.unit(), Op: Sum, How: "sum of the carriers", Children: q.parts(c)})
			a.denominators = append(a.denominators, &Node{Label: label, Kind: Named, Name: label, Value: c.Denominator, Unit: basisUnit(q.Measure), Op: Sum, Children: q.rows(c)})
		default:
			others++
			rest.Add(&rest, c.Numerator)
			if c.Denominator != nil {
				restBelow.Add(&restBelow, c.Denominator)
			}
		}
		return true
	})
	if others > 0 {
		label := fmt.Sprintf("%d other institutions", others)
		a.numerators = append(a.numerators, &Node{Label: label, Kind: Others, Name: strconv.Itoa(others), Value: &rest, Unit: q.unit(), How: "sum of those that are not listed"})
		a.denominators = append(a.denominators, &Node{Label: label, Kind: Others, Name: strconv.Itoa(others), Value: &restBelow, Unit: basisUnit(q.Measure), How: "sum of those that are not listed"})
	}
	q.note(a, without)
	return a
}

// note says who is left out.
func (q *Question) note(a *account, without []string) {
	if len(without) > 0 {
		text := "left out of the sums: "
		if q.Of == ComparedMembers {
			text = "left out of the comparison on both sides: "
		}
		for i, who := range without {
			if i == q.Limit {
				text += fmt.Sprintf("; and %d more", len(without)-i)
				break
			}
			if i > 0 {
				text += "; "
			}
			text += who
		}
		a.notes = append(a.notes, text)
	}
	if !q.Figure.IsKnown() {
		a.numerator, a.denominator = nil, nil
	}
}

func (q *Question) unit() string {
	_, unit := q.Measure.Content()
	return unit
}

// counts tells whether a contribution is part of the figure.
func (q *Question) counts(c *indicator.Contribution) bool {
	return c.Figured && (c.Compared || q.Of != ComparedMembers)
}

// why says why an institution is left out.
func (q *Question) why(c *indicator.Contribution) string {
	text := fmt.Sprintf("%s (%s", q.institution(c.Institution), c.Standing)
	if c.Denominator == nil && q.Measure.Basis() != "" {
		text += ", no " + q.Measure.Basis()
	}
	if c.Figured {
		text += ", and not full on the other side"
	}
	return text + ")"
}

// largest finds the institutions to list.
func (q *Question) largest() map[int32]bool {
	type one struct {
		institution int32
		size        *big.Rat
	}
	var all []one
	q.Sides.Contributions(q.Side, q.Measure, func(int32) bool { return false }, func(c *indicator.Contribution) bool {
		if q.counts(c) {
			all = append(all, one{c.Institution, new(big.Rat).Abs(c.Numerator)})
		}
		return true
	})
	slices.SortStableFunc(all, func(a, b one) int { return b.size.Cmp(a.size) })
	listed := map[int32]bool{}
	for i := range min(len(all), q.Limit) {
		listed[all[i].institution] = true
	}
	return listed
}

// institution names an institution by its id and the name it has at the end.
func (q *Question) institution(index int32) string {
	id := q.Registry.InstitutionIDs[index]
	name := ""
	for _, v := range q.Registry.InstitutionVersions(index) {
		if name == "" || v.From < q.Sides.Days(q.Side).To {
			name = v.Name
		}
	}
	if name == "" {
		return id
	}
	return id + " " + name
}

// declared opens what the group declared of itself as amounts.
func (q *Question) declared() *account {
	a := &account{}
	c := q.Own.Contribution(q.Tally, q.Group, q.Side, q.Measure)
	if c == nil {
		return a
	}
	a.numerator, a.denominator, a.numerators = c.Numerator, c.Denominator, q.parts(c)
	a.denominators = []*Node{{Label: q.Measure.Basis(), Kind: OfBasis, Word: q.Measure.Basis(), Value: c.Denominator, Unit: basisUnit(q.Measure), Source: "declared", How: "declared of the group, or the sum of its members where it declared none"}}
	a.notes = []string{"declared of " + q.Group.Scope.String() + " as a whole: its members do not speak for it"}
	return a
}

// period is the number of days of the side.
func (q *Question) period() schema.Validity { return q.Sides.Days(q.Side) }
