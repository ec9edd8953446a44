package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"jouleline/schema"
	"jouleline/store/duck"
)

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
	ranges   []meterRange
	// isLast tells that nothing that was recorded by now is left to another pass.
	isLast bool
	// isHistory tells that so much came late of months before that their sparse days
	// settle at once: until the month ends every pass would step over them.
	isHistory bool
	// early counts by month the readings that were moved although the packs of their
	// days lie in order already.
	early map[schema.Month]int64
}

type meterRange struct{ first, last int32 }

// month gives the first day of the month that the pass reaches: sparse days before
// it settle too in a new month, and where a long history has come.
func (p *settling) month() schema.Day { return schema.MonthOf(p.before).First() }

// isNewMonth tells that a month has ended since the days of the last pass.
func (p *settling) isNewMonth() bool {
	return schema.MonthOf(p.before) > schema.MonthOf(p.done.day)
}

// add notes packs that were moved.
func (p *settling) add(packs []packRow) {
	for i := range packs {
		if row := &packs[i]; row.day < p.done.ordered {
			if p.early == nil {
				p.early = map[schema.Month]int64{}
			}
			p.early[schema.MonthOf(row.day)] += int64(row.readings)
		}
	}
}

// end gives how far readings have settled after the pass; ok is false where there
// was none.
func (p *settling) end() (done settledUntil, ok bool) {
	if len(p.ranges) == 0 && !p.isLast {
		return p.done, false
	}
	done = p.done
	done.recorded = p.recorded
	if p.isLast {
		done.day = max(done.day, p.before)
	}
	if first, ok := p.history(); ok {
		done.ordered = first.First()
	}
	return done, true
}

// history gives the month with which a long history begins that came late: packs are
// put in order from there on when the next month has ended. A few that are older, or
// come late every day, are worth no such work: less than a tenth is left as it lies.
func (p *settling) history() (first schema.Month, ok bool) {
	all, before := int64(0), int64(0)
	for _, readings := range p.early {
		all += readings
	}
	if all < historyReadings {
		return 0, false
	}
	for _, month := range slices.Sorted(maps.Keys(p.early)) {
		if before += p.early[month]; before >= all/10 {
			return month, true
		}
	}
	return 0, false
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
	late, old, all := int64(0), int64(0), true
	recorded := p.recorded
	err = each(ctx, c, func(b duck.Block) {
		readings, last, before := duck.Column[int64](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		for i := range readings {
			if schema.Instant(last[i]) <= p.done.recorded {
				continue // left over: sparse days
			}
			if all = all && (late == 0 || late+readings[i] <= settleInPass); !all {
				return
			}
			late, old = late+readings[i], old+before[i]
			recorded = schema.Instant(last[i])
		}
	}, `SELECT count(*), max(recorded), count(*) FILTER (time < $3) FROM readings
		WHERE time < $1 AND recorded <= $2 GROUP BY recorded // 1000 ORDER BY recorded // 1000`,
		int64(p.before.Start(time.UTC)), int64(p.recorded), int64(p.month().Start(time.UTC)))
	if err != nil || p.before <= p.done.day && late < settleLate {
		return err
	}
	p.isHistory = old >= historyReadings
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
	sparse := schema.Day(0)
	if p.isNewMonth() || p.isHistory {
		sparse = p.month()
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
