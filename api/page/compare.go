package page

import (
	"strconv"
	"time"

	"jouleline/schema"
)

// comparedSection holds the last month and the year so far against a year before
// and the base year.
type comparedSection struct {
	BaseYear string
	Rows     []comparedRow
	Months   *Chart // of the carrier that is shown
	Table    *Table
}

// comparedRow is one stretch of one carrier.
type comparedRow struct {
	Carrier, Stretch       string
	Now, Before, Base      Value
	SinceBefore, SinceBase Value
}

// leastCoverage is that from which two amounts are compared (rule 15).
const leastCoverage = .95

// stretchSum is what is known of some months.
type stretchSum struct {
	quantity, energy float64
	known            bool
	coverage         float64  // of the worst month; 0 where one has nothing
	mean             *float64 // of the months in which there should be something
	from, to         schema.Day
}

func (l *place) compared() *comparedSection {
	s := &comparedSection{BaseYear: strconv.Itoa(l.site.config.Plan.BaseYear)}
	for _, c := range l.carriers() {
		course, ok := l.months[c]
		if !ok {
			s.Rows = append(s.Rows, comparedRow{Carrier: l.word("carrier", c.String()), Stretch: "—", Now: Value{Why: l.T("load.nothing")}})
			continue
		}
		year, month := l.lastMonth(course, l.last[c])
		s.Rows = append(s.Rows, l.compare(c, course, year, month, month), l.compare(c, course, year, 1, month))
		if c == l.shown {
			s.Months, s.Table = l.monthly(course, c, year)
		}
	}
	return s
}

// lastMonth gives the last month that is known well enough to be compared, else
// the last of which anything is known.
func (l *place) lastMonth(course *Course, last schema.Day) (year, month int) {
	y, m, _ := last.Date()
	for i := len(course.Points) - 1; i >= 0; i-- {
		p := &course.Points[i]
		if p.Coverage != nil && *p.Coverage >= leastCoverage && p.Quantity != nil && !p.End.After(l.site.config.Now()) {
			return p.Start.Year(), int(p.Start.Month())
		}
	}
	return y, int(m)
}

// sum adds up the months from one to another of a year.
func (l *place) sum(course *Course, year, first, last int) stretchSum {
	s := stretchSum{coverage: 1, known: true, from: schema.DayOf(year, time.Month(first), 1), to: schema.DayOf(year, time.Month(last+1), 1)}
	found, months, mean := 0, 0.0, 0.0
	for i := range course.Points {
		p := &course.Points[i]
		m := int(p.Start.Month())
		if p.Start.Year() != year || m < first || m > last {
			continue
		}
		if p.Coverage != nil {
			months, mean = months+1, mean+*p.Coverage
		}
		if p.Quantity == nil || p.Coverage == nil {
			s.coverage = 0
			continue
		}
		found++
		s.quantity += *p.Quantity
		if p.EnergyKGCE != nil {
			s.energy += *p.EnergyKGCE
		}
		s.coverage = min(s.coverage, *p.Coverage)
	}
	if months > 0 {
		s.mean = ptr(mean / months)
	}
	if s.known = found > 0; found <= last-first {
		s.coverage = 0
	}
	return s
}

// compare holds a stretch of months against the same ones a year before and in
// the base year.
func (l *place) compare(c schema.Carrier, course *Course, year, first, last int) comparedRow {
	base := l.site.config.Plan.BaseYear
	row := comparedRow{Carrier: l.word("carrier", c.String()), Stretch: l.T("stretch.month", year, last)}
	if first != last || last == 1 {
		row.Stretch = l.T("stretch.year", year, last)
	}
	show := func(s stretchSum) Value {
		if !s.known {
			return Value{Why: l.T("why.no_readings")}
		}
		v := l.value(&s.quantity, course.Unit.String(), "")
		v.URL = l.opened(c, Stretch{s.from.Start(l.zone), s.to.Start(l.zone)})
		return v
	}
	now := l.sum(course, year, first, last)
	change := func(then stretchSum) Value {
		switch {
		case !then.known || !now.known:
			return Value{Why: l.T("why.no_readings")}
		case then.coverage < leastCoverage || now.coverage < leastCoverage:
			return Value{Why: l.T("why.coverage", knownPercent(min(then.coverage, now.coverage)))}
		case then.quantity <= 0:
			return Value{Why: l.T("why.zero")}
		}
		p := 100 * (now.quantity - then.quantity) / then.quantity
		v := percent(&p, "")
		if p > 0 {
			v.Text = "+" + v.Text
		}
		return v
	}
	before, then := l.sum(course, year-1, first, last), l.sum(course, base, first, last)
	row.Now, row.Before, row.Base = show(now), show(before), show(then)
	row.SinceBefore, row.SinceBase = change(before), change(then)
	return row
}

