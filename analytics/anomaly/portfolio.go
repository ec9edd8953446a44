package anomaly

import (
	"fmt"
	"math"

	"jouleline/analytics"
	"jouleline/analytics/orderstat"
)

// FalseDiscoveryRate is the share of false ones among the unusual hours that a
// portfolio reports for a day, at most and on average.
const FalseDiscoveryRate = .05

// Test is one chance finding of a portfolio: which meter, on which day, and how
// probable as much is where nothing is wrong. A meter may have several on a day.
type Test struct {
	Meter, Day int
	P          float64
}

// Discover tells which tests of a portfolio may be reported: day by day those that
// [BenjaminiHochberg] lets past at q among all meters that were looked at, whether
// they have a test on that day or not. Of a meter's tests on one day the least
// probable speaks for all, so P must already allow for the hours of the day, as
// [Finding.P] does. Asked of more meters, the same finding must be less probable to
// be reported: of a thousand meters some look odd on any day.
func Discover(tests []Test, meters int, q float64) ([]bool, error) {
	type key struct{ day, meter int }
	least := map[key]float64{}
	byDay := map[int][]int{} // the meters that have a test, each once
	for _, t := range tests {
		k := key{t.Day, t.Meter}
		p, ok := least[k]
		if !ok {
			byDay[t.Day] = append(byDay[t.Day], t.Meter)
			p = 1
		}
		least[k] = min(p, t.P)
	}
	reported := map[key]bool{}
	for day, tested := range byDay {
		if len(tested) > meters {
			return nil, &analytics.InputError{Op: op + " portfolio", What: "meters", Index: -1, Got: fmt.Sprint(meters), Want: fmt.Sprintf("at least the %d that have a test on one day", len(tested))}
		}
		p := make([]float64, meters)
		for i := range p {
			p[i] = 1
		}
		for i, meter := range tested {
			p[i] = least[key{day, meter}]
		}
		kept, err := BenjaminiHochberg(p, q)
		if err != nil {
			return nil, err
		}
		for i, meter := range tested {
			reported[key{day, meter}] = kept[i]
		}
	}
	out := make([]bool, len(tests))
	for i, t := range tests {
		out[i] = reported[key{t.Day, t.Meter}]
	}
	return out, nil
}

// dayTail is how the days of one meter reach their most unusual hour: above limit,
// which a share of the days passes, like a power law with an exponent.
type dayTail struct{ share, limit, exponent float64 }

// tailShare is the part of the days that counts as the tail.
const tailShare = .1

// dayTail fits the tail of the largest |z| of each day (Hill, Annals of Statistics 3
// (1975), 1163-1174), by the median of the log excesses over ln 2 instead of their
// mean, so that the odd days themselves do not make it heavy. Every meter has its
// own: holidays, weather and whole units make one wilder than another.
func (c *calendar) dayTail(z []float64) dayTail {
	most := make([]float64, len(c.hours))
	for i, h := range c.flat {
		if v := math.Abs(z[i]); v > most[h.day] && !math.IsInf(v, 0) {
			most[h.day] = v
		}
	}
	var days []float64
	for _, v := range most {
		if v > 0 {
			days = append(days, v)
		}
	}
	n := int(tailShare * float64(len(days)))
	if n < 3 {
		return dayTail{} // too few days to tell: Student's tail speaks alone
	}
	days = orderstat.Sorted(days)
	t := dayTail{share: tailShare, limit: days[len(days)-n-1]}
	var excess []float64
	for _, v := range days[len(days)-n:] {
		excess = append(excess, math.Log(v/t.limit))
	}
	t.exponent = math.Ln2 / orderstat.Median(excess)
	return t
}

// p is how probable it is that the most unusual hour of a day reaches z: the more
// cautious of the meter's own tail and of 24 hours of [TailP] (Sidak: 1 - (1-p)^24).
func (t dayTail) p(z float64) float64 {
	student := -math.Expm1(24 * math.Log1p(-min(TailP(z), 1-1e-12)))
	if !(t.limit > 0) || z <= t.limit {
		return max(student, t.share)
	}
	return max(student, t.share*math.Pow(z/t.limit, -t.exponent))
}
