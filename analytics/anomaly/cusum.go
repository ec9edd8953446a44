package anomaly

import (
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// CUSUM is a tabular cumulative sum in units of sigma.
type CUSUM struct {
	High, Low []float64 // one-sided sums, both at least 0
	// Alarms are the indices at which a sum passes h; it then starts anew.
	Alarms []int
	// Onset is for each alarm the index after the sum was last zero: Page's estimate
	// of when the change began.
	Onset []int
}

// TabularCUSUM runs Page's scheme over standardised values:
//
//	High_t = max(0, High_{t-1} + x_t - k),  Low_t = max(0, Low_{t-1} - x_t - k),
//
// with alarms beyond h. k = 0.5 and h = 5 find a shift of one sigma in about ten
// values; in independent normal values they give a false alarm every 465
// (Montgomery, Introduction to Statistical Quality Control, 9.1). NaN is skipped.
func TabularCUSUM(x []float64, k, h float64) (*CUSUM, error) {
	if err := analytics.CheckNotInf(op+" cusum", "values", x); err != nil {
		return nil, err
	}
	if !(k >= 0) || !(h > 0) {
		return nil, &analytics.InputError{Op: op + " cusum", What: "k and h", Index: -1, Got: fmt.Sprintf("%v and %v", k, h), Want: "k of at least 0, h above 0"}
	}
	c := &CUSUM{High: make([]float64, len(x)), Low: make([]float64, len(x))}
	var high, low float64
	highFrom, lowFrom := 0, 0
	for t, v := range x {
		if !math.IsNaN(v) {
			if high = max(0, high+v-k); high == 0 {
				highFrom = t + 1
			}
			if low = max(0, low-v-k); low == 0 {
				lowFrom = t + 1
			}
		}
		c.High[t], c.Low[t] = high, low
		switch {
		case high > h:
			c.Alarms, c.Onset = append(c.Alarms, t), append(c.Onset, highFrom)
			high, low, highFrom, lowFrom = 0, 0, t+1, t+1
		case low > h:
			c.Alarms, c.Onset = append(c.Alarms, t), append(c.Onset, lowFrom)
			high, low, highFrom, lowFrom = 0, 0, t+1, t+1
		}
	}
	return c, nil
}

// Prewhiten removes first-order autocorrelation: x_t - rho x_{t-1} with the lag-1
// autocorrelation rho, kept between 0 and 0.95, divided by the robust standard
// deviation of the result. NaN stays NaN, and so does the value after one. It needs
// ten known values that differ.
func Prewhiten(x []float64) (white []float64, rho float64, err error) {
	known := orderstat.Finite(x)
	if len(known) < 10 {
		return nil, 0, &analytics.NotEnoughError{Op: op + " prewhitening", What: "known values", Got: len(known), Want: 10}
	}
	median, mad := orderstat.MAD(known)
	limit := 6 * orderstat.NormalMAD * mad // a wild value must not set the correlation
	var top, bottom float64
	for t := 1; t < len(x); t++ {
		a, b := x[t]-median, x[t-1]-median
		if math.Abs(a) <= limit && math.Abs(b) <= limit { // false for NaN
			top += a * b
			bottom += b * b
		}
	}
	if bottom > 0 {
		rho = min(max(top/bottom, 0), .95)
	}
	white = make([]float64, len(x))
	white[0] = math.NaN()
	for t := 1; t < len(x); t++ {
		white[t] = (x[t] - median) - rho*(x[t-1]-median)
	}
	_, spread := orderstat.MAD(orderstat.Finite(white))
	if spread == 0 {
		return nil, rho, &analytics.InputError{Op: op + " prewhitening", What: "values", Index: -1, Got: "values that do not differ", Want: "some spread"}
	}
	for t := range white {
		white[t] /= orderstat.NormalMAD * spread
	}
	return white, rho, nil
}

// OLSCUSUM tests for any change of the mean (Ploberger and Kramer, Econometrica 60
// (1992), 271-285): the largest |sum of residuals| / (s sqrt(n)), whose p value is
// that of a Brownian bridge, p = 2 sum (-1)^{j+1} exp(-2 j^2 stat^2). s is the
// standard deviation with n-1. It needs ten values without gaps. A constant series
// has statistic 0 and p 1.
func OLSCUSUM(x []float64) (statistic, p float64, err error) {
	if err := analytics.CheckFinite(op+" ols-cusum", "values", x); err != nil {
		return 0, 0, err
	}
	n := float64(len(x))
	if n < 10 {
		return 0, 0, &analytics.NotEnoughError{Op: op + " ols-cusum", What: "values", Got: len(x), Want: 10}
	}
	var mean, ss, sum float64
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		ss += (v - mean) * (v - mean)
	}
	if ss == 0 {
		return 0, 1, nil
	}
	scale := math.Sqrt(ss/(n-1)) * math.Sqrt(n)
	for _, v := range x {
		sum += v - mean
		statistic = max(statistic, math.Abs(sum)/scale)
	}
	return statistic, bridge(statistic), nil
}

// bridge is the probability that a Brownian bridge leaves [-x, x].
func bridge(x float64) float64 {
	if x < .2 {
		return 1 // 1 - 1e-12; the series alternates too long there
	}
	var p float64
	for j := 1.; j <= 100; j++ {
		term := 2 * math.Exp(-2*j*j*x*x)
		if math.Mod(j, 2) == 0 {
			term = -term
		}
		p += term
		if math.Abs(term) < 1e-17 {
			break
		}
	}
	return min(max(p, 0), 1)
}

// Break is a change of the mean at an index.
type Break struct {
	Index         int // first value of the new level
	Before, After float64
	// Gain is by how much the Bayesian information criterion is better with the
	// break than without: above 0 there is one.
	Gain float64
}

// BreakDate finds the index that splits x into two means with the least squared
// error, leaving at least margin values on either side, and the gain in BIC (two
// more parameters: the second mean and the date). It needs 2 margin values, margin
// at least 2.
func BreakDate(x []float64, margin int) (*Break, error) {
	if err := analytics.CheckFinite(op+" break", "values", x); err != nil {
		return nil, err
	}
	if margin < 2 || len(x) < 2*margin {
		return nil, &analytics.NotEnoughError{Op: op + " break", What: "values", Got: len(x), Want: 2 * max(margin, 2)}
	}
	n := float64(len(x))
	var mean, total float64
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		total += (v - mean) * (v - mean)
	}
	b := &Break{Index: margin}
	explained, sum := -1., 0.
	for i := 1; i < len(x); i++ {
		sum += x[i-1] - mean
		if i < margin || len(x)-i < margin {
			continue
		}
		k := float64(i)
		if e := sum * sum * n / (k * (n - k)); e > explained {
			explained = e
			b.Index, b.Before, b.After = i, mean+sum/k, mean-sum/(n-k)
		}
	}
	floor := 1e-24 * (total + n*mean*mean) // an exact step has no error left
	if total > floor {
		b.Gain = n*math.Log(total/max(total-explained, floor)) - 2*math.Log(n)
	} else {
		b.Gain = -2 * math.Log(n)
	}
	return b, nil
}
