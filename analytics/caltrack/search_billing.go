package caltrack

import "math"

// period is one bill as the fit sees it: use per day, days, and the mean degree
// days per day for every balance point.
type period struct {
	use, days        float64
	heating, cooling [gridSize]float64
}

// degreeDays fills the mean heating and cooling degrees of a period from its
// known daily means (Fahrenheit, NaN skipped) and returns how many are known.
func (p *period) degreeDays(tempsF []float64) (known int) {
	for _, t := range tempsF {
		if !math.IsNaN(t) {
			known++
		}
	}
	heating, cooling := hinges(compact(tempsF), make([]float64, len(tempsF)))
	for b := range gridSize {
		p.heating[b] = heating[b].h / float64(known)
		p.cooling[b] = cooling[b].h / float64(known)
	}
	return known
}

func compact(x []float64) []float64 {
	out := make([]float64, 0, len(x))
	for _, v := range x {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

// column is one degree-day column of all periods, centred at its weighted mean.
type column struct {
	dev       []float64
	mean      float64
	xx, xy    float64
	qualifies bool // enough degree days in total
}

// searchBilling scores all candidates by least squares weighted with the days of
// each period (CalTRACK 3.4.2). y is centred at its weighted mean.
func searchBilling(periods []period, y []float64, meanY float64, s Settings) *scores {
	n := len(periods)
	m := moments{n: float64(n), meanY: meanY}
	var total, syy float64
	for i := range periods {
		p := &periods[i] // a kilobyte each
		syy += p.days * y[i] * y[i]
		total += p.days
	}
	m.setY(syy)
	out := new(scores)
	for i := range out {
		out[i] = math.NaN()
	}
	if meanY >= 0 {
		out[0] = 0
	}
	backing := make([]float64, 2*gridSize*n)
	build := func(slot int, value func(*period) float64) column {
		c := column{dev: backing[slot*n : (slot+1)*n]}
		var sum float64
		for i := range periods {
			c.dev[i] = value(&periods[i])
			sum += periods[i].days * c.dev[i]
		}
		c.mean, c.qualifies = sum/total, sum >= minDegreeDays
		for i := range periods {
			c.dev[i] -= c.mean
			c.xx += periods[i].days * c.dev[i] * c.dev[i]
			c.xy += periods[i].days * c.dev[i] * y[i]
		}
		return c
	}
	var heating, cooling [gridSize]column
	for b := range gridSize {
		heating[b] = build(2*b, func(p *period) float64 { return p.heating[b] })
		cooling[b] = build(2*b+1, func(p *period) float64 { return p.cooling[b] })
		if h := &heating[b]; !s.NoHeating && h.qualifies {
			out[firstHDD+b] = m.one(h.mean, h.xx, h.xy)
		}
		if c := &cooling[b]; !s.NoCooling && c.qualifies {
			out[firstCDD+b] = m.one(c.mean, c.xx, c.xy)
		}
	}
	if s.NoHeating || s.NoCooling || n < minBillsTwoSlopes {
		return out
	}
	weighted := make([]float64, n)
	for ci := range cooling {
		c := &cooling[ci]
		if !c.qualifies {
			continue
		}
		for i, v := range c.dev {
			weighted[i] = periods[i].days * v
		}
		m.meanC, m.scc, m.scy = c.mean, c.xx, c.xy
		for hi := range ci + 1 {
			h := &heating[hi]
			if !h.qualifies {
				continue
			}
			m.meanH, m.shh, m.shy = h.mean, h.xx, h.xy
			m.shc = 0
			for i, v := range h.dev {
				m.shc += weighted[i] * v
			}
			out[bothIndex(hi, ci)] = m.both()
		}
	}
	return out
}
