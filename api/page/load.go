package page

import (
	"fmt"
	"math"
	"slices"
	"time"

	"jouleline/analytics/anomaly"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

const monthStep = calendar.MonthStep

// loadSection is how one carrier runs: the last week that has readings, hours of
// days, days of a year, and what that says.
type loadSection struct {
	Title    string
	Why      string // where there is no curve
	Week     *Chart
	WeekTab  *Table
	Evidence string
	Heat     *Chart
	HeatTab  *Table
	Days     *Chart
	DaysTab  *Table
	Profile  []Fact
}

// dayFormat and hourFormat write local times.
const (
	dayFormat  = "2006-01-02"
	hourFormat = "01-02 15:04"
)

func (l *place) load() (*loadSection, error) {
	s := &loadSection{Title: l.word("carrier", l.shown.String())}
	last, ok := l.last[l.shown]
	if !ok {
		s.Why = l.T("load.nothing")
		return s, nil
	}
	interval, meters := l.finest()
	if interval > schema.Hour {
		s.Why = l.T("load.coarse", l.duration(interval))
		if interval > 24*schema.Hour {
			return s, nil
		}
	} else {
		hours, err := l.hours(last, meters)
		if err != nil {
			return nil, err
		}
		if err := l.week(s, last, hours, interval); err != nil {
			return nil, err
		}
		l.heat(s, last, hours)
		l.profile(s, hours)
	}
	return s, l.days(s, last)
}

// finest gives the shortest interval of the meters of the carrier that is shown,
// and how many there are.
func (l *place) finest() (interval int64, meters int) {
	interval = math.MaxInt64
	for _, m := range l.meters {
		if m.Carrier == l.shown {
			interval = min(interval, m.Interval)
			meters++
		}
	}
	return interval, meters
}

// stretch is so many local days up to a day and with it.
func (l *place) stretch(last schema.Day, days int) Stretch {
	return Stretch{(last + 1 - schema.Day(days)).Start(l.zone), (last + 1).Start(l.zone)}
}

// hours reads as many days of hours as one question may ask, a year at most.
func (l *place) hours(last schema.Day, meters int) (*Course, error) {
	days := max(28, min(365, l.site.config.FinePoints*9/10/24/max(1, meters)))
	return l.ask.Course(l.context(), l.about, CourseQuery{l.shown, l.stretch(last, days), calendar.HourStep})
}

// week draws the last week that has readings over the week before it.
func (l *place) week(s *loadSection, last schema.Day, hours *Course, interval int64) error {
	course, perHour := hours, 1.0
	if interval <= 15*schema.Minute {
		var err error
		if course, err = l.ask.Course(l.context(), l.about, CourseQuery{l.shown, l.stretch(last, 14), calendar.QuarterHour}); err != nil {
			return err
		}
		perHour = 4
	}
	begin, before := (last - 6).Start(l.zone).Time(), (last - 13).Start(l.zone).Time()
	rate := l.rateUnit(course.Unit)
	data := courseData{Unit: rate, Lines: []line{{Name: l.T("load.week")}, {Name: l.T("load.week_before")}}, BaseName: l.T("profile.night_base")}
	table := &Table{Caption: l.T("load.table"), Head: []string{l.T("time"), l.T("load") + " (" + rate + ")", l.T("coverage")}}
	for i := range course.Points {
		p := &course.Points[i]
		value := scaled(p.Quantity, perHour)
		switch {
		case !p.Start.Before(begin):
			data.Labels = append(data.Labels, p.Start.Format(hourFormat))
			data.Lines[0].Values = append(data.Lines[0].Values, value)
			table.Rows = append(table.Rows, []Value{{Text: p.Start.Format("2006-01-02 15:04")}, l.value(value, "", l.T("why.no_readings")), share(p.Coverage, l.T("why.no_meters"))})
		case !p.Start.Before(before):
			data.Lines[1].Values = append(data.Lines[1].Values, value)
		}
	}
	if profile := l.profileOf(hours); profile != nil && !slices.Contains(profile.Missing, "night_base") {
		data.Base = &profile.NightBase
	}
	s.Week = &Chart{Kind: "course", ID: "week", Label: l.T("load.label", s.Title, begin.In(l.zone).Format(dayFormat)), Data: data}
	s.WeekTab = table
	s.Evidence = l.restsOn(l.stretch(last, 7))
	return nil
}

// restsOn gives the page of what a stretch of consumption rests on.
func (l *place) restsOn(s Stretch) string {
	from, to := s.From.Time().In(l.zone).Format(dayFormat), s.To.Time().In(l.zone).Format(dayFormat)
	if l.about.Kind == Meter {
		return address(l.about, "/readings?from=", from, "&to=", to)
	}
	return address(l.about, "/quality?from=", from, "&to=", to)
}

// rateUnit gives the unit of an amount in an hour.
func (w words) rateUnit(unit schema.Unit) string {
	if unit == schema.KilowattHour {
		return "kW"
	}
	return w.unit(unit.String()) + "/h"
}

func scaled(v *float64, by float64) *float64 {
	if v == nil {
		return nil
	}
	return ptr(*v * by)
}

// heat draws the hours of the last four weeks.
func (l *place) heat(s *loadSection, last schema.Day, hours *Course) {
	begin := (last - 27).Start(l.zone).Time()
	data := heatData{Unit: l.rateUnit(hours.Unit)}
	sums, counts := [24]float64{}, [24]int{}
	for h := range 24 {
		data.Hours = append(data.Hours, fmt.Sprintf("%02d", h))
	}
	for i := range hours.Points {
		p := &hours.Points[i]
		if p.Start.Before(begin) {
			continue
		}
		day := p.Start.Format("01-02")
		if n := len(data.Days); n == 0 || data.Days[n-1] != day {
			data.Days = append(data.Days, day)
		}
		if p.Quantity != nil {
			data.Cells = append(data.Cells, [3]any{len(data.Days) - 1, p.Start.Hour(), *p.Quantity})
			sums[p.Start.Hour()] += *p.Quantity
			counts[p.Start.Hour()]++
		}
	}
	table := &Table{Caption: l.T("heat.table"), Head: []string{l.T("hour"), l.T("heat.mean") + " (" + data.Unit + ")"}}
	for h := range 24 {
		row := []Value{{Text: data.Hours[h] + ":00"}, {Why: l.T("why.no_readings")}}
		if counts[h] > 0 {
			row[1] = l.value(ptr(sums[h]/float64(counts[h])), "", "")
		}
		table.Rows = append(table.Rows, row)
	}
	s.Heat = &Chart{Kind: "heat", ID: "heat", Label: l.T("heat.label", s.Title), Data: data}
	s.HeatTab = table
}

// days draws the days of the last year as a calendar.
func (l *place) days(s *loadSection, last schema.Day) error {
	course, err := l.ask.Course(l.context(), l.about, CourseQuery{l.shown, l.stretch(last, 365), calendar.DayStep})
	if err != nil {
		return err
	}
	data := calendarData{From: (last - 364).String(), To: last.String(), Unit: l.unit(course.Unit.String()), Lang: l.Lang}
	table := &Table{Caption: l.T("days.table"), Head: []string{l.T("month"), l.T("days.known"), l.T("days.least"), l.T("days.most")}}
	month, n, least, most := "", 0, 0.0, 0.0
	flush := func() {
		if month != "" {
			row := []Value{{Text: month}, {Text: fmt.Sprint(n)}, {Why: l.T("why.no_readings")}, {Why: l.T("why.no_readings")}}
			if n > 0 {
				row[2], row[3] = l.value(&least, course.Unit.String(), ""), l.value(&most, course.Unit.String(), "")
			}
			table.Rows = append(table.Rows, row)
		}
		n = 0
	}
	for i := range course.Points {
		p := &course.Points[i]
		if m := p.Start.Format("2006-01"); m != month {
			flush()
			month = m
		}
		if p.Quantity == nil || p.Coverage != nil && *p.Coverage < .5 {
			continue
		}
		data.Cells = append(data.Cells, [2]any{p.Start.Format(dayFormat), *p.Quantity})
		if n++; n == 1 {
			least, most = *p.Quantity, *p.Quantity
		}
		least, most = min(least, *p.Quantity), max(most, *p.Quantity)
	}
	flush()
	s.Days = &Chart{Kind: "calendar", ID: "days", Label: l.T("days.label", s.Title), Data: data}
	s.DaysTab = table
	return nil
}

// profileOf gives the load figures, nil where there is too little.
func (l *place) profileOf(hours *Course) *anomaly.Profile {
	series := anomaly.Series{Step: 3600}
	for i := range hours.Points {
		p := &hours.Points[i]
		if p.End.Sub(p.Start) != time.Hour {
			continue
		}
		value := math.NaN()
		if p.Quantity != nil && p.Coverage != nil && *p.Coverage > .99 {
			value = *p.Quantity
		}
		series.Times, series.Values = append(series.Times, p.Start.Unix()), append(series.Values, value)
	}
	profile, err := anomaly.NewProfile(series, l.zone)
	if err != nil || slices.Contains(profile.Missing, "all") {
		return nil // too little: the page says so
	}
	return profile
}

// profile lists the load figures.
func (l *place) profile(s *loadSection, hours *Course) {
	p := l.profileOf(hours)
	if p == nil {
		return
	}
	rate := l.rateUnit(hours.Unit)
	known := func(name string, v Value) Value {
		if slices.Contains(p.Missing, name) {
			return Value{Why: l.T("why.too_few_hours")}
		}
		return v
	}
	with := func(v float64, unit string) Value { return Value{Text: amount(v), Unit: unit} }
	s.Profile = []Fact{
		{l.T("profile.night_base"), known("night_base", with(p.NightBase, rate))},
		{l.T("profile.near_base"), with(p.NearBase, rate)},
		{l.T("profile.near_peak"), with(p.NearPeak, rate)},
		{l.T("profile.mean"), with(p.Mean, rate)},
		{l.T("profile.weekend"), known("weekend_ratio", percent(ptr(100*p.WeekendRatio), ""))},
		{l.T("profile.out_of_hours"), known("out_of_hours", percent(ptr(100*p.OutOfHours), ""))},
		{l.T("profile.night_excess"), known("night_excess", with(p.NightExcess, l.unit(hours.Unit.String())+l.T("per_year")))},
		{l.T("profile.known"), Value{Text: fixed(float64(p.Known), 0), Unit: l.T("unit.hours")}},
	}
}
