package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
	"jouleline/store/pack"
)

// utcDay gives the UTC day of a moment.
func utcDay(t schema.Instant) schema.Day {
	const day = schema.Instant(24 * schema.Hour)
	if t < 0 {
		t -= day - 1
	}
	return schema.Day(t / day)
}

// packRow is a row of settled readings.
type packRow struct {
	meter                      int32
	day, until                 schema.Day     // UTC, the first and the last
	earliest, recorded         schema.Instant // when they were recorded, from and to
	readings, revised, deleted int32
	data                       []byte
}

// packing packs readings that come sorted by meter and time: a day to the pack, or a
// few days of a month where they are sparse.
type packing struct {
	packer   pack.Packer
	open     []posting.Reading // of one meter
	packs    []packRow
	readings int64
	err      error
}

func (p *packing) add(readings []posting.Reading) {
	for i := range readings {
		r := &readings[i]
		if n := len(p.open); n > 0 && (n == pack.MaxReadings || p.open[0].Meter != r.Meter || endsAt(n, utcDay(p.open[n-1].Time), utcDay(r.Time))) {
			p.flush()
		}
		p.open = append(p.open, *r)
	}
}

// endsAt tells whether a pack of n readings ends between two readings of these days.
func endsAt(n int, last, next schema.Day) bool {
	return last != next && (n >= denseDay || schema.MonthOf(last) != schema.MonthOf(next))
}

// end packs what is left.
func (p *packing) end() error {
	p.flush()
	return p.err
}

func (p *packing) flush() {
	if len(p.open) == 0 {
		return
	}
	slices.SortFunc(p.open, func(a, b posting.Reading) int { return books.Compare(&a.Point, &b.Point) })
	first := &p.open[0]
	row := packRow{
		meter: first.Meter, day: utcDay(first.Time), until: utcDay(p.open[len(p.open)-1].Time), earliest: first.Recorded, recorded: first.Recorded,
		readings: int32(len(p.open)),
	}
	for i := range p.open {
		r := &p.open[i]
		row.earliest, row.recorded = min(row.earliest, r.Recorded), max(row.recorded, r.Recorded)
		if r.Revision > 0 {
			row.revised++
		}
		if r.Deleted {
			row.deleted++
		}
	}
	var err error
	row.data, err = p.packer.Append(nil, p.open)
	p.err = errors.Join(p.err, err)
	p.packs = append(p.packs, row)
	p.readings += int64(len(p.open))
	p.open = p.open[:0]
}

var packTypes = []duck.Type{duck.Int32, duck.Int32, duck.Int32, duck.Int64, duck.Int64, duck.Int32, duck.Int32, duck.Int32, duck.Bytes}

func appendPacks(c *duck.Conn, packs []packRow) error {
	return c.Append("settled", packTypes, len(packs), func(b duck.Block, from int) {
		meter, day, until := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[int32](b, 2)
		earliest, recorded := duck.Column[int64](b, 3), duck.Column[int64](b, 4)
		readings, revised, deleted := duck.Column[int32](b, 5), duck.Column[int32](b, 6), duck.Column[int32](b, 7)
		for i := range b.Rows() {
			p := &packs[from+i]
			meter[i], day[i], until[i] = p.meter, int32(p.day), int32(p.until)
			earliest[i], recorded[i] = int64(p.earliest), int64(p.recorded)
			readings[i], revised[i], deleted[i] = p.readings, p.revised, p.deleted
			b.SetBytes(8, i, p.data)
		}
	})
}

// unpacked is a pack: its place in the table and its readings.
type unpacked struct {
	row      int64
	readings []posting.Reading
}

// eachPack visits the packs that a query gives as meter, data and rowid. What is
// visited is valid until the next visit; an error of it ends the whole.
func eachPack(ctx context.Context, c *duck.Conn, visit func(unpacked) error, sql string, args ...any) error {
	var packer pack.Packer
	var readings []posting.Reading
	var failure error
	err := each(ctx, c, func(b duck.Block) {
		for i, meter := range duck.Column[int32](b, 0) {
			if failure == nil {
				if readings, failure = decodePack(&packer, readings[:0], meter, b.Bytes(1, i)); failure == nil {
					failure = visit(unpacked{duck.Column[int64](b, 2)[i], readings})
				}
			}
		}
	}, sql, args...)
	return errors.Join(err, failure)
}

func decodePack(p *pack.Packer, dst []posting.Reading, meter int32, data []byte) ([]posting.Reading, error) {
	readings, err := p.Decode(dst, meter, data)
	if err != nil {
		return nil, fmt.Errorf("unpack settled readings of meter %d: %w", meter, err)
	}
	return readings, nil
}

// within gives the sorted readings of [lo, hi] that were recorded by a moment, in
// their place.
func within(readings []posting.Reading, lo, hi, knownAt schema.Instant) []posting.Reading {
	from := sort.Search(len(readings), func(i int) bool { return readings[i].Time >= lo })
	to := sort.Search(len(readings), func(i int) bool { return readings[i].Time > hi })
	readings = readings[from:max(from, to)]
	if knownAt == schema.MaxInstant {
		return readings
	}
	return slices.DeleteFunc(readings, func(r posting.Reading) bool { return r.Recorded > knownAt })
}

// readingsIn counts the stored versions, in a database that is named with a dot
// at its end, or in the store's own.
func readingsIn(ctx context.Context, c *duck.Conn, database string) (int64, error) {
	return scalar(ctx, c, `SELECT (SELECT count(*) FROM `+database+`readings) + (SELECT coalesce(sum(readings), 0) FROM `+database+`settled)`)
}
