package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
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

// fill leaves so many bytes free on a folder's disk; empty makes room again.
func fill(t testing.TB, folder string, leave int64) (empty func()) {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(folder, "filler")
	if err := os.WriteFile(name, make([]byte, int64(s.Bavail)*int64(s.Bsize)-leave), 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// What a full disk does to DuckDB, measured: a transaction that does not fit is
// refused and the database goes on; a checkpoint that does not fit makes it
// refuse everything, even with room again, until it is opened anew.
func TestStore_FullDisk(t *testing.T) {
	folder := smallDisk(t, "64m")
	s := mustOpen(t, filepath.Join(folder, "books"))
	t.Cleanup(s.disconnect) // before the disk goes
	mustPost(t, s, numbered(1000))
	empty := fill(t, folder, 300<<10)
	for _, count := range []int{250_000, 20_000} {
		if err := s.Post(t.Context(), numbered(count)); err == nil {
			t.Fatalf("%d readings were stored on a full disk", count)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("queries after a refused transaction: %v", err)
		}
	}
	if _, err := s.writer.Exec(t.Context(), "CHECKPOINT"); err == nil {
		t.Fatal("a checkpoint was written on a full disk: the test tests nothing")
	}
	if err := s.Check(t.Context()); !errors.Is(err, ErrInvalid) {
		t.Errorf("after a failed checkpoint: got %v, want ErrInvalid", err)
	}
	empty()
	if err := s.Post(t.Context(), numbered(10)); !errors.Is(err, ErrInvalid) {
		t.Errorf("post before opening anew: got %v, want ErrInvalid", err)
	}
	if err := s.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustPost(t, s, numbered(250_000))
	if got := countReadings(t, s); got != 251_000 {
		t.Errorf("got %d readings, want 251000: what was committed, once", got)
	}
	mustClose(t, s)
}
