//go:build integration && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// integrateSteps goes from the embedded broker to the cluster by the very words
// of deploy/CLUSTER.md, on a server that has books already.
func integrateSteps(t *testing.T, n *node) {
	folder := t.TempDir()
	address := freeAddresses(t, 1)[0]
	server := &Remote{Server: "http://" + address}
	shell := newShell(t, folder, n,
		"JOULELINE_LISTEN="+address, "JOULELINE_SERVER="+server.Server,
		"KAFKA="+n.saslTLS, "KAFKA_CA="+n.file("ca.pem"), "KAFKA_ADMIN="+n.plain)
	shell.run("jouleline serve --data data & echo $! > jouleline.pid\nuntil jouleline ready; do sleep 0.2; done\n")
	ended := false
	t.Cleanup(func() {
		if !ended { // the step that failed may have left it running
			_ = exec.Command("sh", "-c", `kill -9 "$(cat "$1")"`, "sh", filepath.Join(folder, "jouleline.pid")).Run()
		}
	})
	importExample(t, server)
	gateway := newClimber(t)
	for gateway.acknowledged < 500 {
		gateway.mustPush(t, server)
	}

	blocks := codeBlocks(t, deployFolder+"CLUSTER.md", "sh")
	if len(blocks) != 5 {
		t.Fatalf("got %d steps, want five", len(blocks))
	}
	out := shell.run(strings.Join(blocks, "\n"))
	for _, want := range []string{"configuration: good", "ready", "changed  0\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("the steps print no %q:\n%s", want, out)
		}
	}
	for range 20 {
		gateway.mustPush(t, server)
	}
	gateway.check(t, server)
	shell.run(`kill "$(cat jouleline.pid)"; while kill -0 "$(cat jouleline.pid)" 2>/dev/null; do sleep 0.2; done`)
	ended = true
}

// shell runs lines of documents: in a folder, with the programs they name.
type shell struct {
	t           *testing.T
	folder      string
	environment []string
}

func newShell(t *testing.T, folder string, n *node, variables ...string) *shell {
	t.Helper()
	programs := filepath.Join(folder, "programs")
	if err := os.Mkdir(programs, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, line := range map[string]string{
		"jouleline":        fmt.Sprintf("JOULELINE_TEST_PROGRAM=1 exec %q", os.Args[0]),
		"kafka-configs.sh": fmt.Sprintf("exec java -cp '%s/*' kafka.admin.ConfigCommand", n.libs),
	} {
		if err := os.WriteFile(filepath.Join(programs, name), []byte("#!/bin/sh\n"+line+` "$@"`+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return &shell{t, folder, append(append(os.Environ(), "PATH="+programs+":"+os.Getenv("PATH")), variables...)}
}

// run runs a script and gives what it printed; what it leaves running prints into
// a file.
func (s *shell) run(script string) string {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), "bash", "-euo", "pipefail", "-c", script)
	c.Dir, c.Env = s.folder, s.environment
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	file, err := os.OpenFile(filepath.Join(s.folder, "output"), os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer file.Close()
	c.Stdout, c.Stderr = file, file
	err = c.Run()
	out, readErr := os.ReadFile(file.Name())
	if err != nil || readErr != nil {
		s.t.Fatalf("%v, %v: run\n%s\nit printed\n%s", err, readErr, script, out)
	}
	return string(out)
}

// codeBlocks gives the fenced blocks of a language in a document, in order.
func codeBlocks(t testing.TB, name, language string) (blocks []string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(content), -1) {
		blocks = append(blocks, found[1])
	}
	return blocks
}
