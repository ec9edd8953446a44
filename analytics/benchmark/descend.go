package benchmark

import (
	"math"
	"slices"
)

// descend moves along the steepest edge until none goes down. Each step lowers
// the loss, so no vertex comes twice.
func (w *walk) descend() error {
	for range 50 * len(w.x) { // a bound on rounding, never reached by honest steps
		if err := w.stand(); err != nil {
			return err
		}
		leave, direction, slope := w.steepest()
		if leave < 0 {
			return nil
		}
		enter := w.lineSearch(direction, slope)
		if enter < 0 {
			return nil
		}
		w.basis[leave] = enter
	}
	return nil
}

// steepest returns the basis position to let go, the change d of x'b per step for
// every row, and the slope of the loss along it; -1 at the optimum.
func (w *walk) steepest() (leave int, direction []float64, slope float64) {
	n, k := len(w.x), len(w.basis)
	leave = -1
	d := make([]float64, n)
	for r := range k {
		for _, sign := range []float64{1, -1} {
			var s, size float64
			for i, row := range w.x {
				var v float64
				for j, x := range row {
					v += x * w.inv.At(j, r)
				}
				v *= sign
				if math.Abs(v) < 1e-13 {
					v = 0
				}
				d[i] = v
				size += math.Abs(v)
				switch { // the residual moves by -v
				case w.rest[i] > 0:
					s -= w.tau * v
				case w.rest[i] < 0:
					s += (1 - w.tau) * v
				default:
					s += w.cost(-v)
				}
			}
			if s < slope && s < -1e-11*size {
				leave, slope, direction = r, s, slices.Clone(d)
			}
		}
	}
	return leave, direction, slope
}

// lineSearch returns the row at which the loss stops falling: each residual that
// changes its sign on the way raises the slope by |d|.
func (w *walk) lineSearch(d []float64, slope float64) int {
	type crossing struct {
		at  float64
		row int
	}
	var all []crossing
	for i, r := range w.rest {
		if r != 0 && d[i] != 0 && r/d[i] > 0 {
			all = append(all, crossing{r / d[i], i})
		}
	}
	slices.SortFunc(all, func(a, b crossing) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return a.row - b.row
	})
	for _, c := range all {
		slope += math.Abs(d[c.row])
		if slope >= 0 {
			return c.row
		}
	}
	return -1
}
