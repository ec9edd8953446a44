package savings_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/caltrack"
	"jouleline/analytics/savings"
	"jouleline/bench/chance"
)

// warmer gives days of so many years, so much warmer than the simulated climate.
func warmer(years int, by float64) (s savings.Series) {
	start := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := start; at.Before(start.AddDate(years, 0, 0)); at = at.AddDate(0, 0, 1) {
		s.Times = append(s.Times, at.Unix())
		s.Values = append(s.Values, 13-14*math.Cos(2*math.Pi*float64(at.YearDay()-1)/365)+by)
	}
	return s
}

// A tenth less at any temperature is a tenth in any year, and what both models use
// there is the building's own use.
func TestNormalised_AnyYear(t *testing.T) {
	r := chance.Random(t)
	for _, m := range []savings.Method{savings.CaltrackDaily, savings.CaltrackBilling} {
		usage, temps := years(r, time.UTC, 24*time.Hour)
		if m == savings.CaltrackBilling {
			usage = bills(usage)
		}
		q := question(usage, temps, time.UTC, m)
		plain := mustEstimate(t, q)
		if plain.Normalised != nil {
			t.Errorf("%s: got %+v, want nothing that was not asked for", m, plain.Normalised)
		}
		var mild, cold float64
		for _, by := range []float64{-2, 0, 2} {
			q.Normal = warmer(1, by)
			want := 0.
			for _, temp := range q.Normal.Values {
				want += 50 + 3*max(14-temp, 0) + 4*max(temp-23, 0)
			}
			e := mustEstimate(t, q)
			n := e.Normalised
			if n == nil || n.State != savings.NormalOK || n.Years != 1 || n.Normal.Days != 365 || n.Model == "" || n.N == 0 {
				t.Fatalf("%s, %+v C: got %+v", m, by, n)
			}
			if e.Savings != plain.Savings || *e.BandOLS != *plain.BandOLS {
				t.Errorf("%s: avoided use of %v ± %v, want %v ± %v whatever year is normal", m, e.Savings, *e.BandOLS, plain.Savings, *plain.BandOLS)
			}
			if math.Abs(*n.BaselineUse/want-1) > .02 || math.Abs(*n.SavingsFraction-.1) > .015 || math.Abs(*n.Savings-(*n.BaselineUse-*n.ReportingUse)) > 1e-9*want {
				t.Errorf("%s, %+v C: got %v before and %v after, want %v and a tenth less", m, by, *n.BaselineUse, *n.ReportingUse, want)
			}
			if *n.Band <= 0 || *n.Band > *n.Savings {
				t.Errorf("%s, %+v C: got a band of %v about %v", m, by, *n.Band, *n.Savings)
			}
			if by < 0 {
				cold = *n.BaselineUse
			}
			mild = *n.BaselineUse
		}
		if cold <= mild {
			t.Errorf("%s: got %v in a cold year and %v in a mild one", m, cold, mild)
		}
	}
}

// Several years count as their mean; the same year twice is that year.
func TestNormalised_MeanOfYears(t *testing.T) {
	usage, temps := years(chance.Random(t), time.UTC, 24*time.Hour)
	q := question(usage, temps, time.UTC, savings.CaltrackDaily)
	q.Normal = warmer(1, 0)
	one := mustEstimate(t, q).Normalised
	q.Normal = warmer(3, 0) // 2001 to 2003, none of them a leap year
	three := mustEstimate(t, q).Normalised
	for name, pair := range map[string][2]*float64{"savings": {one.Savings, three.Savings}, "band": {one.Band, three.Band}, "use": {one.BaselineUse, three.BaselineUse}} {
		if math.Abs(*pair[0]-*pair[1]) > 1e-9*math.Abs(*pair[0]) {
			t.Errorf("%s: got %v of three years and %v of one", name, *pair[1], *pair[0])
		}
	}
	if three.Years != 3 || three.Normal.Start != "2001-01-01" || three.Normal.End != "2004-01-01" {
		t.Errorf("got %d years, %+v", three.Years, three.Normal)
	}
}

