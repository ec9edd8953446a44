package explain

import (
	"fmt"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

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
