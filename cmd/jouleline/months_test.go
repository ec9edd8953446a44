package main

import (
	"strings"
	"sync"
	"testing"

	"jouleline/schema/registry"
)

// logText is a log that can be read while it is written.
type logText struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

// Write appends to the log.
func (l *logText) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// count tells how often something stands in the log.
func (l *logText) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), what)
}

// The sums of months are made ready before anybody asks: after a start, and once an
// import dropped them; those of what is divided once an import divides something.
func TestMonths_PreparedByThemselves(t *testing.T) {
	flags := embedded(t.TempDir())
	flags.LogLevel = "debug"
	const prepared, divided = `msg="sums of months are prepared"`, `msg="sums of months of what is divided or computed are prepared" months=1`
	s := mustServeWith(t, flags, &logText{})
	s.importFolder(exampleRegistry)
	for _, line := range exampleReadings {
		s.push("application/json", []byte(line))
	}
	s.settle()
	s.stop()

	log := &logText{}
	s = mustServeWith(t, flags, log)
	until(t, "the sums of months are prepared after a start", func() bool { return log.count(prepared) == 1 })
	s.importTables(registry.Tables{
		registry.InstitutionsFile: []byte("id,name,class,region\nS1,第一中学,education,370102\nS2,第二中学,education,370102\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nS1-B1,S2,教学楼\n"),
	})
	until(t, "they are prepared again after an import that moved consumption", func() bool { return log.count(prepared) == 2 })
	if got := log.count("divided"); got != 0 {
		t.Errorf("got it told %d times of what is divided, want never: nothing is", got)
	}
	s.importTables(registry.Tables{registry.SharesFile: []byte("meter,target,share,valid_from\nE1,S1,0.5,2020-01-01\nE1,S2,0.5,2020-01-01\n")})
	until(t, "they are prepared by the registry that divides a meter", func() bool { return log.count(divided) > 0 })
	s.stop()

	log = &logText{}
	s = mustServeWith(t, flags, log)
	until(t, "all are prepared after a start", func() bool { return log.count(prepared) == 1 && log.count(divided) == 1 })
	s.stop()
}
