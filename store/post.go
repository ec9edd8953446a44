package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// ErrOffset tells that a batch does not continue where the stored offset is: the
// batch was read before a restart, or another writer is at work.
var ErrOffset = errors.New("the batch does not begin at the stored offset")

// Post stores a batch in one transaction and sets its Recorded. A batch whose
// offsets do not begin where the stored ones end is refused with [ErrOffset].
func (s *Store) Post(ctx context.Context, b *posting.Batch) error {
	s.write.Lock()
	defer s.write.Unlock()
	if b.Log != nil && len(b.Offsets) > 0 {
		return errors.New("post batch: a batch either names a new log or moves offsets")
	}
	for _, o := range b.Offsets {
		if stored, ok := s.offsets[o.Partition]; ok && stored != o.First {
			return fmt.Errorf("post batch: partition %d: got offsets from %d, want from %d: %w", o.Partition, o.First, stored, ErrOffset)
		}
	}
	b.Recorded = s.next()
	err := s.writer.Transaction(ctx, func() error {
		if err := changeLog(ctx, s.writer, b); err != nil {
			return err
		}
		if err := changeRegistry(ctx, s.writer, b.Registry, b.Recorded); err != nil {
			return err
		}
		rollup := appendRollup
		if b.Registry != nil && b.Registry.Moved {
			rollup = func(c *duck.Conn, _ []posting.Entry) error { return rebuildRollup(ctx, c) }
		}
		return errors.Join(
			appendReadings(s.writer, "readings", b.Readings, b.Recorded),
			appendEntries(s.writer, b.Entries, b.Recorded),
			rollup(s.writer, b.Entries),
			appendCodes(s.writer, b.Codes, b.Recorded),
			appendRejected(s.writer, b.Rejected, b.Recorded, s.rejects),
			appendParked(s.writer, b.Parked, b.Recorded),
			moveOffsets(ctx, s.writer, b.Offsets),
			changeRecompute(ctx, s.writer, b),
		)
	})
	if err != nil {
		return fmt.Errorf("post batch of %d readings: %w", len(b.Readings), err)
	}
	if b.Log != nil {
		clear(s.offsets)
	}
	if b.Registry != nil && b.Registry.Moved {
		s.years.forget()
		s.months.forget()
	} else {
		s.years.post(b.Entries)
		s.months.post(b.Entries, s.config.MonthBytes)
	}
	if b.Registry != nil {
		s.partbook.forget()
	} else {
		s.partbook.post(b.Entries)
	}
	s.recorded = b.Recorded
	s.rejects += int64(len(b.Rejected))
	for _, o := range b.Offsets {
		s.offsets[o.Partition] = o.Next
	}
	return nil
}

// moveOffsets writes the new position of each partition.
func moveOffsets(ctx context.Context, c *duck.Conn, offsets []posting.Offset) error {
	for _, o := range offsets {
		changed, err := c.Exec(ctx, `UPDATE offsets SET next = $1 WHERE "partition" = $2`, o.Next, o.Partition)
		if err != nil {
			return err
		}
		if changed == 0 {
			if _, err = c.Exec(ctx, `INSERT INTO offsets VALUES ($1, $2)`, o.Partition, o.Next); err != nil {
				return err
			}
		}
	}
	return nil
}

// pointTypes are the columns that stored and parked readings share, after the
// meter.
var pointTypes = []duck.Type{duck.Int64, duck.Int64, duck.Int64, duck.Int64, duck.Int64, duck.Int32, duck.Uint8, duck.Uint8, duck.Uint8, duck.Bool, duck.Text}

// decimals gives how many decimals the values of some readings need. Storing no
// more than that saves two bytes a reading where meters show hundredths.
func decimals(rows []posting.Reading) (digits uint8, unit int64) {
	unit = schema.Micro
	for i := range rows {
		for unit > 1 && int64(rows[i].Value)%unit != 0 {
			unit /= 10
			digits++
		}
		if unit == 1 {
			break
		}
	}
	return digits, unit
}

// appendReadings appends to a table that is made as that of the readings is;
// recorded is when, 0 where each reading says it itself.
func appendReadings(c *duck.Conn, table string, rows []posting.Reading, recorded schema.Instant) error {
	types := slices.Concat([]duck.Type{duck.Int32}, pointTypes, []duck.Type{duck.Uint8})
	digits, size := decimals(rows)
	return c.Append(table, types, len(rows), func(b duck.Block, from int) {
		meter, time, value := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		start, received, rec := duck.Column[int64](b, 3), duck.Column[int64](b, 4), duck.Column[int64](b, 5)
		revision, unit, kind := duck.Column[int32](b, 6), duck.Column[uint8](b, 7), duck.Column[uint8](b, 8)
		register, deleted := duck.Column[uint8](b, 9), duck.Column[bool](b, 10)
		places := duck.Column[uint8](b, 12)
		b.SetNulls(11)
		for i := range b.Rows() {
			r := &rows[from+i]
			meter[i], time[i], value[i], places[i] = r.Meter, int64(r.Time), int64(r.Value)/size, digits
			start[i], received[i], rec[i] = int64(r.Start), int64(r.Received), int64(cmp.Or(recorded, r.Recorded))
			revision[i], unit[i], kind[i] = r.Revision, uint8(r.Unit), uint8(r.Kind)
			register[i], deleted[i] = r.Register, r.Deleted
			if r.Original != "" {
				b.SetValid(11, i)
				b.SetText(11, i, r.Original)
			}
		}
	})
}

