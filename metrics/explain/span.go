package explain

import (
	"fmt"
	"slices"
	"sort"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// span opens the part of a span that lies in [from, to).
func (m *Meter) span(s *books.Span, from, to schema.Instant, part schema.Quantity, unit string) *Node {
	zone := m.Facts.Zone.Location()
	n := &Node{
		Label: fmt.Sprintf("%s to %s", from.Time().In(zone).Format("15:04:05"), to.Time().In(zone).Format("15:04:05")), Kind: OfSpan,
		Value: units(part), Unit: unit, From: from, To: to, Known: to.Sub(from), Source: "metered",
	}
	o := opening{m: m, s: s, n: n, era: m.Facts.EraAt(s.To)}
	o.events()
	o.readings()
	n.How = o.how()
	if s.Estimated {
		n.Estimated = units(part)
		if o.era != nil && o.era.GapLimit > 0 && s.To.Sub(s.From) > o.era.GapLimit {
			o.rule(GapLimit)
		}
	}
	n.Notes = append(n.Notes, m.flagsIn(from, to)...)
	if o.era != nil && o.era.Learned != nil && s.Cause == books.RolledOver {
		l := o.era.Learned
		n.Notes = append(n.Notes, fmt.Sprintf("a rollover by the learned rate of %s %s/h, from %s, version %s, by %s: %s", l.MaxRate, o.era.Unit, l.From, l.Version, l.Author, l.Reason))
	}
	if from > s.From || to < s.To {
		o.cut()
		n.How = fmt.Sprintf("part of %s %s from %s to %s: %s", s.Quantity, unit, s.From.Format(zone), s.To.Format(zone), n.How)
	}
	return n
}

// cut names the course that a part was cut by.
func (o *opening) cut() {
	if o.s.Shape == nil {
		o.rule(LinearCut)
		return
	}
	o.rule(ProfileCut)
	p := o.s.Shape.Profile
	o.n.Notes = append(o.n.Notes, fmt.Sprintf("filled by the profile from %s, version %s, by %s: %s", p.From, p.Version, p.Author, p.Reason))
}

// opening finds what a span was made of.
type opening struct {
	m   *Meter
	s   *books.Span
	n   *Node
	era *books.Era
	// begin and end are the readings at the ends; before and after the events
	// there. Each may be nil.
	begin, end    *posting.Reading
	before, after *schema.Event
}

func (o *opening) rule(r Rule) {
	if !slices.Contains(o.n.Rules, r) {
		o.n.Rules = append(o.n.Rules, r)
	}
}

// events lists the events in and at the ends of the span.
func (o *opening) events() {
	for i := range o.m.Facts.Events {
		e := &o.m.Facts.Events[i]
		if e.Time < o.s.From || e.Time > o.s.To {
			continue
		}
		o.n.Events = append(o.n.Events, *e)
		switch {
		case e.Time == o.s.From && o.s.Cause != books.Measured:
			o.before = e
		case e.Time == o.s.To:
			o.after = e
		}
	}
}

// readings lists the stored readings in the span, each with its part in it.
func (o *opening) readings() {
	stored := o.m.Evidence.Readings
	first := sort.Search(len(stored), func(i int) bool { return stored[i].Time >= o.s.From })
	for first < len(stored) && stored[first].Time <= o.s.To {
		end := first + 1
		for end < len(stored) && sameReading(&stored[first].Point, &stored[end].Point) {
			end++
		}
		o.versions(stored[first:end])
		first = end
	}
}

// versions adds all versions of one reading.
func (o *opening) versions(all []posting.Reading) {
	won := &all[len(all)-1]
	role, code := o.role(won)
	if role == "" {
		return
	}
	if len(all) > 1 && o.isEnd(role) && !saysTheSame(&all[0].Point, &won.Point) {
		o.rule(Corrected)
	}
	same := len(all) - 1
	for same > 0 && saysTheSame(&all[same-1].Point, &won.Point) {
		same--
	}
	for i := range all {
		r := Reading{Role: role, Code: code, Reading: all[i]}
		switch {
		case i < same:
			r.Role, r.Code = Superseded, schema.Superseded
		case i > same:
			r.Role, r.Code = Repeated, schema.Duplicate
		}
		o.n.Readings = append(o.n.Readings, r)
	}
}

func (o *opening) isEnd(role Role) bool { return role != SetAside }

// role tells what the version that counts has to do with the span, "" where
// nothing.
func (o *opening) role(won *posting.Reading) (Role, schema.Code) {
	inside := o.s.From < won.Time && won.Time < o.s.To
	if won.Deleted {
		if inside {
			return SetAside, schema.Deleted
		}
		return "", ""
	}
	code, ok := o.code(&won.Point)
	if !ok {
		return "", ""
	}
	if !isBooked(code) || o.era == nil || won.Kind != o.era.Kind {
		if inside {
			o.rule(PassedOver)
			return SetAside, code
		}
		return "", ""
	}
	switch {
	case won.Kind.HasStart():
		if won.Time != o.s.To {
			return "", ""
		}
		o.end = won
		return Covers, code
	case won.Time == o.s.To && o.end == nil:
		o.end = won
		return End, code
	case won.Time == o.s.From && !o.isBefore(won):
		o.begin = won
		return Begin, code
	}
	return "", ""
}

// isBefore tells that a reading at the beginning belongs to the register before
// an event there.
func (o *opening) isBefore(won *posting.Reading) bool {
	return o.before != nil && (o.before.HasFinal && won.Value == o.before.Final || o.before.HasInitial && won.Value != o.before.Initial)
}

// code finds what judging said of a winner.
func (o *opening) code(p *books.Point) (schema.Code, bool) {
	e := o.m.Evidence
	i, ok := slices.BinarySearchFunc(e.Winners, *p, func(w, p books.Point) int { return books.Compare(&w, &p) })
	if !ok {
		return "", false
	}
	return e.Codes[i], true
}

// isBooked tells that a reading with a code is an end of spans.
func isBooked(code schema.Code) bool {
	return code == schema.Accepted || code == schema.Settled || code == schema.UnexplainedFall || code == schema.UnexplainedRise
}

func sameReading(a, b *books.Point) bool {
	return a.Time == b.Time && a.Kind == b.Kind && a.Register == b.Register && a.Start == b.Start
}

func saysTheSame(a, b *books.Point) bool {
	return a.Value == b.Value && a.Unit == b.Unit && a.Original == b.Original && a.Deleted == b.Deleted
}
