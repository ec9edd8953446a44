// Package storetest fills the file of a store that is closed, so that a store of a
// size that takes hours to reach through Kafka can be asked within minutes.
//
// It answers one question: what the tables of a store look like after many meters
// have given their readings in time, with the upkeep of every day and month. It
// writes tables directly, which nobody else but the store may do, and is for tests
// and measurements only. It refuses meters of which the file holds anything, courses
// that are not plainly accepted from their first reading to their last, and courses
// too sparse for a pack of every day. Its invariants:
//
//   - what is booked is what judging the readings gives, and the roll-ups are the sums
//     of what is booked: the file verifies;
//   - whoever opens it finds nothing to do: days have settled, months lie in order, the
//     ledger is folded, rows are lined up, and the heads are known.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"jouleline/metrics/books"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Crowd are meters with a history that nobody sent.
type Crowd struct {
	// Path is the file of a store that is closed and knows the meters: their registry
	// was imported.
	Path string
	// Meters are their numbers, in order.
	Meters []int32
	// Courses is how many courses the meters share: the one at place i of Meters takes
	// the course i mod Courses. DuckDB compresses what is equal within a block of 256
	// KiB; packs of a day are some 300 bytes, and in the order of days each meter adds
	// one. From a thousand courses on no block holds one twice.
	Courses int
	// Course gives all readings of a course in order of time; when they were received is
	// left to the crowd. It is called for several courses at the same time.
	Course func(course int) ([]books.Point, error)
	// Facts are what the registry says of each of the meters.
	Facts *books.Meter
	// End is the moment after the last readings: the UTC days before it have settled.
	End schema.Instant
	// Seed draws how late the readings came.
	Seed uint64

	runs runSizes // those of a store where they are 0
}

// Filled counts the rows that were put into the file.
type Filled struct {
	Readings, Packs, Entries, Rollups int64
}

// settings are those of the store; what settles and folds meanwhile is nothing.
var settings = map[string]string{"memory_limit": "1GiB", "threads": "2", "checkpoint_threshold": "256MB"}

// Fill puts the crowd into its file. Where it fails the file is of no more use.
func (c *Crowd) Fill(ctx context.Context) (filled Filled, err error) {
	if err := c.validate(); err != nil {
		return filled, fmt.Errorf("crowd: %w", err)
	}
	f := &filling{Crowd: c, linedUp: map[string]schema.Instant{}}
	if err := f.makeCourses(ctx); err != nil {
		return filled, fmt.Errorf("crowd: %w", err)
	}
	db, err := duck.Open(c.Path, settings)
	if err != nil {
		return filled, fmt.Errorf("crowd: %w", err)
	}
	defer db.Close()
	conn, err := db.Connect()
	if err != nil {
		return filled, fmt.Errorf("crowd: %w", err)
	}
	defer conn.Close()
	f.conn = conn
	for _, step := range []struct {
		doing string
		do    func(context.Context) error
	}{
		{"look at what is there", f.check},
		{"write what has settled", f.writePacks},
		{"write what has not", f.writeReadings},
		{"write the ledger", f.writeLedger},
		{"write the roll-ups", f.writeRollups},
		{"write where it ends", f.writePosition},
	} {
		if err := step.do(ctx); err != nil {
			return filled, fmt.Errorf("crowd: %s of %d meters: %w", step.doing, len(c.Meters), err)
		}
	}
	return f.filled, nil
}

func (c *Crowd) validate() error {
	if len(c.Meters) == 0 || c.Courses < 1 || c.Course == nil || c.Facts == nil {
		return errors.New("want meters, courses and what the registry says of them")
	}
	for i := 1; i < len(c.Meters); i++ {
		if c.Meters[i-1] >= c.Meters[i] {
			return fmt.Errorf("got meter %d after %d, want them in order", c.Meters[i], c.Meters[i-1])
		}
	}
	return nil
}

// filling is a crowd on its way into the file.
type filling struct {
	*Crowd
	courses []course
	conn    *duck.Conn
	filled  Filled
	linedUp map[string]schema.Instant // how far rows are lined up
}

// today is the UTC day that has not ended.
func (f *filling) today() schema.Day { return utcDay(f.End) }

// makeCourses makes those that a meter takes.
func (f *filling) makeCourses(ctx context.Context) error {
	f.courses = make([]course, min(f.Courses, len(f.Meters)))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for n := range f.courses {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f.courses[n].make(f.Crowd, n); err != nil {
				return fmt.Errorf("course %d: %w", n, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// courseOf gives the course of the meter at a place.
func (f *filling) courseOf(place int) *course { return &f.courses[place%len(f.courses)] }
