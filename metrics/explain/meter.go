package explain

import (
	"fmt"
	"math/big"

	"jouleline/metrics/books"
	"jouleline/metrics/consumption"
	"jouleline/metrics/posting"
	"jouleline/metrics/vee"
	"jouleline/schema"
)

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
