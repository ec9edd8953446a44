package indicator

import (
	"math/bits"

	"jouleline/metrics/exact"
)

// status is how well a content of one institution is known on one side.
type status uint8

const (
	// silent: nothing is known, and nothing says that there should be something.
	silent status = iota
	// lacking: something is missing altogether.
	lacking
	// thin: everything has a figure, some of them metered below the threshold.
	thin
	// full: everything is metered well enough, or declared.
	full
)

// account is what an institution, or a region of its own, has of a content.
type account struct {
	status          status
	sources         sources
	hasMeters       bool // some figure is, or should be, metered
	known, expected int64
	num, estimated  exact.Sum // micro-units x scale
}

// part is the accounts of the slots that always come together.
type part struct {
	seen, lacks, thins bool
	hasMeters          bool
	sources            sources
	known, expected    int64
	// By coin; water has only the first, in micro-m3.
	sums, estimated [2]exact.Sum
	unpriced        [2]bool // the factor set does not know a carrier
}

// What quantities are weighted in.
const (
	inCoal   = iota // micro-kgce x scale
	inCarbon        // micro-kgCO2 x scale
)

// The parts.
const (
	waterPart = iota
	buildingPart
	vehiclePart
	partCount
)

func partOf(at slot) int {
	switch {
	case waterSlots.has(at):
		return waterPart
	case at.isVehicle():
		return vehiclePart
	}
	return buildingPart
}

// serve decides which figure serves for each due slot of a slate (rule 14:
// metered where the coverage is enough, else declared, else metered with its
// coverage, never both) and adds up the contents. grid is the position of the
// grid factor, -1 where the set knows none; length the period in milliseconds.
// It gives the slots that lack a figure.
func (w *weights) serve(s *slate, due slotSet, grid int32, enough exact.Threshold, length int64, to *[contentCount]account) slotSet {
	var parts [partCount]part
	var lacks slotSet
	for rest := due; rest != 0; rest &= rest - 1 {
		at := slot(bits.TrailingZeros32(uint32(rest)))
		p := &parts[partOf(at)]
		p.seen = true
		m := s.slot(at)
		expected := max(m.expected, m.known)
		has := s.data.has(at)
		// A meter that the registry does not expect speaks for itself.
		sufficient := has && (expected == 0 || enough.Met(m.known, expected))
		switch {
		case !sufficient && s.claimed.has(at):
			p.sources |= declared
			p.known += length
			p.expected += length
			w.weigh(p, at, grid, int64(s.claim[at]), 0)
		case has:
			p.thins = p.thins || !sufficient
			p.sources |= metered
			p.hasMeters = true
			p.known += m.known
			p.expected += expected
			w.weigh(p, at, grid, int64(m.quantity), int64(m.estimated))
		default:
			p.lacks = true
			p.hasMeters = p.hasMeters || expected > 0
			p.expected += expected
			lacks |= at.set()
		}
	}
	to[water].open(&parts[waterPart], inCoal)
	to[buildingEnergy].open(&parts[buildingPart], inCoal)
	to[allEnergy].open(&parts[buildingPart], inCoal)
	to[allEnergy].join(&parts[vehiclePart], inCoal)
	to[carbon].open(&parts[buildingPart], inCarbon)
	if w.carbonWithVehicles {
		to[carbon].join(&parts[vehiclePart], inCarbon)
	}
	if s.hasEnergy || s.hasCarbon {
		w.declareTotals(s, &parts[vehiclePart], length, to)
	}
	return lacks
}

// weigh adds a quantity to a part, times its factors.
func (w *weights) weigh(p *part, at slot, grid int32, quantity, estimated int64) {
	if waterSlots.has(at) {
		p.sums[inCoal].Add(quantity)
		p.estimated[inCoal].Add(estimated)
		return
	}
	coal, carbon := w.coal[at], w.carbon[at]
	switch {
	case !gridSlots.has(at):
		p.unpriced[inCarbon] = p.unpriced[inCarbon] || !w.carbonKnown.has(at)
	case grid >= 0:
		carbon = w.gridWeight[grid]
	default:
		p.unpriced[inCarbon] = true
	}
	p.unpriced[inCoal] = p.unpriced[inCoal] || !w.coalKnown.has(at)
	p.sums[inCoal].AddMul(quantity, coal)
	p.sums[inCarbon].AddMul(quantity, carbon)
	if estimated != 0 {
		p.estimated[inCoal].AddMul(estimated, coal)
		p.estimated[inCarbon].AddMul(estimated, carbon)
	}
}

// status tells how well a part is known.
func (p *part) status(coin int) status {
	switch {
	case !p.seen:
		return silent
	case p.lacks || p.unpriced[coin]:
		return lacking
	case p.thins:
		return thin
	}
	return full
}

// open sets an account to that of a part.
func (a *account) open(p *part, coin int) {
	a.status, a.sources, a.hasMeters = p.status(coin), p.sources, p.hasMeters
	a.known, a.expected = p.known, p.expected
	a.num, a.estimated = p.sums[coin], p.estimated[coin]
}

// join adds the part of vehicles. Vehicle fuel alone is not the energy of an
// institution: who has no figure of its buildings lacks one.
func (a *account) join(p *part, coin int) {
	if !p.seen {
		return
	}
	if a.status = min(a.status, p.status(coin)); a.status == silent {
		a.status = lacking
	}
	a.sources |= p.sources
	a.hasMeters = a.hasMeters || p.hasMeters
	a.known += p.known
	a.expected += p.expected
	a.num.AddSum(p.sums[coin])
	a.estimated.AddSum(p.estimated[coin])
}

// declareTotals lets declared totals serve where the carriers do not tell
// everything. Declared energy includes vehicle fuel, as the total of the forms
// does; without it the energy of buildings is known only where the vehicle fuel
// is, or where there never was any.
func (w *weights) declareTotals(s *slate, vehicles *part, length int64, to *[contentCount]account) {
	if s.hasEnergy {
		total := exact.Product(int64(s.energy), w.scale)
		replace(&to[allEnergy], total, length)
		if known := vehicles.status(inCoal); known == full || known == silent {
			replace(&to[buildingEnergy], total.Minus(vehicles.sums[inCoal]), length)
		}
	}
	if s.hasCarbon {
		replace(&to[carbon], exact.Product(int64(s.carbon), w.scale), length)
	}
}

func replace(a *account, total exact.Sum, length int64) {
	if a.status != full {
		*a = account{status: full, sources: declared, known: length, expected: length, num: total}
	}
}
