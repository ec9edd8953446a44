package store

import (
	"context"
	"errors"
	"fmt"

	"jouleline/schema"
	"jouleline/store/duck"
)

const (
	// settleAtOnce is about how many readings settle in one transaction: the writer
	// is held up for a tenth of a second, and DuckDB sorts 100 MB.
	settleAtOnce = 1_000_000
	// settleInPass bounds what is planned in advance, so that a long history that is
	// read in at once is scanned in the stretches in which it was recorded.
	settleInPass = 32 * settleAtOnce
	// settleLate is how many readings that came later are worth a pass before the
	// next day has ended.
	settleLate = settleAtOnce
	// historyReadings is how many late readings of months before are taken for a long
	// history rather than for what comes late every day.
	historyReadings = settleLate / 2
	// denseDay is from how many readings on a day has a pack of its own; sparser ones
	// wait for their month to end. A pack costs some 40 bytes beside its readings.
	denseDay = 24
)

// Settle packs the readings of before a UTC day. It makes one pass of limited length
// and gives how many readings it moved; 0 means that there is nothing more to do
// before the next day, or before many more readings have come late. Once a month
// the sparse days of the months before are packed too, and the packs put in the
// order of meters (see [Store.order]), those of some days where there are many; those
// of a long history that comes late need not wait to be packed. Batches are posted and questions answered
// meanwhile; a pass that breaks off leaves what it has moved.
func (s *Store) Settle(ctx context.Context, before schema.Day) (moved int64, err error) {
	pass := settling{before: before, recorded: s.Recorded()}
	err = s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error { return pass.plan(ctx, c) })
	})
	if err != nil {
		return 0, fmt.Errorf("plan which readings before %s settle: %w", before, err)
	}
	if len(pass.ranges) > 0 {
		// The heads know whatever has settled; see knownSQL.
		if err := s.SaveHeads(ctx); err != nil {
			return 0, err
		}
	}
	for _, meters := range pass.ranges {
		n, err := s.settleRange(ctx, &pass, meters)
		if err != nil {
			return moved, fmt.Errorf("settle readings before %s of the meters %d to %d: %w", before, meters.first, meters.last, err)
		}
		moved += n
	}
	done, ok := pass.end()
	if !ok {
		return moved, nil
	}
	if until := pass.month(); pass.isLast && pass.isNewMonth() {
		if err := s.order(ctx, done.ordered, until); err != nil {
			return moved, fmt.Errorf("put what settled from %s until %s in order: %w", done.ordered, until, err)
		}
		done.ordered = until
	}
	if pass.isLast {
		if err := s.orderDays(ctx, done.ordered, done.day, defaultRuns.packs); err != nil {
			return moved, fmt.Errorf("put what settled of the running month until %s in order: %w", done.day, err)
		}
	}
	return moved, s.noteSettled(ctx, done)
}

// settleRange moves the readings of a range of meters: it packs them while batches
// are posted, and puts the packs in their place in one transaction.
func (s *Store) settleRange(ctx context.Context, pass *settling, meters meterRange) (moved int64, err error) {
	s.settling.Lock() // nobody else takes readings away between here and there
	defer s.settling.Unlock()
	var p packing
	args := pass.args(meters)
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) { p.add(readBlock(b)) }, `SELECT `+readingColumns+which+` ORDER BY meter, time`, args...)
	})
	if err = errors.Join(err, p.end()); err != nil || p.readings == 0 {
		return 0, err
	}
	s.write.Lock()
	defer s.write.Unlock()
	err = s.writer.Transaction(ctx, func() error {
		if err := appendPacks(s.writer, p.packs); err != nil {
			return err
		}
		gone, err := s.writer.Exec(ctx, `DELETE`+which, args...)
		if err == nil && gone != p.readings {
			err = fmt.Errorf("got %d readings to take away, want the %d that were packed", gone, p.readings)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	pass.add(p.packs)
	return p.readings, nil
}

// noteSettled remembers how far readings have settled, and gives back the room of
// those that were moved.
func (s *Store) noteSettled(ctx context.Context, done settledUntil) error {
	s.write.Lock()
	defer s.write.Unlock()
	err := s.writer.Transaction(ctx, func() error {
		if _, err := s.writer.Exec(ctx, `DELETE FROM settled_until`); err != nil {
			return err
		}
		_, err := s.writer.Exec(ctx, `INSERT INTO settled_until VALUES ($1, $2, $3)`, int32(done.day), int64(done.recorded), int32(done.ordered))
		return err
	})
	if err != nil {
		return err
	}
	// What was taken away is still stepped over by every scan until the table is
	// written anew.
	_, err = s.writer.Exec(ctx, "CHECKPOINT")
	return err
}