var entryTypes = []duck.Type{duck.Int32, duck.Int32, duck.Int64, duck.Int32, duck.Int64, duck.Uint8, duck.Int64}

func appendEntries(c *duck.Conn, rows []posting.Entry, recorded schema.Instant) error {
	return c.Append("ledger", entryTypes, len(rows), func(b duck.Block, from int) {
		meter, day, quantity := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[int64](b, 2)
		known, estimated, cause := duck.Column[int32](b, 3), duck.Column[int64](b, 4), duck.Column[uint8](b, 5)
		rec := duck.Column[int64](b, 6)
		for i := range b.Rows() {
			e := &rows[from+i]
			meter[i], day[i], quantity[i] = e.Meter, int32(e.Day), int64(e.Quantity)
			known[i], estimated[i], cause[i], rec[i] = int32(e.Known), int64(e.Estimated), uint8(e.Cause), int64(recorded)
		}
	})
}

// appendRollup sums the entries by account and month and appends the sums.
func appendRollup(c *duck.Conn, entries []posting.Entry) error {
	type key struct {
		account int32
		month   schema.Month
	}
	type sum struct{ quantity, known, estimated int64 }
	sums := map[key]*sum{}
	var keys []key
	month, first, end := schema.Month(0), schema.Day(0), schema.Day(0)
	for i := range entries {
		e := &entries[i]
		if e.Account == posting.NoAccount {
			continue
		}
		if e.Day < first || e.Day >= end {
			month = schema.MonthOf(e.Day)
			first, end = month.First(), (month + 1).First()
		}
		k := key{e.Account, month}
		s := sums[k]
		if s == nil {
			s = &sum{}
			sums[k] = s
			keys = append(keys, k)
		}
		s.quantity += int64(e.Quantity)
		s.known += e.Known
		s.estimated += int64(e.Estimated)
	}
	return c.Append("rollup", []duck.Type{duck.Int32, duck.Int32, duck.Int64, duck.Int64, duck.Int64}, len(keys), func(b duck.Block, from int) {
		account, months := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
		quantity, known, estimated := duck.Column[int64](b, 2), duck.Column[int64](b, 3), duck.Column[int64](b, 4)
		for i := range b.Rows() {
			k := keys[from+i]
			s := sums[k]
			account[i], months[i], quantity[i], known[i], estimated[i] = k.account, int32(k.month), s.quantity, s.known, s.estimated
		}
	})
}

func appendCodes(c *duck.Conn, rows []posting.Code, recorded schema.Instant) error {
	types := []duck.Type{duck.Int32, duck.Int64, duck.Int64, duck.Uint8, duck.Uint8, duck.Text, duck.Int64}
	return c.Append("codes", types, len(rows), func(b duck.Block, from int) {
		meter, time, start := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		kind, register, rec := duck.Column[uint8](b, 3), duck.Column[uint8](b, 4), duck.Column[int64](b, 6)
		for i := range b.Rows() {
			r := &rows[from+i]
			meter[i], time[i], start[i] = r.Meter, int64(r.Time), int64(r.Start)
			kind[i], register[i], rec[i] = uint8(r.Kind), r.Register, int64(recorded)
			b.SetText(5, i, string(r.Code))
		}
	})
}

func appendRejected(c *duck.Conn, rows []posting.Rejected, recorded schema.Instant, last int64) error {
	types := []duck.Type{duck.Int64, duck.Int64, duck.Int64, duck.Text, duck.Int32, duck.Int64, duck.Text, duck.Text, duck.Bytes}
	return c.Append("rejected", types, len(rows), func(b duck.Block, from int) {
		sequence, received, rec := duck.Column[int64](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		partition, offset := duck.Column[int32](b, 4), duck.Column[int64](b, 5)
		for i := range b.Rows() {
			r := &rows[from+i]
			sequence[i], received[i], rec[i] = last+int64(from+i)+1, int64(r.Received), int64(recorded)
			partition[i], offset[i] = int32(r.Partition), r.Offset
			b.SetText(3, i, r.Source)
			b.SetText(6, i, string(r.Code))
			b.SetText(7, i, r.Detail)
			b.SetBytes(8, i, r.Original)
		}
	})
}

func appendParked(c *duck.Conn, rows []posting.Parked, recorded schema.Instant) error {
	types := slices.Concat([]duck.Type{duck.Text}, pointTypes)
	return c.Append("parked", types, len(rows), func(b duck.Block, from int) {
		time, value := duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		start, received, rec := duck.Column[int64](b, 3), duck.Column[int64](b, 4), duck.Column[int64](b, 5)
		revision, unit, kind := duck.Column[int32](b, 6), duck.Column[uint8](b, 7), duck.Column[uint8](b, 8)
		register, deleted := duck.Column[uint8](b, 9), duck.Column[bool](b, 10)
		b.SetNulls(3)
		b.SetNulls(11)
		for i := range b.Rows() {
			r := &rows[from+i]
			b.SetText(0, i, r.Meter)
			time[i], value[i], received[i], rec[i] = int64(r.Time), int64(r.Value), int64(r.Received), int64(recorded)
			if r.HasStart {
				b.SetValid(3, i)
				start[i] = int64(r.Start)
			}
			revision[i], unit[i], kind[i] = r.Revision, uint8(r.Unit), uint8(r.Kind)
			register[i], deleted[i] = r.Register, r.Deleted
			if r.Original != "" {
				b.SetValid(11, i)
				b.SetText(11, i, r.Original)
			}
		}
	})
}
