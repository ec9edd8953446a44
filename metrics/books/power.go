package books

import "jouleline/schema"

// power judges an instantaneous rate: it holds between two readings, by the
// meter's setting as the mean of both ends or as the earlier value. Beyond the
// gap limit time is missing, never integrated (rule 4).
func (j *judge) power(i int) {
	p := &j.points[i]
	factor, ok := toCanonical(p.Unit, j.era, j.Multiplier)
	if !ok {
		j.out.Codes[i] = schema.IncompatibleUnit
		return
	}
	perHour, ok := scale(p.Value, p.Original, factor)
	switch {
	case !ok:
		j.out.Codes[i] = schema.OutOfRange
		return
	case perHour < 0:
		j.out.Codes[i] = schema.Negative
		return
	case j.era.MaxRate > 0 && perHour > j.era.MaxRate:
		j.out.Codes[i] = schema.Spike
		return
	}
	m := Mark{p.Time, p.Value, perHour}
	if j.HasHead {
		dt := p.Time.Sub(j.Head.Time)
		if dt <= 0 {
			j.out.Codes[i] = schema.Overlap
			return
		}
		if dt <= j.era.GapLimit {
			twice := j.Head.Amount * 2
			if j.era.Hold == schema.HoldMean {
				twice = j.Head.Amount + perHour
			}
			if q, ok := schema.MulDiv(twice, dt, 2*schema.Hour); ok {
				j.emit(j.Head.Time, p.Time, q, false, Integrated)
			}
		}
	}
	j.Head, j.HasHead = m, true
}
