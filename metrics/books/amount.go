package books

import "jouleline/schema"

// trimSeconds and trimShare bound the overlap that is taken for a clock that is
// a little off: the greater of 2 s and 1 % of the interval (rule 3).
const (
	trimMillis = 2 * schema.Second
	trimShare  = 100
)

// amount judges a delta or a bill: it covers its own stretch, and one that
// covers time that is covered already waits.
func (j *judge) amount(i int) {
	p := &j.points[i]
	factor, ok := toCanonical(p.Unit, j.era, j.Multiplier)
	if !ok {
		j.out.Codes[i] = schema.IncompatibleUnit
		return
	}
	q, ok := scale(p.Value, p.Original, factor)
	if !ok {
		j.out.Codes[i] = schema.OutOfRange
		return
	}
	start, covered := p.Start, schema.MinInstant
	if j.HasHead {
		covered = j.Head.Time
	}
	if j.meter.eraBefore(j.era) != nil {
		covered = max(covered, j.era.From) // the kind before has the books of it
	}
	cause := Measured
	if j.era.Kind == schema.Bill {
		cause = Billed
	}
	switch {
	case q < 0:
		j.out.Codes[i] = schema.Negative
		return
	case start >= p.Time:
		j.out.Codes[i] = schema.BadStart
		return
	case !j.era.Plausible(q, p.Time.Sub(start), 0):
		j.out.Codes[i] = schema.Spike
		return
	case start < covered:
		allowed := int64(0)
		if j.era.Kind == schema.Delta {
			allowed = max(trimMillis, j.era.Interval/trimShare)
		}
		if covered.Sub(start) > allowed || covered >= p.Time {
			j.out.Codes[i] = schema.Overlap
			return
		}
		start = covered
	}
	j.emit(start, p.Time, q, false, cause)
	j.Head, j.HasHead = Mark{Time: p.Time}, true
}
