package caltrack

import "math"

// hinge sums the heating or cooling degrees of all days for one balance point:
// h, h^2 and h(y - ybar), and how many days have any.
type hinge struct {
	h, hh, hy float64
	days      int
}

// cell sums the days whose temperature lies in (low, low+1]: distances from low
// for cooling, from low+1 for heating.
type cell struct {
	n, onEdge  int // onEdge: days at exactly low+1
	up, upup   float64
	upY        float64
	down       float64
	downdown   float64
	downY, sum float64 // sum of y
}

// hinges computes the sums for every balance point in one pass over the days and
// one over the grid. Moving a balance point by one degree adds 1 to every active
// day, so
//
//	H(b+1) = H(b) + n(b) + new,  HH(b+1) = HH(b) + 2 H(b) + n(b) + new
//
// where all terms of H and HH are positive and no digits cancel. tempsF are
// Fahrenheit, y is centred.
func hinges(tempsF, y []float64) (heating, cooling [gridSize]hinge) {
	// cells[i] is (gridLow+i-1, gridLow+i]; the first and the last one are open.
	var cells [gridSize + 1]cell
	for i, t := range tempsF {
		k := int(min(max(math.Ceil(t)-gridLow, 0), gridSize))
		c := &cells[k]
		edge := float64(gridLow + k)
		down, up := edge-t, t-(edge-1)
		c.n++
		c.sum += y[i]
		if k < gridSize {
			c.down += down
			c.downdown += down * down
			c.downY += down * y[i]
			if down == 0 {
				c.onEdge++
			}
		}
		if k > 0 {
			c.up += up
			c.upup += up * up
			c.upY += up * y[i]
		}
	}
	var n int
	var sumY float64
	var h hinge
	for b := range heating {
		c := &cells[b]
		h.hh += 2*h.h + float64(n) + c.downdown
		h.h += float64(n) + c.down
		h.hy += sumY + c.downY
		n += c.n
		sumY += c.sum
		h.days = n - c.onEdge
		heating[b] = h
	}
	n, sumY, h = 0, 0, hinge{}
	for b := gridSize - 1; b >= 0; b-- {
		c := &cells[b+1]
		h.hh += 2*h.h + float64(n) + c.upup
		h.h += float64(n) + c.up
		h.hy += sumY + c.upY
		n += c.n
		sumY += c.sum
		h.days = n
		cooling[b] = h
	}
	return heating, cooling
}

func (h *hinge) qualifies() bool { return h.days >= minNonZeroDays && h.h >= minDegreeDays }

// searchDaily scores all candidates. As heating <= cooling, no day has both kinds
// of degrees, so the cross sum of the columns is zero before centring and each
// pair costs a 2x2 solve.
func searchDaily(tempsF, y []float64, meanY float64, s Settings) *scores {
	n := float64(len(y))
	m := moments{n: n, meanY: meanY}
	var syy float64
	for _, v := range y {
		syy += v * v
	}
	m.setY(syy)
	out := new(scores)
	for i := range out {
		out[i] = math.NaN()
	}
	if meanY >= 0 {
		out[0] = 0
	}
	heating, cooling := hinges(tempsF, y)
	for b := range gridSize {
		h, c := &heating[b], &cooling[b]
		if !s.NoHeating && h.qualifies() {
			out[firstHDD+b] = m.one(h.h/n, h.hh-h.h*h.h/n, h.hy)
		}
		if !s.NoCooling && c.qualifies() {
			out[firstCDD+b] = m.one(c.h/n, c.hh-c.h*c.h/n, c.hy)
		}
	}
	if s.NoHeating || s.NoCooling {
		return out
	}
	for ci := range cooling {
		c := &cooling[ci]
		if !c.qualifies() {
			continue
		}
		m.meanC, m.scc, m.scy = c.h/n, c.hh-c.h*c.h/n, c.hy
		for hi := range ci + 1 {
			h := &heating[hi]
			if !h.qualifies() {
				continue
			}
			m.meanH, m.shh, m.shy = h.h/n, h.hh-h.h*h.h/n, h.hy
			m.shc = -h.h * c.h / n
			out[bothIndex(hi, ci)] = m.both()
		}
	}
	return out
}
