package store

import "jouleline/metrics/posting"

// sharing is what a registry divides among accounts, or computes of several
// meters, by the numbers of both. The attribution leaves these days out, so what
// accounts have of them, their parts, stands in no roll-up. It is immutable.
type sharing struct {
	divisions map[int32][]posting.Division // by meter
	formulas  []posting.Formula
	terms     map[int32]bool // the meters of the formulas
	meters    []int32        // all that are divided, or stand in a formula
	isMeter   []bool         // by meter
	accounts  []int32        // that have parts
	place     []int32        // by account: where it stands among accounts, plus 1
}

// newSharing prepares a registry; nil where it divides and computes nothing.
func newSharing(n *naming) *sharing {
	p := &sharing{formulas: posting.Formulas(n.registry, n.number, n.account), divisions: map[int32][]posting.Division{}, terms: map[int32]bool{}}
	for _, d := range posting.Divide(n.registry, n.number, n.account) {
		p.divisions[d.Meter] = append(p.divisions[d.Meter], d)
		p.involve(d.Meter)
		p.credit(d.Accounts)
	}
	for i := range p.formulas {
		for _, meter := range p.formulas[i].Meters {
			p.terms[meter] = true
			p.involve(meter)
		}
		p.credit(p.formulas[i].Accounts)
	}
	if len(p.meters) == 0 {
		return nil
	}
	return p
}

func (p *sharing) involve(meter int32) {
	if p.involves(meter) {
		return
	}
	if n := int(meter) + 1 - len(p.isMeter); n > 0 {
		p.isMeter = append(p.isMeter, make([]bool, n)...)
	}
	p.isMeter[meter] = true
	p.meters = append(p.meters, meter)
}

// involves tells whether what a meter used is divided, or is computed with.
func (p *sharing) involves(meter int32) bool {
	return meter >= 0 && int(meter) < len(p.isMeter) && p.isMeter[meter]
}

func (p *sharing) credit(accounts []int32) {
	for _, a := range accounts {
		if a == posting.NoAccount || p.at(a) >= 0 {
			continue
		}
		if n := int(a) + 1 - len(p.place); n > 0 {
			p.place = append(p.place, make([]int32, n)...)
		}
		p.accounts = append(p.accounts, a)
		p.place[a] = int32(len(p.accounts))
	}
}

// at gives the place of an account among those that have parts, -1 where it has
// none.
func (p *sharing) at(account int32) int {
	if p == nil || int(account) >= len(p.place) {
		return -1
	}
	return int(p.place[account]) - 1
}
