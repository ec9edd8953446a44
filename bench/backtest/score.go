package backtest

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"jouleline/analytics/trend"
)

// Score judges the statements of one kind of world.
type Score struct {
	Kind    string
	Known   int // years known after the base year; 0 over all
	Stated  *trend.Verification
	Mixed   float64 // Brier score of all models together
	Verdict float64 // of the plain verdict: 1 on the path, 0 behind it
}

// Climatology is the Brier score of always stating the share that came true. It is
// known afterwards only, and so is a demanding reference.
func (s *Score) Climatology() float64 { return s.Stated.BaseRate * (1 - s.Stated.BaseRate) }

// judge scores the cases of so many known years, or all.
func judge(kind string, cases []Case, known int) (*Score, error) {
	var p, mixed, verdict []float64
	var came []bool
	for _, c := range cases {
		if known != 0 && c.Known != known {
			continue
		}
		yes := 0.
		if c.OnTrack {
			yes = 1
		}
		p, mixed, verdict, came = append(p, c.P), append(mixed, c.Mixed), append(verdict, yes), append(came, c.Came)
	}
	s := &Score{Kind: kind, Known: known}
	for _, of := range []struct {
		p    []float64
		into func(*trend.Verification)
	}{
		{p, func(v *trend.Verification) { s.Stated = v }},
		{mixed, func(v *trend.Verification) { s.Mixed = v.Brier }},
		{verdict, func(v *trend.Verification) { s.Verdict = v.Brier }},
	} {
		v, err := trend.Brier(of.p, came)
		if err != nil {
			return nil, fmt.Errorf("%s with %d years: %w", kind, known, err)
		}
		of.into(v)
	}
	return s, nil
}

// scores gives a score for each number of known years.
func scores(kind string, cases []Case) ([]*Score, error) {
	var known []int
	for _, c := range cases {
		if !slices.Contains(known, c.Known) {
			known = append(known, c.Known)
		}
	}
	slices.Sort(known)
	var out []*Score
	for _, n := range known {
		s, err := judge(kind, cases, n)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// writeScores writes a table in Markdown.
func writeScores(w io.Writer, scores []*Score) {
	fmt.Fprint(w, "| world | years known | statements | came true | Brier | climatology | on the path | all models | skill |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range scores {
		fmt.Fprintf(w, "| %s | %d | %d | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |\n",
			s.Kind, s.Known, s.Stated.N, s.Stated.BaseRate, s.Stated.Brier, s.Climatology(), s.Verdict, s.Mixed, s.Stated.Skill)
	}
}

// classesOf is how many classes of probability [trend.Brier] has.
const classesOf = 10

// writeReliability writes what was said against what came: a row for each class of
// probability, a column for each kind with the share that came true and how many
// statements that is of.
func writeReliability(w io.Writer, scores []*Score) {
	fmt.Fprint(w, "| stated |")
	for _, s := range scores {
		fmt.Fprintf(w, " %s |", s.Kind)
	}
	fmt.Fprint(w, "\n|---|", strings.Repeat("--:|", len(scores)), "\n")
	for class := range classesOf {
		from := float64(class) / classesOf
		fmt.Fprintf(w, "| %.1f to %.1f |", from, from+1./classesOf)
		for _, s := range scores {
			at := slices.IndexFunc(s.Stated.Table, func(r trend.Reliability) bool { return r.From == from })
			if at < 0 {
				fmt.Fprint(w, " - |")
				continue
			}
			fmt.Fprintf(w, " %.2f of %d |", s.Stated.Table[at].Observed, s.Stated.Table[at].N)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "| *reliability* |")
	for _, s := range scores {
		fmt.Fprintf(w, " %.3f |", s.Stated.Calibrated)
	}
	fmt.Fprintln(w)
}
