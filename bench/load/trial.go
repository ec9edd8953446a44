package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"time"
)

// errWrong is wrapped where a result is wrong, however fast it came.
var errWrong = errors.New("wrong result")

// figure is what one run says about one row.
type figure struct {
	Value float64 `json:"value"`
	// Details are what stands behind the value, by name.
	Details map[string]float64 `json:"details,omitempty"`
}

// trial is one run of a group. Its folder is empty at first and removed by
// whoever made it.
type trial struct {
	sizes   sizes
	dir     string
	profile string // file for the CPU profile of the measured stretch, "" for none
	figures map[string]figure
}

// details are given in pairs of name and value.
type details map[string]float64

// record keeps the figure of a row, in the row's unit.
func (t *trial) record(row string, value float64, d details) {
	t.figures[row] = figure{Value: value, Details: d}
}

// stretch is what measured work took. On a machine with others at work the
// processor time says more than the clock.
type stretch struct{ seconds, cpu float64 }

// into adds the stretch to details.
func (s stretch) into(d details) details {
	d["seconds"], d["cpu_s"] = s.seconds, s.cpu
	return d
}

// timed measures work, and writes its profile where one is asked for.
func (t *trial) timed(work func() error) (took stretch, err error) {
	if t.profile != "" {
		f, err := os.Create(t.profile)
		if err != nil {
			return took, fmt.Errorf("profile: %w", err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return took, errors.Join(fmt.Errorf("profile: %w", err), f.Close())
		}
		defer func() {
			pprof.StopCPUProfile()
			err = errors.Join(err, f.Close())
		}()
		t.profile = "" // one stretch of the run is profiled
	}
	began, cpu := time.Now(), cpuSeconds()
	err = work()
	return stretch{time.Since(began).Seconds(), cpuSeconds() - cpu}, err
}
