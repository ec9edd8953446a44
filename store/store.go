// Package store keeps the books in DuckDB. It is the only place with SQL.
//
// It answers what was stored: readings, ledger entries, roll-ups, verdicts,
// rejects, registry versions and offsets, as of now or as of a moment. It
// refuses to judge or to compute figures. Its invariants:
//
//   - a batch and the offsets it came from are one transaction;
//   - nothing is updated in place: a total is a sum, a total as known at a moment
//     is the sum of what was recorded by then;
//   - there is one writer, and recorded-at only grows.
//
// DESIGN.md beside this file has the measurements that the layout rests on.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"time"

	"jouleline/schema"
	"jouleline/store/duck"
)

// ErrInvalid tells that the open database was given up after a failed write; see
// [Store.Reopen].
var ErrInvalid = duck.ErrInvalid

// ErrFull tells that there was no room on the disk for a write.
var ErrFull = duck.ErrFull

// Config says where the store lives and what it may use.
type Config struct {
	// Path is the database file.
	Path string
	// MemoryBytes bounds DuckDB's memory; 0 means 1 GiB.
	MemoryBytes int64
	// Threads bounds DuckDB's threads; 0 means 2.
	Threads int
	// Readers is the number of connections for queries; 0 means 4.
	Readers int
	// MonthBytes bounds the sums of months by account that are kept in memory once
	// they are prepared; 0 means 256 MiB, which hold six years of a province with
	// 250,000 meters. Months beyond it are read from the file each time. A quarter as
	// much bounds what is kept besides of meters that are divided, or computed with.
	MonthBytes int64
	Log        *slog.Logger
	// Now is the clock of recorded-at; nil means time.Now.
	Now func() time.Time
}

// Store is an open store. Its methods are safe for concurrent use; writes go
// one after the other.
type Store struct {
	config Config
	db     *duck.DB
	// readers holds the idle connections for queries.
	readers chan *duck.Conn

	// settling is held where settled readings are made or taken away, before write.
	settling sync.Mutex
	// write guards the writer's connection and what follows.
	write    sync.Mutex
	writer   *duck.Conn
	recorded schema.Instant
	rejects  int64 // last sequence
	folded   int64 // roll-up rows after the last fold
	offsets  map[int]int64

	usage    usageCache
	years    yearbook
	months   monthbook
	partbook partbook
}

// Open opens or creates the store and brings its tables up to date.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.Path == "" {
		return nil, errors.New("open store: no path")
	}
	if config.MemoryBytes == 0 {
		config.MemoryBytes = 1 << 30
	}
	if config.Threads == 0 {
		config.Threads = 2
	}
	if config.Readers == 0 {
		config.Readers = 4
	}
	if config.MonthBytes == 0 {
		config.MonthBytes = defaultMonthBytes
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{config: config, db: &duck.DB{}, writer: &duck.Conn{}, readers: make(chan *duck.Conn, config.Readers)}
	s.months.open()
	s.partbook.open()
	for range config.Readers {
		s.readers <- &duck.Conn{}
	}
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// connect opens the file and the connections and reads the position. Where it
// fails the store is closed, and may be connected again.
func (s *Store) connect(ctx context.Context) (err error) {
	db, err := duck.Open(s.config.Path, map[string]string{
		"memory_limit":                 strconv.FormatInt(s.config.MemoryBytes, 10) + "B",
		"threads":                      strconv.Itoa(s.config.Threads),
		"temp_directory":               s.config.Path + ".tmp",
		"checkpoint_threshold":         "64MB",
		"autoinstall_known_extensions": "false",
		"autoload_known_extensions":    "false",
	})
	if err != nil {
		return err
	}
	s.db = db
	defer func() {
		if err != nil {
			s.disconnect()
		}
	}()
	if s.writer, err = db.Connect(); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer); err != nil {
		return err
	}
	for range s.config.Readers {
		c, err := db.Connect()
		if err != nil {
			return err
		}
		<-s.readers // a closed one
		s.readers <- c
	}
	return s.position(ctx)
}

