package explain

import (
	"math/big"

	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Depth is how far down consumption is opened.
type Depth int

// The depths.
const (
	Whole Depth = iota + 1
	Meters
	Days
	Spans
)

// Course is the consumption of one carrier over [From, To), of one or more
// meters.
type Course struct {
	Label    string
	Carrier  schema.Carrier
	From, To schema.Instant
	Zone     *calendar.Zone
	Depth    Depth
	Meters   []Meter
	// Kept is the moment up to which readings may have been let go while their
	// books stay; 0: all are kept. Days up to it end at what is booked.
	Kept schema.Instant
	// Formulas are virtual meters; the stretch must be whole days then.
	Formulas []Formula
}

// Consumption opens the consumption of a course. Its value is what
// [consumption.Read] adds up. The error tells that a formula is out of range.
func Consumption(c *Course) (*Node, error) {
	root := &Node{
		Label: c.Label, Kind: OfConsumption, Unit: c.Carrier.Unit().String(), From: c.From, To: c.To,
		How: "sum of the meters", Op: Sum,
	}
	for i := range c.Meters {
		root.Children = append(root.Children, c.meter(&c.Meters[i]))
	}
	for i := range c.Formulas {
		node, err := c.formula(&c.Formulas[i])
		if err != nil {
			return nil, err
		}
		root.Children = append(root.Children, node)
	}
	total(root)
	if c.Depth < Meters {
		root.Children = nil
	}
	return root, nil
}

// meter opens one meter.
func (c *Course) meter(m *Meter) *Node {
	n := &Node{Label: "meter " + m.ID, Kind: OfMeter, Name: m.ID, Unit: c.Carrier.Unit().String(), From: c.From, To: c.To, How: "sum of the days", Op: Sum}
	whole := c.days()
	head, tail := min(c.Zone.Start(whole.From), c.To), max(c.Zone.Start(whole.To), c.From)
	if whole.From >= whole.To {
		head, tail = c.To, c.To
	}
	c.edges(n, m, c.From, head)
	for i := 0; i < len(m.Booked); {
		end := i + 1
		for end < len(m.Booked) && m.Booked[end].Day == m.Booked[i].Day {
			end++
		}
		if whole.Contains(m.Booked[i].Day) {
			n.add(c.day(m, m.Booked[i:end]))
		}
		i = end
	}
	c.edges(n, m, tail, c.To)
	total(n)
	if c.Depth < Days {
		n.Children = nil
	}
	return n
}

func (n *Node) add(child *Node) {
	if child != nil {
		n.Children = append(n.Children, child)
	}
}

// days gives the whole local days of the stretch.
func (c *Course) days() schema.Validity {
	first, last := c.Zone.DayOf(c.From), c.Zone.DayOf(c.To)
	if c.Zone.Start(first) < c.From {
		first++
	}
	return schema.Validity{From: first, To: last}
}

// quantityOf takes a rational back that units made.
func quantityOf(r *big.Rat) schema.Quantity {
	scaled := new(big.Rat).Mul(r, big.NewRat(schema.Micro, 1))
	return schema.Quantity(scaled.Num().Int64())
}

// total sums value, estimate and known time of the children; where nothing is
// known, there is no value.
func total(n *Node) {
	n.Known = 0
	value, estimated := new(big.Rat), new(big.Rat)
	for _, child := range n.Children {
		n.Known += child.Known
		if child.Value != nil {
			value.Add(value, child.Value)
		}
		if child.Estimated != nil {
			estimated.Add(estimated, child.Estimated)
		}
	}
	if n.Known == 0 {
		n.Value, n.Notes = nil, append(n.Notes, "nothing is known of this stretch")
		return
	}
	n.Value, n.Estimated = value, estimated
}
