package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// report is everything that was measured, as it is written.
type report struct {
	Machine machine   `json:"machine"`
	Commit  string    `json:"commit"`
	Dirty   bool      `json:"dirty"`
	Date    time.Time `json:"date"`
	Seconds float64   `json:"seconds"`
	Sizes   sizes     `json:"sizes"`
	Rows    []result  `json:"rows"`
}

// result is one row of the report. A bar of 0 is none.
type result struct {
	Name   string    `json:"name"`
	What   string    `json:"what"`
	Unit   string    `json:"unit"`
	Runs   []float64 `json:"runs"`
	Median float64   `json:"median"`
	Least  float64   `json:"least"`
	Most   float64   `json:"most"`
	// Details are medians too.
	Details map[string]float64 `json:"details,omitempty"`
	First   float64            `json:"first_bar,omitempty"`
	Goal    float64            `json:"goal,omitempty"`
	Verdict string             `json:"verdict"`
	// Error tells why there is no figure.
	Error string `json:"error,omitempty"`
}

func newReport(ctx context.Context, o *options) *report {
	r := &report{Machine: thisMachine(), Date: time.Now().UTC().Truncate(time.Second), Sizes: o.sizes}
	r.Commit, r.Dirty = commit(ctx)
	return r
}

// close notes how long it all took.
func (r *report) close() { r.Seconds = time.Since(r.Date).Round(time.Second).Seconds() }

// add adds the rows of a group. failure is why the group could not be measured
// to its end.
func (r *report) add(g *group, runs []map[string]figure, failure error) {
	for i := range g.rows {
		r.Rows = append(r.Rows, summarise(&g.rows[i], runs, failure))
	}
}

// summarise makes a row of the figures of all runs.
func summarise(w *row, runs []map[string]figure, failure error) result {
	s := result{Name: w.name, What: w.what, Unit: w.unit, First: w.first, Goal: w.goal}
	behind := map[string][]float64{}
	for _, run := range runs {
		f, ok := run[w.name]
		if !ok {
			failure = fmt.Errorf("a run gave no figure for %s", w.name)
			continue
		}
		s.Runs = append(s.Runs, f.Value)
		for name, value := range f.Details {
			behind[name] = append(behind[name], value)
		}
	}
	if failure != nil || len(s.Runs) == 0 {
		s.Error = fmt.Sprint(failure)
		return s
	}
	s.Median, s.Least, s.Most = median(s.Runs), quantile(s.Runs, 0), quantile(s.Runs, 1)
	s.Verdict = w.verdict(s.Median)
	for name, values := range behind {
		if s.Details == nil {
			s.Details = map[string]float64{}
		}
		s.Details[name] = median(values)
	}
	return s
}

// source names the commit in few letters.
func (r *report) source() string {
	text := r.Commit[:min(len(r.Commit), 9)]
	if r.Dirty {
		text += "-dirty"
	}
	return text
}

// defaultFile is where a full run is recorded, seen from the module's root.
func (r *report) defaultFile() string {
	return filepath.Join("bench", "results", r.Date.Format(time.DateOnly)+"-"+r.source()+".json")
}

// write writes the report as JSON.
func (r *report) write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("results: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	return nil
}