// What makes the figure doubtful stands beside it; where a model is of no use there
// is no figure, but a reason, and the avoided use stays.
func TestNormalised_DoubtfulOrRefused(t *testing.T) {
	usage, temps := years(chance.Random(t), time.UTC, 24*time.Hour)
	f := func(name string, state savings.NormalState, verdict savings.Verdict, code analytics.Code, change func(*savings.Question)) {
		t.Helper()
		q := question(usage, temps, time.UTC, savings.CaltrackDaily)
		q.Normal = warmer(1, 0)
		change(&q)
		e := mustEstimate(t, q)
		n := e.Normalised
		has := code == "" || slices.ContainsFunc(n.Warnings, func(w analytics.Warning) bool { return w.Code == code })
		if n.State != state || n.Verdict != verdict || !has {
			t.Errorf("%s: got %s (%s), %s, %v, want %s, %s with %s", name, n.State, n.Reason, n.Verdict, n.Warnings, state, verdict, code)
		}
		if refused := n.State == savings.NormalRefused; refused != (n.Savings == nil) || refused != (n.Reason != "") || refused != (n.Band == nil) {
			t.Errorf("%s: got %s (%s) with %v ± %v", name, n.State, n.Reason, n.Savings, n.Band)
		}
	}
	f("a year hotter than any", savings.NormalOK, savings.Doubtful, caltrack.CodeExtrapolation, func(q *savings.Question) { q.Normal = warmer(1, 15) })
	f("a report of four months", savings.NormalOK, savings.Doubtful, caltrack.CodeNotAYear, func(q *savings.Question) { q.ReportingEnd = q.ReportingStart.AddDate(0, 4, 0) })
	f("a year in Fahrenheit", savings.NormalOK, savings.Unusable, "suspect_temperature_scale", func(q *savings.Question) {
		for i, v := range q.Normal.Values {
			q.Normal.Values[i] = 9./5*v + 32
		}
	})
	f("a report of three weeks", savings.NormalRefused, savings.Unusable, "", func(q *savings.Question) { q.ReportingEnd = q.ReportingStart.AddDate(0, 0, 21) })
	f("use that comes in bursts", savings.NormalRefused, savings.Unusable, caltrack.CodeUnusable, func(q *savings.Question) {
		q.Usage.Values = slices.Clone(q.Usage.Values)
		for i := 365; i < len(q.Usage.Values); i++ {
			if q.Usage.Values[i] = 1; i%40 == 0 {
				q.Usage.Values[i] = 1000
			}
		}
	})
}

// A normal year that is none is the question's fault.
func TestNormalised_Refuses(t *testing.T) {
	usage, temps := years(chance.Random(t), time.UTC, 24*time.Hour)
	f := func(name string, change func(*savings.Question)) {
		t.Helper()
		q := question(usage, temps, time.UTC, savings.CaltrackDaily)
		q.Normal = warmer(1, 0)
		change(&q)
		r, err := savings.Estimate(q)
		var input *analytics.InputError
		var few *analytics.NotEnoughError
		if !errors.As(err, &input) && !errors.As(err, &few) {
			t.Errorf("%s: got %+v, %v, want a refusal", name, r, err)
		}
	}
	cut := func(n int) func(*savings.Question) {
		return func(q *savings.Question) { q.Normal.Times, q.Normal.Values = q.Normal.Times[:n], q.Normal.Values[:n] }
	}
	f("half a year", cut(180))
	f("one day", cut(1))
	f("a day missing", func(q *savings.Question) { q.Normal.Values[100] = math.NaN() })
	f("a day left out", func(q *savings.Question) {
		q.Normal.Times, q.Normal.Values = slices.Delete(q.Normal.Times, 100, 101), slices.Delete(q.Normal.Values, 100, 101)
	})
	f("infinity", func(q *savings.Question) { q.Normal.Values[100] = math.Inf(1) })
	f("order", func(q *savings.Question) { q.Normal.Times[100] = q.Normal.Times[99] })
	f("lengths", func(q *savings.Question) { q.Normal.Values = q.Normal.Values[1:] })
	f("another method", func(q *savings.Question) { q.Method = savings.Changepoint })
}
