package registry

import (
	"fmt"
	"strings"
)

// maxProblems is how many problems are collected before reading stops: enough to
// mend a folder in a few rounds, few enough to be read.
const maxProblems = 100

// Problem is one thing wrong with one table.
type Problem struct {
	File string `json:"file"`
	// Line and Column count from 1, Column in bytes; 0 where the problem is not
	// at one place.
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Field  string `json:"field,omitempty"` // the column's name
	Reason string `json:"reason"`
}

// String gives "meters.csv:12:8: interval: reason".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Column > 0 {
		fmt.Fprintf(&b, ":%d", p.Column)
	}
	b.WriteString(": ")
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Reason)
	return b.String()
}

// Errors is why a folder was refused as a whole: everything that is wrong with
// it, in the order of the tables and lines, up to a hundred problems.
type Errors struct {
	Problems []Problem
	// More tells that reading stopped at the hundredth problem.
	More bool
}

// Error lists the problems, one a line.
func (e *Errors) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}
	if e.More {
		lines = append(lines, fmt.Sprintf("... and more: stopped at %d problems", len(e.Problems)))
	}
	return strings.Join(lines, "\n")
}

func (e *Errors) full() bool { return len(e.Problems) >= maxProblems }

func (e *Errors) add(p Problem) {
	if e.full() {
		e.More = true
		return
	}
	e.Problems = append(e.Problems, p)
}
