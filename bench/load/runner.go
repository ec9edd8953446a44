package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// runner starts a process for each run of each group, one after the other.
type runner struct {
	options *options
	tell    io.Writer
}

func newRunner(o *options, tell io.Writer) *runner { return &runner{o, tell} }

// stopWithin is how long a run that is over its limit may take to end cleanly.
const stopWithin = 30 * time.Second

// measure measures groups into a report. A group that fails does not keep the
// others from being measured; the error tells of all that failed.
func (r *runner) measure(ctx context.Context, chosen []*group, to *report) error {
	var failures []error
	for _, g := range chosen {
		runs, err := r.runs(ctx, g)
		to.add(g, runs, err)
		if err != nil {
			failures = append(failures, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failures...)
}

// runs gives the figures of all runs of a group.
func (r *runner) runs(ctx context.Context, g *group) (runs []map[string]figure, err error) {
	count := r.options.runs
	if g.once {
		count = 1
	}
	for n := range count {
		began := time.Now()
		figures, err := r.runOnce(ctx, g, n == count-1)
		if err != nil {
			return runs, fmt.Errorf("%s, run %d: %w", g.name, n+1, err)
		}
		runs = append(runs, figures)
		fmt.Fprintf(r.tell, "%s, run %d of %d, %.0f s:", g.name, n+1, count, time.Since(began).Seconds())
		for _, w := range g.rows {
			fmt.Fprintf(r.tell, " %s %s %s;", w.name, number(figures[w.name].Value), w.unit)
		}
		fmt.Fprintln(r.tell)
	}
	return runs, nil
}

// runOnce runs a group in a process and a folder of its own.
func (r *runner) runOnce(ctx context.Context, g *group, last bool) (figures map[string]figure, err error) {
	dir, err := os.MkdirTemp("", "jouleline-load-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.limit(&r.options.sizes))
	defer cancel()
	var out bytes.Buffer
	c := exec.CommandContext(ctx, program, r.arguments(g, dir, last)...)
	c.Stdout, c.Stderr = &out, r.tell
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = stopWithin
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
		return nil, err
	}
	if err := json.Unmarshal(out.Bytes(), &figures); err != nil {
		return nil, fmt.Errorf("what the run printed: %w", err)
	}
	return figures, nil
}

func (r *runner) arguments(g *group, dir string, last bool) []string {
	s := &r.options.sizes
	args := []string{"--measure", g.name, "--dir", dir}
	for _, size := range []struct {
		flag  string
		value int
	}{
		{"--readings", s.Readings},
		{"--meters", s.Meters},
		{"--many-meters", s.ManyMeters},
		{"--institutions", s.Institutions},
		{"--loaded-meters", s.LoadedMeters},
		{"--crowd-meters", s.CrowdMeters},
		{"--loaded-days", s.LoadedDays},
	} {
		args = append(args, size.flag, strconv.Itoa(size.value))
	}
	if last && r.options.profile != "" {
		args = append(args, "--cpuprofile", r.options.profile)
	}
	return args
}
