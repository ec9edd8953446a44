package target

import (
	"fmt"
	"math"

	"jouleline/analytics"
)

// SeasonalShare returns the share of annual use that falls into each month, as the
// mean of the shares of the given full years (twelve values each), so that a mild
// and a hard year count the same. It needs one full year; the last three are
// usual. Values must not be negative and no year may be zero.
func SeasonalShare(years [][]float64) ([12]float64, error) {
	var share [12]float64
	if len(years) == 0 {
		return share, &analytics.NotEnoughError{Op: op + " season", What: "full years", Got: 0, Want: 1}
	}
	for i, year := range years {
		if err := analytics.CheckLength(op, fmt.Sprintf("months of year %d", i), len(year), 12); err != nil {
			return share, err
		}
		var total float64
		for k, v := range year {
			if !(v >= 0) || math.IsInf(v, 0) {
				return share, &analytics.InputError{Op: op, What: fmt.Sprintf("year %d", i), Index: k, Got: fmt.Sprint(v), Want: "a finite value of at least 0"}
			}
			total += v
		}
		if total == 0 {
			return share, &analytics.InputError{Op: op, What: "years", Index: i, Got: "a total of 0", Want: "use above 0"}
		}
		for k, v := range year {
			share[k] += v / total / float64(len(years))
		}
	}
	return share, nil
}

// YearToDate is where a running year stands against its path.
type YearToDate struct {
	Months  int     // complete months
	Current float64 // their use
	OnPath  float64 // the path's annual value times their seasonal share
	Gap     float64 // Current - OnPath
	Share   float64 // of the annual use that these months usually hold
	// Projected is Current over Share: the year's use if the rest runs as usual.
	Projected float64
}

// YearToDate compares the first months of a year with the same months' part of the
// path. months holds 1 to 12 values in order from January.
func (p *Path) YearToDate(year int, months []float64, share [12]float64) (*YearToDate, error) {
	if len(months) == 0 || len(months) > 12 {
		return nil, &analytics.InputError{Op: op, What: "months", Index: -1, Got: fmt.Sprintf("%d values", len(months)), Want: "1 to 12"}
	}
	if err := analytics.CheckFinite(op, "months", months); err != nil {
		return nil, err
	}
	y := &YearToDate{Months: len(months)}
	for k, v := range months {
		y.Current += v
		y.Share += share[k]
	}
	if !(y.Share > 0) {
		return nil, &analytics.InputError{Op: op, What: "seasonal share", Index: -1, Got: fmt.Sprintf("%v for %d months", y.Share, len(months)), Want: "a share above 0"}
	}
	y.OnPath = y.Share * p.At(float64(year))
	y.Gap = y.Current - y.OnPath
	y.Projected = y.Current / y.Share
	return y, nil
}

// Cumulative holds the years since the base year against the area under the path.
type Cumulative struct {
	Years  int
	Actual float64
	Budget float64 // the path's sum over the same years
	Over   float64 // Actual - Budget
	// Left is what the path allows until the target year in total, less Actual.
	Left float64
	// PerYear is Left over the years that remain; 0 where none does.
	PerYear float64
}

// Cumulative sums annual values of the years after the base year, in order
// (index 0 is the first year after it).
func (p *Path) Cumulative(annual []float64) (*Cumulative, error) {
	if len(annual) == 0 {
		return nil, &analytics.NotEnoughError{Op: op + " cumulative", What: "annual values", Got: 0, Want: 1}
	}
	if err := analytics.CheckFinite(op, "annual values", annual); err != nil {
		return nil, err
	}
	c := &Cumulative{Years: len(annual), Budget: p.Budget(p.baseYear+1, p.baseYear+len(annual))}
	for _, v := range annual {
		c.Actual += v
	}
	c.Over = c.Actual - c.Budget
	c.Left = p.Budget(p.baseYear+1, max(p.targetYear, p.baseYear+len(annual))) - c.Actual
	if remain := p.targetYear - p.baseYear - len(annual); remain > 0 {
		c.PerYear = c.Left / float64(remain)
	}
	return c, nil
}
