//go:build integration && linux

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// daemonStart bounds how long a foreign server may take to start or to stop: a few
// seconds where the machine is idle.
const daemonStart = 90 * time.Second

// daemon is a foreign server that a test runs, ends and runs again.
type daemon struct {
	t testing.TB
	// log is the file that takes what it prints.
	log     string
	process *exec.Cmd
	ended   chan struct{}
}

// run starts the process and waits until it answers.
func (d *daemon) run(process *exec.Cmd, answers func(context.Context) bool) {
	d.t.Helper()
	log, err := os.OpenFile(d.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer log.Close() // the process has its own
	process.Stdout, process.Stderr = log, log
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test that runs out of time ends without a cleanup
	if err := process.Start(); err != nil {
		d.t.Fatal(err)
	}
	ended := make(chan struct{})
	d.process, d.ended = process, ended
	go func() { _ = process.Wait(); close(ended) }() // how it ended, its log says
	limit, cancel := context.WithTimeout(d.t.Context(), daemonStart)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !answers(limit) {
		select {
		case <-ended:
			d.t.Fatalf("%s ended at its start:\n%s", process.Path, d.tail())
		case <-limit.Done():
			d.t.Fatalf("%s does not answer after %s:\n%s", process.Path, daemonStart, d.tail())
		case <-ticker.C:
		}
	}
}

// stop ends it as an operator does.
func (d *daemon) stop() { d.signal(syscall.SIGTERM) }

// kill ends it at once.
func (d *daemon) kill() { d.signal(syscall.SIGKILL) }

func (d *daemon) signal(s os.Signal) {
	d.t.Helper()
	select {
	case <-d.ended:
		return
	default:
	}
	if err := d.process.Process.Signal(s); err != nil {
		d.t.Errorf("signal %s: %v", d.process.Path, err)
	}
	select {
	case <-d.ended:
	case <-time.After(daemonStart):
		_ = d.process.Process.Kill()
		d.t.Errorf("%s did not end within %s of %v", d.process.Path, daemonStart, s)
	}
}

// tail gives the end of its log.
func (d *daemon) tail() []byte {
	content, err := os.ReadFile(d.log)
	if err != nil {
		return []byte(err.Error())
	}
	return bytes.TrimSpace(content[max(0, len(content)-4000):])
}
