package registry

import (
	"cmp"
	"math/big"
	"strings"

	"jouleline/schema"
)

var shareColumns = []column{{"meter", true}, {"target", true}, {"share", true}, {"valid_from", false}}

// meterVersions holds the versions of each meter against its first one: a meter
// is one measuring point of one carrier with one calendar.
func (b *builder) meterVersions(d *dated[schema.Meter]) {
	first := 0
	for i := 1; i < len(d.rows); i++ {
		if d.rows[i].ID != d.rows[first].ID {
			first = i
			continue
		}
		m, was := &d.rows[i], &d.rows[first]
		if m.Carrier != was.Carrier {
			b.badLine(MetersFile, d.lines[i], "carrier", "got %s, and %s in line %d: another carrier is another meter", m.Carrier, was.Carrier, d.lines[first])
		}
		if m.Multiplier != was.Multiplier {
			b.badLine(MetersFile, d.lines[i], "multiplier", "got %s, and %s in line %d: a later multiplier is an event in %s",
				ratioText(m.Multiplier), ratioText(was.Multiplier), d.lines[first], EventsFile)
		}
		if here, there := b.reg.zoneOf(m.Building), b.reg.zoneOf(was.Building); here.String() != there.String() {
			b.badLine(MetersFile, d.lines[i], "building", "got time zone %s, and %s in line %d: a meter keeps one calendar", here, there, d.lines[first])
		}
	}
}

// meterParents checks the parents and the meters that a bill reconciles, once
// all meters are known.
func (b *builder) meterParents(d *dated[schema.Meter]) {
	for i := range d.rows {
		m := &d.rows[i]
		for _, link := range []struct{ field, id string }{{"parent", m.Parent}, {"reconciles", m.Reconciles}} {
			if link.id == "" {
				continue
			}
			row, ok := b.reg.meters[link.id]
			switch {
			case !ok:
				if !b.known(MetersFile, b.reg.meters, link.id) {
					b.badLine(MetersFile, d.lines[i], link.field, "got %q, which is not in %s", link.id, MetersFile)
				}
			case link.id == m.ID && link.field == "reconciles":
				b.badLine(MetersFile, d.lines[i], link.field, "%q cannot reconcile itself", m.ID)
			case d.rows[row].Carrier != m.Carrier:
				b.badLine(MetersFile, d.lines[i], link.field, "%q meters %s, want %s as %q", link.id, d.rows[row].Carrier, m.Carrier, m.ID)
			}
		}
	}
	d.acyclic(b, func(m *schema.Meter) string { return m.Parent }, b.reg.parentOf)
	b.meterFormulas(d)
}

// shares reads which part of a meter belongs to which building or institution.
func (b *builder) shares() {
	const (
		meter = iota
		target
		share
		from
	)
	d := &lined[schema.Share]{compare: func(s, t *schema.Share) int {
		return cmp.Or(strings.Compare(s.Meter, t.Meter), cmp.Compare(s.From, t.From), strings.Compare(s.Target, t.Target))
	}}
	b.read(SharesFile, func(r *row) string {
		s := schema.Share{
			Meter:  b.reference(r, meter, MetersFile, b.reg.meters),
			Target: b.shareTarget(r, target),
			Share:  r.share(share),
			From:   r.day(from, schema.Always),
		}
		if !r.failed {
			d.add(s, r.line)
		}
		return ""
	})
	d.settle(func(s *schema.Share, line, earlier int32) {
		b.badLine(SharesFile, line, "meter", "%q for %q stands in line %d already with the same valid_from", s.Meter, s.Target, earlier)
	})
	b.shareSums(d)
	b.reg.Shares = d.rows
}

// shareSums refuses more than the whole of a meter on any day. A share holds
// until the next one of the same meter and target.
func (b *builder) shareSums(d *lined[schema.Share]) {
	held := map[string]*big.Rat{}
	for i := range d.rows {
		s := &d.rows[i]
		if i > 0 && d.rows[i-1].Meter != s.Meter {
			clear(held)
		}
		held[s.Target] = big.NewRat(s.Share.Num, s.Share.Den)
		if i+1 < len(d.rows) && d.rows[i+1].Meter == s.Meter && d.rows[i+1].From == s.From {
			continue
		}
		total := new(big.Rat)
		for _, part := range held {
			total.Add(total, part)
		}
		if total.Cmp(big.NewRat(1, 1)) > 0 {
			b.badLine(SharesFile, d.lines[i], "share", "the shares of %q from then on add up to %s, want at most 1", s.Meter, total.FloatString(6))
		}
	}
}

func (b *builder) shareTarget(r *row, c int) string {
	id := r.text(c)
	if id != "" && !b.known(BuildingsFile, b.reg.buildings, id) && !b.known(InstitutionsFile, b.reg.institutions, id) {
		r.bad(c, "got %q, which is neither in %s nor in %s", id, BuildingsFile, InstitutionsFile)
	}
	return b.keep(id)
}

// maxShareDen bounds a share to six decimals, so that sums of shares stay exact.
const maxShareDen = 1_000_000

// share gives a part from 0 to 1. 0 ends a share.
func (r *row) share(c int) schema.Ratio {
	text := r.text(c)
	if text == "" {
		return schema.Ratio{}
	}
	if d, err := schema.ParseDecimal(text); err == nil && d.Mantissa == 0 {
		return schema.Ratio{Num: 0, Den: 1}
	}
	part := r.ratio(c)
	switch {
	case part.Num > part.Den:
		r.bad(c, "got %s, want a part from 0 to 1", text)
	case part.Den > maxShareDen:
		r.bad(c, "got %s, want at most six decimals", text)
	}
	return part
}
