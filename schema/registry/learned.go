package registry

import (
	"cmp"
	"sort"
	"strings"

	"jouleline/schema"
)

var learnedColumns = []column{
	{"meter", true}, {"valid_from", true}, {"max_rate", true}, {"learned_from", false}, {"learned_to", false},
	{"version", true}, {"author", true}, {"reason", true},
}

// learned reads rates that were learned from a stretch of readings. They are
// facts like any other: dated, with an author and a reason.
func (b *builder) learned() {
	const (
		meter = iota
		from
		maxRate
		learnedFrom
		learnedTo
		version
		author
		reason
	)
	d := &lined[schema.LearnedRate]{compare: func(l, k *schema.LearnedRate) int {
		return cmp.Or(strings.Compare(l.Meter, k.Meter), cmp.Compare(l.From, k.From))
	}}
	b.read(LearnedFile, func(r *row) string {
		l := schema.LearnedRate{
			Meter:   b.reference(r, meter, MetersFile, b.reg.meters),
			From:    r.day(from, schema.Always),
			Learned: r.validity(learnedFrom, learnedTo),
			Version: b.keep(r.text(version)),
			Author:  b.keep(r.text(author)),
			Reason:  b.keep(r.text(reason)),
		}
		rate, given := r.amount(maxRate)
		if l.MaxRate = rate; given && rate == 0 && !r.failed {
			r.bad(maxRate, "got 0, want a rate above zero")
		}
		if !r.failed {
			d.add(l, r.line)
		}
		return ""
	})
	d.settle(func(l *schema.LearnedRate, line, earlier int32) {
		b.badLine(LearnedFile, line, "valid_from", "%q has a learned rate from this day in line %d already", l.Meter, earlier)
	})
	b.reg.Learned = d.rows
}

// LearnedOf gives the learned rates of a meter in order of time.
func (r *Registry) LearnedOf(meter string) []schema.LearnedRate {
	from := sort.Search(len(r.Learned), func(i int) bool { return r.Learned[i].Meter >= meter })
	to := sort.Search(len(r.Learned), func(i int) bool { return r.Learned[i].Meter > meter })
	return r.Learned[from:to]
}
