package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the program: a server that can be killed.
func TestMain(m *testing.M) {
	if os.Getenv("JOULELINE_TEST_PROGRAM") != "" {
		main()
	}
	os.Exit(m.Run())
}

// child is a server in a process of its own.
type child struct {
	*Remote
	process *exec.Cmd
}

// startChild starts a server and waits until it serves and has its books open.
func startChild(t testing.TB, folder string, flags ...string) *child {
	t.Helper()
	arguments := append([]string{"serve", "--data", folder, "--listen", "127.0.0.1:0", "--linger", "2ms", "--log-level", "error"}, flags...)
	c := exec.Command(os.Args[0], arguments...)
	c.Env = append(os.Environ(), "JOULELINE_TEST_PROGRAM=1")
	c.Stderr = os.Stderr
	return startProgram(t, c)
}

// startProgram starts a prepared command of a server.
func startProgram(t testing.TB, c *exec.Cmd) *child {
	t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server said nothing: %v", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // so that it can write on
	_, address, _ := strings.Cut(line, "http://")
	address, _, _ = strings.Cut(address, ",")
	s := &child{&Remote{Server: "http://" + address}, c}
	for {
		if _, err := s.get(t.Context(), "/readyz", nil, "application/json"); err == nil {
			return s
		}
		if t.Context().Err() != nil {
			t.Fatal("the server did not become ready")
		}
	}
}

// kill ends the process at once and waits for it.
func (c *child) kill(t testing.TB) {
	t.Helper()
	if err := c.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.process.Wait() // it was killed: the error says so
}

// A server is killed twenty times while gateways push; they repeat what was not
// acknowledged. In the end every reading is there once and the figures are those
// of an undisturbed run.
func TestCrash_KilledTwentyTimes(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 3
	}
	killedTimes(t, kills)
}

// killedTimes kills a server with the given flags again and again under load.
func killedTimes(t *testing.T, kills int, flags ...string) {
	gateway := newClimber(t)
	folder := t.TempDir()
	s := startChild(t, folder, flags...)
	importExample(t, s.Remote)
	for range kills {
		victim := s
		dead := make(chan struct{})
		delay := time.Duration(gateway.random.IntN(300)) * time.Millisecond
		time.AfterFunc(delay, func() { victim.kill(t); close(dead) })
		var err error
		for err == nil {
			err = gateway.push(t.Context(), s.Remote)
		}
		if errors.Is(err, errVerdict) {
			t.Fatal(err)
		}
		<-dead
		s = startChild(t, folder, flags...)
	}
	defer s.kill(t)
	gateway.check(t, s.Remote)
}
