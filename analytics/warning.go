package analytics

import "fmt"

// Code names a warning. Each package declares its codes as constants; programs
// branch on them, so they never change once published.
type Code string

// Warning qualifies an answer: the answer stands, but not without this.
type Warning struct {
	Code   Code    `json:"code"`
	Detail string  `json:"detail"`         // one sentence for people
	Got    float64 `json:"got,omitempty"`  // the measured figure, where the code is about one
	Want   float64 `json:"want,omitempty"` // the limit it was held against
}

// String reads "code: detail".
func (w Warning) String() string { return fmt.Sprintf("%s: %s", w.Code, w.Detail) }

// Warnings is a list of warnings in the order in which they arose.
type Warnings []Warning

// Has tells whether a warning of that code is in the list.
func (ws Warnings) Has(code Code) bool {
	for _, w := range ws {
		if w.Code == code {
			return true
		}
	}
	return false
}
