package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// heading names machine and source.
func (r *report) heading() string {
	m := &r.Machine
	text := fmt.Sprintf("%s, %d cores, %.0f GiB, %s, %s, commit %s, load before %.1f", m.CPU, m.Cores, m.MemoryGiB, m.OS, m.Go, r.source(), m.LoadBefore)
	if m.LoadBefore > float64(m.Cores)/4 {
		text += "\nothers are at work on this machine: the figures will be too small"
	}
	return text
}

// table is the report for people, aligned.
func (r *report) table() string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nrow\tmedian\t(least..most)\tunit\tfirst bar\tgoal\tverdict\tbehind it")
	for i := range r.Rows {
		s := &r.Rows[i]
		if s.Error != "" {
			fmt.Fprintf(w, "%s\t-\t\t%s\t%s\t%s\tfailed\t%s\n", s.Name, s.Unit, bar(s.First), bar(s.Goal), s.Error)
			continue
		}
		spread := ""
		if len(s.Runs) > 1 {
			spread = "(" + number(s.Least) + ".." + number(s.Most) + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Name, number(s.Median), spread, s.Unit, bar(s.First), bar(s.Goal), s.Verdict, behind(s.Details))
	}
	w.Flush() // into memory: cannot fail
	return text.String()
}

// bar writes a bar, "-" where there is none.
func bar(value float64) string {
	if value == 0 {
		return "-"
	}
	return number(value)
}

// behind writes details in the order of their names.
func behind(d map[string]float64) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(d)) {
		parts = append(parts, name+" "+number(d[name]))
	}
	return strings.Join(parts, ", ")
}

// number writes a value in three figures at least, thousands apart.
func number(v float64) string {
	decimals := 0
	for limit := 100.0; decimals < 3 && math.Abs(v) < limit && v != math.Trunc(v); limit /= 10 {
		decimals++
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, rest, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	return whole
}
