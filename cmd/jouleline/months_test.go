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
// import dropped them. Where they are of no use, they are not made.
func TestMonths_PreparedByThemselves(t *testing.T) {
	flags := embedded(t.TempDir())
	flags.LogLevel = "debug"
	const prepared, useless = `msg="sums of months are prepared"`, `msg="sums of months are of no use here:`
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
	s.importTables(registry.Tables{registry.SharesFile: []byte("meter,target,share,valid_from\nE1,S1,0.5,2020-01-01\nE1,S2,0.5,2020-01-01\n")})
	s.stop()

	log = &logText{}
	s = mustServeWith(t, flags, log)
	until(t, "it is told that meters are divided", func() bool { return log.count(useless) == 1 })
	s.stop()
	if got := log.count(prepared); got != 0 {
		t.Errorf("got them prepared %d times where they are of no use, want never", got)
	}
}
