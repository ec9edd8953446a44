package learn

import (
	"math/bits"
	"slices"

	"jouleline/schema"
)

// weekOf numbers the weeks from Monday to Sunday.
func weekOf(day schema.Day) int {
	const firstMonday, week = 4, 7 // 1970-01-05
	since := int(day) - firstMonday
	if since < 0 {
		since -= week - 1
	}
	return since / week
}

// weeksOf counts the weeks of hours in order of time.
func weeksOf(hours []Hour) (n int) {
	for i, h := range hours {
		if i == 0 || weekOf(h.Day) != weekOf(hours[i-1].Day) {
			n++
		}
	}
	return n
}

// curveOf makes weights of the hours to keep; false where all of them are zero.
func curveOf(hours []Hour, keep func(Hour) bool) (weights Curve, ok bool) {
	var amounts [schema.DayTypes][hoursOfDay][]schema.Quantity
	for _, h := range hours {
		if keep(h) {
			of := &amounts[h.Day.Type()][h.Of]
			*of = append(*of, h.Quantity)
		}
	}
	var greatest schema.Quantity
	for day := range amounts {
		for of := range amounts[day] {
			weights[day][of] = midmean(amounts[day][of])
			greatest = max(greatest, weights[day][of])
		}
	}
	if greatest == 0 {
		return Curve{}, false
	}
	const steps = int64(schema.MaxProfileWeight / schema.ProfileWeightStep)
	for day := range weights {
		for of, amount := range weights[day] {
			part, _ := schema.MulDiv(amount, steps, int64(greatest)) // at most steps
			weights[day][of] = part * schema.ProfileWeightStep
		}
	}
	return weights, true
}

// midmean is the mean of the middle half of amounts of at least 0: a quarter at
// either end, rounded down, is left out. It is rounded down to a micro-unit, and 0 of
// none. It sorts them.
func midmean(amounts []schema.Quantity) schema.Quantity {
	if len(amounts) == 0 {
		return 0
	}
	slices.Sort(amounts)
	cut := len(amounts) / 4
	middle := amounts[cut : len(amounts)-cut]
	var high, low uint64 // a sum may be wider than one amount
	for _, q := range middle {
		var carry uint64
		low, carry = bits.Add64(low, uint64(q), 0)
		high += carry
	}
	mean, _ := bits.Div64(high, low, uint64(len(middle)))
	return schema.Quantity(mean)
}

// trial fills gaps of two whole days, of even weeks by what the odd ones say and the
// other way round, and gives which share of a gap's energy comes into a wrong hour, by
// profiles and by straight lines: the mean over all gaps, of which a faulty one is as
// much as any other. False where no such gap is known. A gap that the profile gives
// no weight is filled by a line, as the books do.
func trial(hours []Hour) (byProfile, byLine float64, ok bool) {
	var curves [2]Curve
	for parity := range curves {
		curves[parity], _ = curveOf(hours, func(h Hour) bool { return weekOf(h.Day)&1 != parity })
	}
	n := 0.0
	for _, gap := range gaps(hours) {
		curve := &curves[weekOf(gap[0].Day)&1]
		var sum, weight float64
		for _, h := range gap {
			sum += float64(h.Quantity)
			weight += float64(curve[h.Day.Type()][h.Of])
		}
		if sum == 0 {
			continue
		}
		n++
		for _, h := range gap {
			line := 1 / float64(len(gap))
			filled := line
			if weight > 0 {
				filled = float64(curve[h.Day.Type()][h.Of]) / weight
			}
			// what is too much in one hour is too little in another: half of the distance
			byProfile += distance(filled, float64(h.Quantity)/sum) / 2
			byLine += distance(line, float64(h.Quantity)/sum) / 2
		}
	}
	if n == 0 {
		return 0, 0, false
	}
	return byProfile / n, byLine / n, true
}

func distance(a, b float64) float64 { return max(a-b, b-a) }

// gaps gives the stretches of two neighbouring days of a week all of whose 24 hours
// are measured, of hours in order of time.
func gaps(hours []Hour) (list [][]Hour) {
	const pair = 2 * hoursOfDay
	for i := 0; i+pair <= len(hours); i++ {
		from, last := hours[i], hours[i+pair-1]
		if from.Of == 0 && last.Of == hoursOfDay-1 && last.Day == from.Day+1 && weekOf(last.Day) == weekOf(from.Day) && whole(hours[i:i+pair]) {
			list = append(list, hours[i:i+pair])
		}
	}
	return list
}

// whole tells whether each hour of days of 24 comes once.
func whole(hours []Hour) bool {
	for i, h := range hours {
		if h.Of != i%hoursOfDay {
			return false
		}
	}
	return true
}
