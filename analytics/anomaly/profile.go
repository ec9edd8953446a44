package anomaly

import (
	"math"
	"time"

	"jouleline/analytics/orderstat"
)

// Profile describes a building's load, per hour in the meter's unit. Fields that
// the data do not hold are zero and named in Missing.
type Profile struct {
	Mean          float64
	NearBase      float64 // P2.5 of the hours (LBNL-3713E)
	NearPeak      float64 // P97.5
	NightBase     float64 // P10 of 01 to 05 h on workdays
	WeekendRatio  float64 // mean hour of weekends over that of workdays
	OutOfHours    float64 // share used outside 07 to 19 h on workdays and at weekends
	NightExcess   float64 // a year's use above the best quarter of nights: see [NewProfile]
	Days, Known   int     // days covered; hours known
	Missing       []string
	MonthlyPeak   []float64   // P97.5 of each calendar month, NaN with under half of its hours
	MonthlyFirsts []time.Time // their first days, local
}

const workFrom, workTo = 7, 19

// NewProfile computes the load figures. NightExcess is sum over nights of max(0,
// median night hour - P25 of all nights) over the hours from 22 to 06 h, scaled to
// a year: what would be saved if every night were like the best quarter.
func NewProfile(s Series, loc *time.Location) (*Profile, error) {
	c, err := newCalendar(s, loc, 0)
	if err != nil {
		return nil, err
	}
	return c.profile(), nil
}

func (c *calendar) profile() *Profile {
	p := &Profile{Days: len(c.hours)}
	var known, nights []float64
	var work, rest, out, total float64
	var nWork, nRest int
	for d := range c.hours {
		for h, v := range c.hours[d] {
			if math.IsNaN(v) {
				continue
			}
			known = append(known, v)
			total += v
			if c.workday(d) {
				work += v
				nWork++
				if h >= nightFrom && h < nightTo {
					nights = append(nights, v)
				}
				if h < workFrom || h >= workTo {
					out += v
				}
			} else {
				rest += v
				nRest++
				out += v
			}
		}
	}
	p.Known = len(known)
	missing := func(name string) { p.Missing = append(p.Missing, name) }
	if len(known) == 0 {
		missing("all")
		return p
	}
	p.Mean = total / float64(len(known))
	sorted := orderstat.Sorted(known)
	p.NearBase = orderstat.Quantile(sorted, .025, orderstat.Type7)
	p.NearPeak = orderstat.Quantile(sorted, .975, orderstat.Type7)
	if len(nights) > 0 {
		p.NightBase = orderstat.Quantile(orderstat.Sorted(nights), .1, orderstat.Type7)
	} else {
		missing("night_base")
	}
	if nWork > 0 && nRest > 0 && work > 0 {
		p.WeekendRatio = rest / float64(nRest) / (work / float64(nWork))
	} else {
		missing("weekend_ratio")
	}
	if total > 0 {
		p.OutOfHours = out / total
	} else {
		missing("out_of_hours")
	}
	p.nightExcess(c.level(nightFrom, nightTo))
	p.peaks(c)
	return p
}

const nightHours = 8 // 22 to 06 h

func (p *Profile) nightExcess(level []float64) {
	known := orderstat.Sorted(orderstat.Finite(level))
	if len(known) < minDays {
		p.Missing = append(p.Missing, "night_excess")
		return
	}
	best := orderstat.Quantile(known, .25, orderstat.Type7)
	for _, v := range known {
		p.NightExcess += max(v-best, 0) * nightHours
	}
	p.NightExcess *= 365 / float64(len(known))
}

func (p *Profile) peaks(c *calendar) {
	var month []float64
	var first time.Time
	hours := 0
	flush := func() {
		if hours == 0 {
			return
		}
		peak := math.NaN()
		if 2*len(month) >= hours && hours >= 14*24 {
			peak = orderstat.Quantile(orderstat.Sorted(month), .975, orderstat.Type7)
		}
		p.MonthlyPeak, p.MonthlyFirsts = append(p.MonthlyPeak, peak), append(p.MonthlyFirsts, first)
		month, hours = month[:0], 0
	}
	for d := range c.hours {
		y, m, _ := time.Unix(c.start[d], 0).In(c.loc).Date()
		begin := time.Date(y, m, 1, 0, 0, 0, 0, c.loc)
		if begin != first {
			flush()
			first = begin
		}
		for _, v := range c.hours[d] {
			hours++
			if !math.IsNaN(v) {
				month = append(month, v)
			}
		}
	}
	flush()
}

// growth finds a peak that grew from year to year: at least six months with their
// namesakes a year before, a median growth of peakGrowth and more, and no more than
// one month that did not grow.
func (p *Profile) growth(c *calendar) []Finding {
	var ratios, steps []float64
	var f Finding
	fell := 0
	for i := 12; i < len(p.MonthlyPeak); i++ {
		before, after := p.MonthlyPeak[i-12], p.MonthlyPeak[i]
		if math.IsNaN(before) || math.IsNaN(after) || before <= 0 {
			continue
		}
		if len(ratios) == 0 {
			f.From = p.MonthlyFirsts[i].Unix()
		}
		f.To = p.MonthlyFirsts[i].AddDate(0, 1, 0).Unix()
		ratios, steps = append(ratios, after/before), append(steps, after-before)
		if after <= before {
			fell++
		}
		f.addEvidence(Point{p.MonthlyFirsts[i].Unix(), after, before})
	}
	if len(ratios) < 6 || fell > 1 || orderstat.Median(ratios) < 1+peakGrowth {
		return nil
	}
	f.Cause, f.Severity, f.PerHour = PeakGrowth, Info, orderstat.Median(steps)
	f.Detail = "the monthly peaks grew against the year before"
	f.To = min(f.To, c.start[len(c.start)-1])
	return []Finding{f}
}

const peakGrowth = .1
