package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// fullBelow is the free space below which a disk counts as full: a transaction of
// 250,000 readings writes about 25 MB, and the embedded broker as much.
const fullBelow = 64 << 20

// checkDisk tells that the disk of a folder is full, as far as the system says.
func checkDisk(folder string) error {
	free, ok := freeBytes(folder)
	if !ok || free >= fullBelow {
		return nil
	}
	return fmt.Errorf("the disk of %s is full: %d MiB are free, want %d MiB", folder, free>>20, fullBelow>>20)
}

// checkWritable tells that a data folder cannot be written to, before anything is
// opened that would say so in words of its own.
func checkWritable(folder string) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("data folder %s: %w", folder, err)
	}
	probe, err := os.CreateTemp(folder, ".writable-*")
	if err != nil {
		return fmt.Errorf("data folder %s cannot be written to: %w", folder, err)
	}
	_ = probe.Close() // nothing was written
	if err := os.Remove(probe.Name()); err != nil {
		return fmt.Errorf("data folder %s: %w", folder, err)
	}
	for _, name := range []string{"books.duckdb", "books.duckdb.wal"} {
		file, err := os.OpenFile(filepath.Join(folder, name), os.O_RDWR, 0)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("the books cannot be written to: %w", err)
		}
		_ = file.Close() // nothing was written
	}
	return nil
}
