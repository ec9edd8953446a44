package explain

import (
	"fmt"
	"math/big"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/posting"
	"jouleline/metrics/vee"
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

// Meter is what the books and the readings say of one meter over the stretch.
type Meter struct {
	ID    string
	Facts *books.Meter
	// Counts are the local days on which the whole meter is part of the course,
	// Shares those on which a part of it is.
	Counts []schema.Validity
	Shares []Share
	// Booked are the ledger's entries of the whole days in the stretch.
	Booked []posting.Entry
	// Evidence must be given at the depth of spans, and where the stretch begins
	// or ends within a day.
	Evidence *consumption.Evidence

	flags   []vee.Flag // of the evidence, once they were asked for
	flagged bool
}

// flagsIn gives what looks wrong in a stretch although it is booked.
func (m *Meter) flagsIn(from, to schema.Instant) (notes []string) {
	if e := m.Evidence; e != nil && !m.flagged {
		m.flags = vee.Flags(&vee.Series{Facts: m.Facts, Winners: e.Winners, Codes: e.Codes, Spans: e.Spans})
		m.flagged = true
	}
	for _, f := range m.flags {
		if f.From < to && from < f.To {
			notes = append(notes, fmt.Sprintf("flag %s: %s (rules version %s)", f.Rule, f.Detail, schema.VEEVersion))
		}
	}
	return notes
}

// Share is the part of a meter's days that counts.
type Share struct {
	posting.Division
	At int // position in Shares
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

// day opens a day that the ledger holds; nil where it is no part of the course.
func (c *Course) day(m *Meter, entries []posting.Entry) *Node {
	day := entries[0].Day
	n := &Node{Label: day.String(), Kind: Named, Name: day.String(), Unit: c.Carrier.Unit().String(), Op: Sum}
	n.From, n.To = m.Facts.Zone.Start(day), m.Facts.Zone.Start(day+1)
	var booked, estimated schema.Quantity
	var causes [books.Billed + 1]bool
	for i := range entries {
		e := &entries[i]
		booked += e.Quantity
		estimated += e.Estimated
		n.Known += e.Known
		causes[e.Cause] = causes[e.Cause] || !e.IsZero()
	}
	n.Value, n.Estimated = units(booked), units(estimated)
	n.How = "sum of the spans in it"
	for cause := books.RolledOver; cause <= books.Billed; cause++ {
		if causes[cause] {
			n.Notes = append(n.Notes, "booked with cause "+cause.String())
		}
	}
	if n.Known == 0 && booked == 0 {
		return nil
	}
	if c.Depth >= Spans && m.Evidence != nil {
		c.open(m, n, booked)
	}
	return m.counted(n, day, booked)
}

// edges opens what lies before or after the whole days, cut at midnight.
func (c *Course) edges(n *Node, m *Meter, from, to schema.Instant) {
	for from < to {
		end := min(c.Zone.Start(c.Zone.DayOf(from)+1), to)
		n.add(c.edge(m, from, end))
		from = end
	}
}

// edge opens a part of a day, which the ledger does not hold by itself.
func (c *Course) edge(m *Meter, from, to schema.Instant) *Node {
	n := &Node{
		Label: fmt.Sprintf("%s, a part of the day", c.Zone.DayOf(from)), Kind: PartOfDay, Name: c.Zone.DayOf(from).String(), Unit: c.Carrier.Unit().String(), Op: Sum,
		From: from, To: to, How: "sum of the spans in it, cut from the readings",
	}
	if m.Evidence == nil || !m.countsOn(c.Zone.DayOf(from)) {
		return nil
	}
	var quantity, estimated schema.Quantity
	for i := range m.Evidence.Spans {
		s := &m.Evidence.Spans[i]
		if q, known := s.Part(from, to); known > 0 {
			quantity += q
			n.Known += known
			if s.Estimated {
				estimated += q
			}
		}
	}
	if n.Known == 0 {
		return nil
	}
	n.Value, n.Estimated = units(quantity), units(estimated)
	if c.Depth >= Spans {
		c.open(m, n, quantity)
	}
	return n
}

// open adds the spans of a day, and what the books hold beyond them.
func (c *Course) open(m *Meter, n *Node, booked schema.Quantity) {
	rest := booked
	for i := range m.Evidence.Spans {
		s := &m.Evidence.Spans[i]
		q, known := s.Part(n.From, n.To)
		if known == 0 {
			continue
		}
		rest -= q
		n.Children = append(n.Children, m.span(s, max(n.From, s.From), min(n.To, s.To), q, n.Unit))
	}
	switch {
	case rest == 0:
	case n.From <= c.Kept:
		n.Children = append(n.Children, &Node{
			Label: "booked from readings that are not kept any more", Kind: NotKept, Value: units(rest), Unit: n.Unit,
			Notes: []string{"readings of this day were let go after the time that they are kept for; what was booked of the day stands for good"},
		})
	default:
		n.Children = append(n.Children, &Node{
			Label: "in the books, not in the readings", Kind: NotInReadings, Value: units(rest), Unit: n.Unit,
			Notes: []string{"the books differ from what the readings give: see verify and recompute; as of a moment within a recording day that is long past, bookings of that day may stand together"},
		})
	}
}

func (m *Meter) countsOn(day schema.Day) bool {
	for _, v := range m.Counts {
		if v.Contains(day) {
			return true
		}
	}
	return false
}

// counted gives the part of a day that counts: all of it, a share, or nothing.
func (m *Meter) counted(n *Node, day schema.Day, booked schema.Quantity) *Node {
	if m.countsOn(day) {
		return n
	}
	for i := range m.Shares {
		s := &m.Shares[i]
		if !s.Contains(day) {
			continue
		}
		share := s.Division.Shares[s.At]
		part := &Node{
			Label: n.Label, Kind: n.Kind, Name: n.Name, Unit: n.Unit, From: n.From, To: n.To, Known: n.Known, Op: Division,
			Value: units(s.Split(booked)[s.At]), Estimated: units(s.Split(quantityOf(n.Estimated))[s.At]),
			Factor: &Factor{Value: big.NewRat(share.Num, share.Den)},
			How:    fmt.Sprintf("%s x share %d/%d, to the micro-unit by the largest remainder", with(n.Value, n.Unit), share.Num, share.Den),
		}
		n.Label, n.Kind, n.Name = "the whole meter", WholeMeter, ""
		part.Children = []*Node{n}
		return part
	}
	return nil
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
