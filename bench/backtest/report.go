package backtest

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"

	"jouleline/bench/sim"
	"jouleline/metrics/indicator"
)

// Sizes of the report: large enough that a Brier score is sure to about 0.01, small
// enough for a test.
const (
	provinceCount   = 8
	provinceSize    = 160
	monthlyCount    = 2
	courseCount     = 300
	courseSeed      = 2020
	harderPercent   = 150
	plannedPercent  = 100
	reliabilityOver = 0 // all numbers of known years
)

// kinds are the worlds of one institution.
var kinds = []struct {
	name string
	draw truth
}{
	{"steady fall", steady}, {"fading fall", fading}, {"rebound from a low base year", rebound}, {"one retrofit", retrofit}, {"random walk", walk},
}

// section is one part of the report.
type section struct {
	title string
	kinds []string
	cases map[string][]Case
}

// Report writes all tables. It computes for some seconds.
func Report(ctx context.Context, w io.Writer) error {
	var parts []section
	for _, percent := range []int64{plannedPercent, harderPercent} {
		s := section{title: fmt.Sprintf("Simulated provinces, targets at %d %%", percent), cases: map[string][]Case{}}
		a, err := newAsker(percent)
		if err != nil {
			return err
		}
		at := []places{whole, cities, classes, institutions}
		found, err := a.provinces(ctx, sim.DefaultSeed+1, provinceCount, provinceSize, at, indicator.Ratios[:])
		if err != nil {
			return err
		}
		for _, place := range at {
			s.kinds = append(s.kinds, string(place))
			s.cases[string(place)] = found[place]
		}
		parts = append(parts, s)
	}
	monthly, err := fromMonths(ctx)
	if err != nil {
		return err
	}
	known, err := fromCourses(ctx)
	if err != nil {
		return err
	}
	for _, s := range append(parts, monthly, known) {
		if err := s.write(w); err != nil {
			return err
		}
	}
	return nil
}

// fromMonths asks what the months of provinces say, a year before the end.
func fromMonths(ctx context.Context) (section, error) {
	s := section{title: fmt.Sprintf("Simulated provinces from months, targets at %d %%", harderPercent), kinds: []string{string(classes)}, cases: map[string][]Case{}}
	a, err := newAsker(harderPercent)
	if err != nil {
		return s, err
	}
	a.months = true
	found, err := a.provinces(ctx, sim.DefaultSeed+1, monthlyCount, provinceSize, []places{classes}, indicator.Ratios[:])
	s.cases[string(classes)] = found[classes]
	return s, err
}

// fromCourses asks about worlds of one institution whose truth is of a known kind,
// and about the Nile.
func fromCourses(ctx context.Context) (section, error) {
	s := section{title: "Courses of a known kind", cases: map[string][]Case{}}
	a, err := newAsker(plannedPercent)
	if err != nil {
		return s, err
	}
	for k, kind := range kinds {
		cases, err := a.courses(ctx, rand.New(rand.NewPCG(courseSeed, uint64(k))), courseCount, kind.draw)
		if err != nil {
			return s, err
		}
		s.kinds = append(s.kinds, kind.name)
		s.cases[kind.name] = cases
	}
	s.kinds = append(s.kinds, river)
	s.cases[river], err = a.windows(ctx, nile)
	return s, err
}

// write gives a table of scores, and the reliability of each kind.
func (s *section) write(w io.Writer) error {
	fmt.Fprintf(w, "### %s\n\n", s.title)
	var all, whole []*Score
	for _, kind := range s.kinds {
		found, err := scores(kind, s.cases[kind])
		if err != nil {
			return err
		}
		over, err := judge(kind, s.cases[kind], reliabilityOver)
		if err != nil {
			return err
		}
		all, whole = append(all, found...), append(whole, over)
	}
	writeScores(w, all)
	fmt.Fprint(w, "\nWhat came true of what was stated, over all numbers of known years:\n\n")
	writeReliability(w, whole)
	fmt.Fprintln(w)
	return nil
}
