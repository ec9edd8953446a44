package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"jouleline/schema"
	"jouleline/store/duck"
)

// Snapshot is a copy of the books as they stood after one transaction.
type Snapshot struct {
	// Recorded is the recorded-at of the latest transaction in it.
	Recorded schema.Instant
	// Offsets are where the topic is to be read on from.
	Offsets map[int]int64
	// Readings is the number of stored readings.
	Readings int64
}

// Snapshot copies the books into a new file, which is a store of its own. It is
// one reading transaction: batches are posted meanwhile and are not in the copy.
// Copying the file itself would not do: its latest transactions stand in the log
// beside it, and closing a second handle would give up the lock that keeps other
// processes out.
func (s *Store) Snapshot(ctx context.Context, path string) (taken Snapshot, err error) {
	if _, err := os.Lstat(path); err == nil {
		return Snapshot{}, fmt.Errorf("copy the books to %s: the file is there already", path)
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		if _, err := c.Exec(ctx, "ATTACH "+quoted(path)+" AS snapshot"); err != nil {
			return err
		}
		taken, err = copyInto(ctx, c)
		// Detaching writes the copy's log into its file.
		_, detached := c.Exec(context.WithoutCancel(ctx), "DETACH snapshot")
		return errors.Join(err, detached)
	})
	if err == nil {
		err = syncFile(path)
	}
	if err != nil {
		return Snapshot{}, errors.Join(fmt.Errorf("copy the books to %s: %w", path, err), removeStore(path))
	}
	return taken, nil
}

func copyInto(ctx context.Context, c *duck.Conn) (taken Snapshot, err error) {
	var name string
	if err := each(ctx, c, func(b duck.Block) { name = b.Text(0, 0) }, `SELECT current_database()`); err != nil {
		return Snapshot{}, err
	}
	err = c.Transaction(ctx, func() error { // the copy is many statements
		return c.Script(ctx, `COPY FROM DATABASE "`+strings.ReplaceAll(name, `"`, `""`)+`" TO snapshot`)
	})
	if err != nil {
		return Snapshot{}, err
	}
	return holds(ctx, c, "snapshot.")
}

// Holds tells what is stored.
func (s *Store) Holds(ctx context.Context) (found Snapshot, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error {
			found, err = holds(ctx, c, "")
			return err
		})
	})
	if err != nil {
		return Snapshot{}, fmt.Errorf("look what is stored: %w", err)
	}
	return found, nil
}

// holds asks the tables of a database.
func holds(ctx context.Context, c *duck.Conn, database string) (found Snapshot, err error) {
	last, err := scalar(ctx, c, `SELECT greatest((SELECT coalesce(max(recorded), 0) FROM `+database+`readings),
		(SELECT coalesce(max(recorded), 0) FROM `+database+`settled), (SELECT coalesce(max(recorded), 0) FROM `+database+`ledger), (SELECT coalesce(max(recorded), 0) FROM `+database+`registry_tables))`)
	if err != nil {
		return Snapshot{}, err
	}
	found.Recorded, found.Offsets = schema.Instant(last), map[int]int64{}
	if found.Readings, err = readingsIn(ctx, c, database); err != nil {
		return Snapshot{}, err
	}
	err = each(ctx, c, func(b duck.Block) {
		partitions, next := duck.Column[int32](b, 0), duck.Column[int64](b, 1)
		for i := range partitions {
			found.Offsets[int(partitions[i])] = next[i]
		}
	}, `SELECT "partition", next FROM `+database+`offsets`)
	return found, err
}

// quoted writes text as an SQL literal, where a parameter is not taken.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// removeStore removes a store's files, those that are there.
func removeStore(path string) (err error) {
	for _, name := range []string{path, path + ".wal"} {
		if gone := os.Remove(name); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// NoteBackup remembers that a snapshot was handed over.
func (s *Store) NoteBackup(ctx context.Context, taken Snapshot) error {
	s.write.Lock()
	defer s.write.Unlock()
	now := schema.InstantOf(s.config.Now())
	err := s.writer.Transaction(ctx, func() error {
		for partition, next := range taken.Offsets {
			if _, err := s.writer.Exec(ctx, `INSERT INTO backups VALUES ($1, $2, $3, $4)`, int64(taken.Recorded), int64(now), partition, next); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note a backup: %w", err)
	}
	return nil
}

// BackedUp gives where the topic stood in the latest backup that was handed over
// after a moment; nil where there was none.
func (s *Store) BackedUp(ctx context.Context, after schema.Instant) (offsets map[int]int64, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			partitions, next := duck.Column[int32](b, 0), duck.Column[int64](b, 1)
			for i := range partitions {
				if offsets == nil {
					offsets = map[int]int64{}
				}
				offsets[int(partitions[i])] = next[i]
			}
		}, `SELECT "partition", next FROM backups WHERE moment > $1 AND moment = (SELECT max(moment) FROM backups)`, int64(after))
	})
	if err != nil {
		return nil, fmt.Errorf("find the latest backup: %w", err)
	}
	return offsets, nil
}