// monthly draws the months of the year, the year before and the base year.
func (l *place) monthly(course *Course, c schema.Carrier, year int) (*Chart, *Table) {
	unit := l.unit(course.Unit.String())
	data := courseData{Unit: unit}
	table := &Table{Caption: l.T("months.table", l.word("carrier", c.String())), Head: []string{l.T("month")}}
	years := []int{year, year - 1}
	if base := l.site.config.Plan.BaseYear; base < year-1 {
		years = append(years, base)
	}
	table.Rows = make([][]Value, 12)
	for m := 1; m <= 12; m++ {
		data.Labels = append(data.Labels, l.T("month.label", m))
		table.Rows[m-1] = []Value{{Text: l.T("month.label", m)}}
	}
	for _, y := range years {
		one := line{Name: strconv.Itoa(y)}
		table.Head = append(table.Head, one.Name+" ("+unit+")")
		for m := 1; m <= 12; m++ {
			s := l.sum(course, y, m, m)
			value := Value{Why: l.T("why.no_readings")}
			var drawn *float64
			if s.known {
				value, drawn = l.value(&s.quantity, "", ""), &s.quantity
			}
			one.Values = append(one.Values, drawn)
			table.Rows[m-1] = append(table.Rows[m-1], value)
		}
		data.Lines = append(data.Lines, one)
	}
	return &Chart{Kind: "months", ID: "months", Label: l.T("months.table", l.word("carrier", c.String())), Data: data}, table
}

// mixSection is what a year's energy is made of.
type mixSection struct {
	Year  string
	Chart *Chart // nil where less than two carriers count
	Rows  []mixRow
	Total Value
}

type mixRow struct {
	Carrier                           string
	Quantity, Energy, Share, Coverage Value
}

func (l *place) mix() *mixSection {
	s := &mixSection{Year: strconv.Itoa(l.year)}
	var data mixData
	total := 0.0
	sums := map[schema.Carrier]stretchSum{}
	for _, c := range l.carriers() {
		if course, ok := l.months[c]; ok {
			sums[c] = l.sum(course, l.year, 1, 12)
			total += sums[c].energy
		}
	}
	for _, c := range l.carriers() {
		sum, ok := sums[c]
		if !ok || !sum.known {
			why := l.T("why.no_readings")
			s.Rows = append(s.Rows, mixRow{l.word("carrier", c.String()), Value{Why: why}, Value{Why: why}, Value{Why: why}, Value{Why: why}})
			continue
		}
		row := mixRow{Carrier: l.word("carrier", c.String()), Quantity: l.value(&sum.quantity, l.months[c].Unit.String(), "")}
		row.Quantity.URL = l.opened(c, Stretch{sum.from.Start(l.zone), sum.to.Start(l.zone)})
		row.Coverage = share(sum.mean, l.T("why.no_meters"))
		if c.IsEnergy() {
			row.Energy, row.Share = l.value(&sum.energy, "kgce", ""), Value{Why: l.T("why.zero")}
			if total > 0 {
				row.Share = percent(ptr(100*sum.energy/total), "")
			}
			data.Parts = append(data.Parts, mixPart{row.Carrier, sum.energy})
		} else {
			row.Energy, row.Share = Value{Why: l.T("why.no_energy")}, Value{Why: l.T("why.no_energy")}
		}
		s.Rows = append(s.Rows, row)
	}
	if s.Total = (Value{Why: l.T("why.no_readings")}); len(data.Parts) > 0 {
		s.Total = l.value(&total, "kgce", "")
	}
	if len(data.Parts) > 1 {
		data.Unit = "kgce"
		s.Chart = &Chart{Kind: "mix", ID: "mix", Label: l.T("mix.label", l.year), Data: data}
	}
	return s
}

// knownPercent writes a share as percent; a little is not nothing.
func knownPercent(share float64) string {
	if share > 0 && share < .01 {
		return "< 1"
	}
	return fixed(100*share, 0)
}
