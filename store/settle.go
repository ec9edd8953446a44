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
	// settleLate is how many readings that came late are worth a pass before the
	// next week has ended: fewer would make packs of one reading.
	settleLate = settleAtOnce
)

// Settle packs readings of before a moment, which should begin a week: those of a
// meter and a week become one row. It makes one pass of limited length and gives how
// many readings it moved; 0 means that there is nothing more to do. Until the
// moment is in a later week than the last time, it waits for more readings that came
// late. Batches are posted and questions are answered meanwhile; a pass that breaks
// off leaves what it has moved.
func (s *Store) Settle(ctx context.Context, before schema.Instant) (moved int64, err error) {
	// Whatever was recorded by now is seen by every transaction that begins now.
	pass := settling{before: before, recorded: s.Recorded()}
	err = s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error { return pass.plan(ctx, c) })
	})
	if err != nil {
		return 0, fmt.Errorf("plan which readings before %s settle: %w", before, err)
	}
	for _, meters := range pass.ranges {
		n, err := s.settleRange(ctx, &pass, meters)
		if err != nil {
			return moved, fmt.Errorf("settle readings before %s of the meters %d to %d: %w", before, meters.first, meters.last, err)
		}
		moved += n
	}
	if pass.isLast {
		err = s.noteSettled(ctx, before)
	}
	return moved, err
}

// settling is a pass: it moves the readings of before a moment that were recorded
// until another, range by range of meters.
type settling struct {
	before, recorded schema.Instant
	ranges           []meterRange
	// isLast tells that everything of before the moment has settled then.
	isLast bool
}

type meterRange struct{ first, last int32 }

// plan finds how much there is, and shortens the pass where that is too much.
func (p *settling) plan(ctx context.Context, c *duck.Conn) error {
	until, err := scalar(ctx, c, `SELECT coalesce(max(until), 0) FROM settled_until`)
	if err != nil {
		return err
	}
	isNewWeek := int64(p.before) > until
	waiting, all := int64(0), true
	recorded := p.recorded
	err = each(ctx, c, func(b duck.Block) {
		readings, last := duck.Column[int64](b, 0), duck.Column[int64](b, 1)
		for i := range readings {
			if all = all && (waiting == 0 || waiting+readings[i] <= settleInPass); all {
				waiting += readings[i]
				recorded = schema.Instant(last[i])
			}
		}
	}, `SELECT count(*), max(recorded) FROM readings WHERE time < $1 AND recorded <= $2 GROUP BY recorded // 1000 ORDER BY recorded // 1000`,
		int64(p.before), int64(p.recorded))
	if err != nil || !isNewWeek && waiting < settleLate {
		return err
	}
	p.recorded, p.isLast = recorded, all
	return p.deal(ctx, c)
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
		int64(p.before), int64(p.recorded))
}

// settleRange moves the readings of a range of meters: it packs them while batches
// are posted, and puts the packs in their place in one transaction.
func (s *Store) settleRange(ctx context.Context, pass *settling, meters meterRange) (moved int64, err error) {
	s.settling.Lock() // nobody else takes readings away between here and there
	defer s.settling.Unlock()
	const which = ` FROM readings WHERE meter BETWEEN $1 AND $2 AND time < $3 AND recorded <= $4`
	args := []any{meters.first, meters.last, int64(pass.before), int64(pass.recorded)}
	var p packing
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) { p.add(readBlock(b)) }, `SELECT `+readingColumns+which+` ORDER BY meter, time`, args...)
	})
	if err = errors.Join(err, p.end()); err != nil {
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
	return p.readings, err
}

// noteSettled remembers how far everything has settled.
func (s *Store) noteSettled(ctx context.Context, until schema.Instant) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		if _, err := s.writer.Exec(ctx, `DELETE FROM settled_until`); err != nil {
			return err
		}
		_, err := s.writer.Exec(ctx, `INSERT INTO settled_until VALUES ($1)`, int64(until))
		return err
	})
}
