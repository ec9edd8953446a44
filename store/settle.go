package store

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	// denseDay is from how many readings on a day has a pack of its own; sparser ones
	// wait for their month to end. A pack costs some 40 bytes beside its readings.
	denseDay = 24
)

// Settle packs the readings of before a UTC day. It makes one pass of limited length
// and gives how many readings it moved; 0 means that there is nothing more to do
// before the next day, or before many more readings have come late. Once a month
// the sparse days of the months before are packed too, and the packs put in the
// order of meters (see [Store.order]). Batches are posted and questions answered
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
	done, ok := pass.end(moved)
	if !ok {
		return moved, nil
	}
	if from := pass.done.ordered; done.ordered > from {
		if err := s.order(ctx, from, done.ordered); err != nil {
			return moved, fmt.Errorf("put what settled from %s until %s in order: %w", from, done.ordered, err)
		}
	}
	return moved, s.noteSettled(ctx, done)
}

// settledUntil tells how far readings have settled, as its table does.
type settledUntil struct {
	day      schema.Day
	recorded schema.Instant
	ordered  schema.Day
}

// settling is a pass: it moves the readings of before a day that were recorded until
// a moment, range by range of meters.
type settling struct {
	done     settledUntil
	before   schema.Day
	recorded schema.Instant
	// sparse is the day before which days of few readings settle too.
	sparse schema.Day
	// first is the first day of what is moved.
	first  schema.Day
	ranges []meterRange
	// isLast tells that nothing that was recorded by now is left to another pass.
	isLast bool
}

type meterRange struct{ first, last int32 }

// isNewMonth tells that a month has ended since the packs were put in order.
func (p *settling) isNewMonth() bool { return p.sparse > p.done.ordered }

// end gives how far readings have settled after the pass; ok is false where there
// was none.
func (p *settling) end(moved int64) (done settledUntil, ok bool) {
	if len(p.ranges) == 0 && !p.isLast {
		return p.done, false
	}
	done = p.done
	done.recorded = p.recorded
	if p.isLast {
		done.day, done.ordered = max(done.day, p.before), max(done.ordered, p.sparse)
	}
	// A long history that came late is put in order when the next month has ended.
	if moved >= settleLate && p.first < p.done.ordered {
		done.ordered = schema.MonthOf(p.first).First()
	}
	return done, true
}

// plan finds how much there is, and shortens the pass where that is too much.
// Whatever was recorded by p.recorded is seen by a transaction that begins now.
func (p *settling) plan(ctx context.Context, c *duck.Conn) error {
	err := each(ctx, c, func(b duck.Block) {
		for i := range b.Rows() {
			p.done.day, p.done.ordered = schema.Day(duck.Column[int32](b, 0)[i]), schema.Day(duck.Column[int32](b, 2)[i])
			p.done.recorded = schema.Instant(duck.Column[int64](b, 1)[i])
		}
	}, `SELECT day, recorded, ordered FROM settled_until`)
	if err != nil {
		return err
	}
	p.first, p.sparse = p.before, p.done.ordered
	if p.before > p.done.day {
		p.sparse = schema.MonthOf(p.before).First()
	}
	late, all := int64(0), true
	recorded := p.recorded
	err = each(ctx, c, func(b duck.Block) {
		readings, last := duck.Column[int64](b, 0), duck.Column[int64](b, 1)
		for i := range readings {
			if schema.Instant(last[i]) <= p.done.recorded {
				continue // left over: sparse days
			}
			if all = all && (late == 0 || late+readings[i] <= settleInPass); !all {
				return
			}
			late += readings[i]
			recorded = schema.Instant(last[i])
		}
	}, `SELECT count(*), max(recorded) FROM readings WHERE time < $1 AND recorded <= $2 GROUP BY recorded // 1000 ORDER BY recorded // 1000`,
		int64(p.before.Start(time.UTC)), int64(p.recorded))
	if err != nil || p.before <= p.done.day && late < settleLate {
		return err
	}
	if p.isLast = all; !all {
		p.recorded = recorded
	}
	return p.deal(ctx, c)
}

// which chooses what the pass moves of the meters $1 to $2: all of before $5, and of
// before $3 the dense days.
const which = ` FROM readings WHERE meter BETWEEN $1 AND $2 AND time < $3 AND recorded <= $4 AND (time < $5 OR (meter, time // 86400000) IN (
	SELECT (meter, time // 86400000) FROM readings WHERE meter BETWEEN $1 AND $2 AND time < $3 AND recorded <= $4
	GROUP BY meter, time // 86400000 HAVING count(*) >= $6))`

func (p *settling) args(meters meterRange) []any {
	sparse := p.sparse
	if !p.isNewMonth() {
		sparse = 0
	}
	return []any{meters.first, meters.last, int64(p.before.Start(time.UTC)), int64(p.recorded), int64(sparse.Start(time.UTC)), int64(denseDay)}
}

// deal deals the meters to ranges of about equally many readings.
func (p *settling) deal(ctx context.Context, c *duck.Conn) error {
	held := int64(0)
	return each(ctx, c, func(b duck.Block) {
		meters, readings := duck.Column[int32](b, 0), duck.Column[int64](b, 1)
		for i, meter := range meters {
			if len(p.ranges) == 0 || held+readings[i] > settleAtOnce {
				p.ranges, held = append(p.ranges, meterRange{meter, meter}), 0
			}
			p.ranges[len(p.ranges)-1].last = meter
			held += readings[i]
		}
	}, `SELECT meter, count(*) FROM readings WHERE time < $1 AND recorded <= $2 GROUP BY meter ORDER BY meter`,
		int64(p.before.Start(time.UTC)), int64(p.recorded))
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
	for i := range p.packs {
		pass.first = min(pass.first, p.packs[i].day)
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
