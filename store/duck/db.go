// Package duck speaks to DuckDB in columns: blocks of values go in and come out
// as slices of memory that DuckDB owns, without a box per value.
//
// It answers statements with parameters, appends and columnar results, and
// refuses everything above that: it knows no table. database/sql would cost one
// interface value a cell, which at a million readings a second is most of the
// time (DESIGN.md beside package store has the figures).
//
// A [DB] is safe for concurrent use; a [Conn] and what it makes belong to one
// goroutine at a time. Slices of a [Block] are valid until the block is left.
package duck

import (
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// ErrInvalid tells that DuckDB gave the whole open database up, as it does when
// a write fails (a full disk). Close it and open it again; nothing is lost that
// was committed.
var ErrInvalid = errors.New("the open database was invalidated")

// ErrFull tells that there was no room on the disk. The transaction was rolled
// back; the database goes on where the error is not ErrInvalid as well.
var ErrFull = errors.New("the disk is full")

// DB is an open database file.
type DB struct {
	db   mapping.Database
	path string
}

// Open opens or creates a database file with DuckDB's own settings.
func Open(path string, settings map[string]string) (*DB, error) {
	var config mapping.Config
	if mapping.CreateConfig(&config) == mapping.StateError {
		return nil, fmt.Errorf("open database %s: out of memory for its configuration", path)
	}
	defer mapping.DestroyConfig(&config)
	for name, value := range settings {
		if mapping.SetConfig(config, name, value) == mapping.StateError {
			return nil, fmt.Errorf("open database %s: setting %s=%s is not understood", path, name, value)
		}
	}
	d := &DB{path: path}
	var message string
	if mapping.OpenExt(path, &d.db, config, &message) == mapping.StateError {
		return nil, fmt.Errorf("open database %s: %s", path, message)
	}
	return d, nil
}

// Close closes the database. All connections must be closed before.
func (d *DB) Close() { mapping.Close(&d.db) }

// Connect opens a connection.
func (d *DB) Connect() (*Conn, error) {
	c := &Conn{}
	if mapping.Connect(d.db, &c.conn) == mapping.StateError {
		return nil, fmt.Errorf("connect to database %s: %w", d.path, ErrInvalid)
	}
	return c, nil
}

// failure makes an error of DuckDB's message.
func failure(doing, message string) error {
	message, _, _ = strings.Cut(message, "\n")
	for _, words := range []string{"No space left on device", "Disk quota exceeded", "File too large"} {
		if strings.Contains(message, words) {
			return fmt.Errorf("%s: %w: %s", doing, ErrFull, message)
		}
	}
	if strings.Contains(message, "has been invalidated") {
		return fmt.Errorf("%s: %w: %s", doing, ErrInvalid, message)
	}
	return fmt.Errorf("%s: %s", doing, message)
}
