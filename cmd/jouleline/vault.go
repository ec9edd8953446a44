package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"jouleline/api/admin"
	"jouleline/api/problem"
	"jouleline/metrics/calendar"
	"jouleline/schema"
	"jouleline/store"
)

// vault makes copies of the books in a folder beside them, one at a time: each
// needs as much room as what it copies.
type vault struct {
	store  *store.Store
	books  *supervisor
	folder string
	audit  func(ctx context.Context, action, detail string)
	busy   *sync.Mutex
}

// open makes a copy and gives it as a file that is gone once it is closed.
func (v vault) open(ctx context.Context, name, contentType string, write func(path string) error) (*admin.Copy, error) {
	if !v.busy.TryLock() {
		return nil, fmt.Errorf("%w: another copy is being made", problem.ErrUnavailable)
	}
	defer v.busy.Unlock()
	folder, err := os.MkdirTemp(v.folder, "copy-")
	if err != nil {
		return nil, fmt.Errorf("make room for a copy: %w", err)
	}
	path := filepath.Join(folder, name)
	if err := write(path); err != nil {
		if errors.Is(err, store.ErrFull) {
			err = fmt.Errorf("%w: %w", problem.ErrUnavailable, err)
		}
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.RemoveAll(folder))
	}
	return &admin.Copy{ReadCloser: &passing{f, folder}, Name: name, ContentType: contentType, Bytes: info.Size()}, nil
}

// passing is a file whose folder goes with it.
type passing struct {
	*os.File
	folder string
}

func (p *passing) Close() error { return errors.Join(p.File.Close(), os.RemoveAll(p.folder)) }

// Backup copies the whole books.
func (v vault) Backup(ctx context.Context) (*admin.Copy, error) {
	var taken store.Snapshot
	c, err := v.open(ctx, "books.duckdb", "application/octet-stream", func(path string) (err error) {
		taken, err = v.store.Snapshot(ctx, path)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.Recorded = taken.Recorded
	c.Delivered = func(ctx context.Context) error {
		v.audit(ctx, "backup", fmt.Sprintf("%d readings, recorded to %s", taken.Readings, taken.Recorded))
		return v.store.NoteBackup(ctx, taken)
	}
	return c, nil
}

// Export copies a stretch of a table.
func (v vault) Export(ctx context.Context, q admin.ExportQuery) (*admin.Copy, error) {
	world, err := v.books.world(ctx)
	if err != nil {
		return nil, err
	}
	zone := calendar.NewZone(world.Registry.TimeZone)
	ask := store.ExportQuery{
		Table: store.ExportTable(q.Table), Format: store.ExportFormat(q.Format), From: q.From, To: q.To,
		Days:     schema.Validity{From: zone.DayOf(q.From), To: zone.DayOf(q.To-1) + 1},
		Carriers: map[int32]schema.Carrier{},
	}
	for i := range world.Registry.Meters {
		m := &world.Registry.Meters[i]
		if number, ok := world.Number(m.ID); ok {
			ask.Carriers[number] = m.Carrier
		}
	}
	contentType := map[store.ExportFormat]string{store.Parquet: "application/vnd.apache.parquet", store.CSV: "text/csv"}[ask.Format]
	return v.open(ctx, q.Table+"."+q.Format, contentType, func(path string) error {
		_, err := v.store.Export(ctx, ask, path)
		return err
	})
}

// sweepCopies removes the copies that a killed process left behind.
func sweepCopies(folder string) error {
	left, err := filepath.Glob(filepath.Join(folder, "copy-*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove a copy that was left behind: %w", err)
		}
	}
	return nil
}
