package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// smallDisk mounts a file system of its own; without the right to, the test is
// skipped.
func smallDisk(t testing.TB, size string) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk cannot be mounted (needs root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmount %s: %v", folder, err)
		}
	})
	return folder
}

// readOnlyFolder gives a folder that even root cannot write to where it may
// mount, else one without the right to; "" where neither can be had.
func readOnlyFolder(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	if os.Geteuid() != 0 {
		if err := os.Chmod(folder, 0o500); err != nil {
			t.Fatal(err)
		}
		return folder
	}
	if syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_RDONLY, "size=1m") != nil {
		return ""
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, 0) })
	return folder
}

// fillDisk leaves so many bytes free on a folder's disk; empty makes room again.
func fillDisk(t testing.TB, folder string, leave int64) (empty func()) {
	t.Helper()
	free, ok := freeBytes(folder)
	if !ok {
		t.Fatalf("the system does not say what is free in %s", folder)
	}
	name := filepath.Join(folder, "filler")
	if err := os.WriteFile(name, make([]byte, free-leave), 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// The disk of everything runs full under load: pushes are refused, readyz says
// why, what is booked can be asked, an import is refused as a whole; with room
// again it goes on by itself, and nothing acknowledged is lost.
func TestFault_FullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for refused pushes, 10 s each")
	}
	disk := smallDisk(t, "200m")
	flags := embedded(filepath.Join(disk, "data"))
	s := mustServeWith(t, flags, io.Discard)
	s.importFolder(exampleRegistry)
	gateway := newClimber(t)
	gateway.atOnce = 2000
	for gateway.acknowledged < 1000 {
		gateway.mustPush(t, s.Remote)
	}
	s.settle()
	booked := *gateway
	empty := fillDisk(t, disk, 150<<10)
	var err error
	for err == nil {
		err = gateway.push(t.Context(), s.Remote)
	}
	var refusal *refused
	if !errors.As(err, &refusal) || refusal.status != http.StatusServiceUnavailable {
		t.Errorf("a push on a full disk: got %v, want status 503", err)
	}
	if why := notReady(t, s.Remote); !strings.Contains(why, "is full") || !strings.Contains(why, "pushes are not taken") {
		t.Errorf("readyz: got %q, want that the disk is full and pushes are not taken", why)
	}
	booked.mustBeBooked(t, s.Remote)
	if err := importMeters(t, s.Remote); err == nil {
		t.Error("a registry was imported on a full disk")
	}
	empty()
	until(t, "the server is ready again", func() bool {
		return gateway.push(t.Context(), s.Remote) == nil && notReady(t, s.Remote) == ""
	})
	s.settle()
	gateway.check(t, s.Remote)
	if err := importMeters(t, s.Remote); err != nil {
		t.Errorf("import with room again: %v", err)
	}
	s.stop()
	s = mustServeWith(t, flags, io.Discard)
	gateway.check(t, s.Remote)
	if world, err := s.books.waitForWorld(t.Context()); err != nil || len(world.Registry.Meters) != 1001 {
		t.Errorf("got %d meters, %v, want 1001", len(world.Registry.Meters), err)
	}
	s.stop()
}

// importMeters registers a thousand meters beside that of the example.
func importMeters(t testing.TB, r *Remote) error {
	t.Helper()
	folder := t.TempDir()
	meters, err := os.ReadFile(filepath.Join(exampleRegistry, "meters.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(meters)), "\n")
	for i := range 1000 {
		lines = append(lines, strings.Replace(lines[1], "E1", fmt.Sprintf("X%d", i), 1))
	}
	writeFile(t, filepath.Join(folder, "meters.csv"), strings.Join(lines, "\n")+"\n")
	packed, err := zipFolder(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.send(t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed))
	return err
}

// The same without root: the process may not write files beyond a size, as on a
// disk that is full for it; it is killed right after it went on.
func TestFault_FilesMayNotGrow(t *testing.T) {
	folder := t.TempDir()
	s := startChild(t, folder)
	importExample(t, s.Remote)
	gateway := newClimber(t)
	gateway.atOnce = 2000
	for gateway.acknowledged < 1000 {
		gateway.mustPush(t, s.Remote)
	}
	limit := func(bytes uint64) {
		t.Helper()
		if err := unix.Prlimit(s.process.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: unix.RLIM_INFINITY}, nil); err != nil {
			t.Skipf("the limit of another process cannot be set: %v", err)
		}
	}
	limit(1 << 20)
	until(t, "the server is not ready", func() bool {
		_ = gateway.push(t.Context(), s.Remote) // refused or not
		return notReady(t, s.Remote) != ""
	})
	t.Logf("not ready after %d readings: %s", gateway.acknowledged, notReady(t, s.Remote))
	limit(unix.RLIM_INFINITY)
	until(t, "the server is ready again", func() bool {
		return gateway.push(t.Context(), s.Remote) == nil && notReady(t, s.Remote) == ""
	})
	s.kill(t)
	s = startChild(t, folder)
	defer s.kill(t)
	gateway.check(t, s.Remote)
}
