package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"jouleline/api/admin"
	"jouleline/store"
)

// BackupCmd takes a backup of a running server's books.
type BackupCmd struct {
	Remote
	File string `arg:"" help:"File to write; it must not be there yet." type:"path"`
}

// Run writes the backup beside its name first, so that a file of that name is
// always whole.
func (c *BackupCmd) Run(ctx context.Context, std streams) error {
	recorded, bytes, err := c.download(ctx, "/api/v1/backup", nil, c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s: %d bytes, everything that was recorded up to %s\n", c.File, bytes, recorded)
	return nil
}

// download streams an answer into a new file and gives the moment it goes to.
func (r *Remote) download(ctx context.Context, path string, query url.Values, file string) (recorded string, size int64, err error) {
	if _, err := os.Lstat(file); err == nil {
		return "", 0, usageError{fmt.Errorf("%s is there already", file)}
	}
	request, err := r.request(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return "", 0, err
	}
	response, err := r.roundTrip(request)
	if err != nil {
		return "", 0, err
	}
	defer response.Body.Close()
	size, err = writeWhole(file, response.Body, response.ContentLength)
	return response.Header.Get(admin.HeaderRecorded), size, err
}

// writeWhole writes a file of a known length that is whole, and on the disk, once
// it has its name.
func writeWhole(file string, content io.Reader, want int64) (size int64, err error) {
	part := file + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	size, err = io.Copy(f, content)
	if err == nil && want >= 0 && size != want {
		err = fmt.Errorf("got %d bytes, want %d", size, want)
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		return size, errors.Join(fmt.Errorf("write %s: %w", file, err), os.Remove(part))
	}
	return size, nil
}

// RestoreCmd makes a data folder of a backup.
type RestoreCmd struct {
	File string `arg:"" help:"Backup to restore." type:"existingfile"`
	Data string `help:"Folder of the books; the server must be stopped." default:"data" type:"path" placeholder:"DIR"`
	// Replace keeps what was there beside it.
	Replace bool `help:"Put the backup in the place of books that are there; those are kept as books.duckdb.replaced."`
}

// Run puts the backup in its place once it was opened and found whole. The topic
// is read on from where it stood when the backup was taken.
func (c *RestoreCmd) Run(ctx context.Context, std streams) error {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	books := filepath.Join(c.Data, "books.duckdb")
	if _, err := os.Lstat(books); err == nil {
		if !c.Replace {
			return usageError{fmt.Errorf("%s holds books already: give another --data, or --replace", c.Data)}
		}
		if err := c.isStopped(ctx, books); err != nil {
			return err
		}
	}
	fresh := books + ".restoring"
	if err := c.unpack(fresh); err != nil {
		return err
	}
	found, err := inspect(ctx, fresh)
	if err != nil {
		return errors.Join(fmt.Errorf("%s is no sound backup: %w", c.File, err), os.Remove(fresh))
	}
	for _, name := range []string{books, books + ".wal"} {
		if err := os.Rename(name, name+".replaced"); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("put the books that were there aside: %w", err)
		}
	}
	if err := os.Rename(fresh, books); err != nil {
		return fmt.Errorf("put the backup in its place: %w", err)
	}
	fmt.Fprintf(std.out, "%s: %d readings, everything that was recorded up to %s; the server reads the topic on from there\n", books, found.Readings, found.Recorded)
	return nil
}

// isStopped opens the books that are there, which a running server prevents.
func (c *RestoreCmd) isStopped(ctx context.Context, books string) error {
	s, err := store.Open(ctx, store.Config{Path: books})
	if err != nil {
		return fmt.Errorf("open the books that are there (is the server running?): %w", err)
	}
	return s.Close()
}

func (c *RestoreCmd) unpack(fresh string) error {
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = writeWhole(fresh, f, -1)
	return err
}

// inspect opens a store's file, brings its tables up to date and counts.
func inspect(ctx context.Context, path string) (store.Snapshot, error) {
	s, err := store.Open(ctx, store.Config{Path: path})
	if err != nil {
		return store.Snapshot{}, err
	}
	found, err := s.Holds(ctx)
	return found, errors.Join(err, s.Close())
}