// position reads the latest recorded-at, the offsets and the reject sequence. What
// the heads were saved as of may be later than all that is recorded (see
// [Store.Seal]): they would miss what is recorded before it.
func (s *Store) position(ctx context.Context) error {
	last, err := scalar(ctx, s.writer, `SELECT greatest(
		(SELECT coalesce(max(recorded), 0) FROM readings), (SELECT coalesce(max(recorded), 0) FROM settled),
		(SELECT coalesce(max(recorded), 0) FROM heads_as_of), (SELECT coalesce(max(recorded), 0) FROM ledger),
		(SELECT coalesce(max(recorded), 0) FROM codes), (SELECT coalesce(max(recorded), 0) FROM rejected),
		(SELECT coalesce(max(recorded), 0) FROM parked), (SELECT coalesce(max(recorded), 0) FROM registry_tables))`)
	if err != nil {
		return err
	}
	s.recorded = schema.Instant(last)
	if s.rejects, err = scalar(ctx, s.writer, `SELECT coalesce(max(sequence), 0) FROM rejected`); err != nil {
		return err
	}
	s.offsets = map[int]int64{}
	return each(ctx, s.writer, func(b duck.Block) {
		partitions, next := duck.Column[int32](b, 0), duck.Column[int64](b, 1)
		for i := range partitions {
			s.offsets[int(partitions[i])] = next[i]
		}
	}, `SELECT "partition", next FROM offsets`)
}

// Close ends all connections and writes the log into the file.
func (s *Store) Close() error {
	s.write.Lock()
	defer s.write.Unlock()
	_, err := s.writer.Exec(context.Background(), "CHECKPOINT")
	s.disconnect()
	return err
}

// disconnect waits for the queries that run and closes everything. Closed
// connections take the place of the open ones: they refuse with ErrInvalid.
func (s *Store) disconnect() {
	closed := make([]*duck.Conn, s.config.Readers)
	for i := range closed {
		closed[i] = <-s.readers
		closed[i].Close()
	}
	for _, c := range closed {
		s.readers <- c
	}
	s.writer.Close()
	s.db.Close()
}

// Reopen closes the database and opens it again in this process. After a failed
// write DuckDB refuses everything, reads included, even when there is room
// again; all that was committed is there after it. Where it fails, everything
// is refused with ErrInvalid until a later Reopen succeeds.
func (s *Store) Reopen(ctx context.Context) error {
	s.write.Lock()
	defer s.write.Unlock()
	s.disconnect()
	s.years.forget()
	s.months.forget()
	s.partbook.forget()
	return s.connect(ctx)
}

// Check asks the database for nothing. The error is ErrInvalid where it was given
// up and must be opened again.
func (s *Store) Check(ctx context.Context) error {
	return s.read(ctx, func(c *duck.Conn) error {
		_, err := c.Exec(ctx, "SELECT 1")
		return err
	})
}

// read runs work on a connection for queries.
func (s *Store) read(ctx context.Context, work func(*duck.Conn) error) error {
	select {
	case c := <-s.readers:
		defer func() { s.readers <- c }()
		return work(c)
	case <-ctx.Done():
		return fmt.Errorf("wait for a free connection: %w", context.Cause(ctx))
	}
}

// next gives the recorded-at of the next transaction. The write lock is held.
func (s *Store) next() schema.Instant {
	return max(s.recorded+1, schema.InstantOf(s.config.Now()))
}

// Recorded gives the recorded-at of the latest transaction.
func (s *Store) Recorded() schema.Instant {
	s.write.Lock()
	defer s.write.Unlock()
	return s.recorded
}

// sealAhead bounds how far into the future a moment may be sealed: clocks of
// instances differ by less, or somebody must set them.
const sealAhead = schema.Instant(schema.Minute)

// Seal sees to it that what is recorded from now on is recorded after a moment,
// and gives the moment up to which everything recorded is fixed now: at, or the
// recorded-at of the latest transaction where that is later.
func (s *Store) Seal(at schema.Instant) (schema.Instant, error) {
	s.write.Lock()
	defer s.write.Unlock()
	if now := schema.InstantOf(s.config.Now()); at > max(now, s.recorded)+sealAhead {
		return 0, fmt.Errorf("seal what was recorded until %s: it is %s by the clock here", at, now)
	}
	s.recorded = max(s.recorded, at)
	return s.recorded, nil
}

// Size gives the bytes of the database file and of its write-ahead log.
func (s *Store) Size() (file, wal int64) {
	if info, err := os.Stat(s.config.Path); err == nil {
		file = info.Size()
	}
	if info, err := os.Stat(s.config.Path + ".wal"); err == nil {
		wal = info.Size()
	}
	return file, wal
}
