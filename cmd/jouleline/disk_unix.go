//go:build linux || darwin

package main

import (
	"os/signal"
	"syscall"
)

// surviveFileLimit makes a write beyond the process's limit of file sizes an
// error, as one on a full disk is. The signal that comes with it ends the process
// where it meets one of DuckDB's threads.
func surviveFileLimit() { signal.Ignore(syscall.SIGXFSZ) }

// freeBytes gives the space that is free for this process on a folder's disk.
func freeBytes(folder string) (free int64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
