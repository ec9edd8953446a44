package storetest

import (
	"fmt"
	"math/rand/v2"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/pack"
)

// denseDay is from how many readings on a day has a pack of its own in a store, which
// leaves sparser ones for another time.
const denseDay = 24

// How long after its time a reading is received, and how much later it is recorded,
// in milliseconds: the least, and what chance adds.
const (
	receivedAfter, receivedWithin = 1000, 2000
	recordedAfter, recordedWithin = 50, 500
)

// course is what each of the meters that share it has in the file.
type course struct {
	first, seen schema.Instant
	packs       []packed          // by day, of the days that have ended
	open        []posting.Reading // of today, in order
	booked      []booked          // by recording day, then by day
}

// packed is a pack of a UTC day.
type packed struct {
	day                schema.Day
	earliest, recorded schema.Instant
	readings           int32
	data               []byte
}

// booked is a row of the ledger: what was booked on a local day by what was recorded
// on a UTC day.
type booked struct {
	books.Entry
	recorded schema.Instant
}

// recordedOn is the UTC day on which a row was recorded.
func (b *booked) recordedOn() schema.Day { return utcDay(b.recorded) }

// utcDay gives the UTC day of a moment that is not before 1970.
func utcDay(t schema.Instant) schema.Day { return schema.Day(t / aDay) }

// make reads a course and packs and books it.
func (c *course) make(crowd *Crowd, number int) error {
	points, err := crowd.Course(number)
	if err != nil {
		return err
	}
	readings, err := receive(points, crowd.End, rand.New(rand.NewPCG(crowd.Seed, uint64(number))))
	if err != nil {
		return err
	}
	c.first, c.seen = readings[0].Time, readings[len(readings)-1].Time
	judged := books.Judge(crowd.Facts, points, false, schema.MaxInstant)
	for i, code := range judged.Codes {
		if code != schema.Accepted {
			return fmt.Errorf("got the verdict %s on the reading of %s, want none", code, points[i].Time)
		}
	}
	c.booked = book(judged.Spans, readings, crowd.Facts)
	return c.pack(readings, utcDay(crowd.End))
}

// receive says when points were received and recorded.
func receive(points []books.Point, end schema.Instant, random *rand.Rand) ([]posting.Reading, error) {
	if len(points) == 0 || points[0].Time < 0 || points[len(points)-1].Time >= end {
		return nil, fmt.Errorf("got %d readings, want one or more, from 1970 on and before %s", len(points), end)
	}
	readings := make([]posting.Reading, len(points))
	for i := range points {
		p := &points[i]
		if i > 0 && p.Time <= points[i-1].Time {
			return nil, fmt.Errorf("got a reading of %s after one of %s, want them in order", p.Time, points[i-1].Time)
		}
		p.Received = p.Time + receivedAfter + schema.Instant(random.IntN(receivedWithin))
		readings[i] = posting.Reading{Point: *p, Recorded: p.Received + recordedAfter + schema.Instant(random.IntN(recordedWithin))}
		if i > 0 {
			readings[i].Recorded = max(readings[i].Recorded, readings[i-1].Recorded)
		}
	}
	return readings, nil
}

// pack packs the days before today.
func (c *course) pack(readings []posting.Reading, today schema.Day) error {
	var packer pack.Packer
	for len(readings) > 0 {
		day, n := utcDay(readings[0].Time), 1
		for n < len(readings) && utcDay(readings[n].Time) == day {
			n++
		}
		if day >= today {
			break
		}
		if n < denseDay {
			return fmt.Errorf("got %d readings on %s, want %d or more", n, day, denseDay)
		}
		row := packed{day: day, earliest: readings[0].Recorded, readings: int32(n)}
		for i := range readings[:n] {
			row.earliest, row.recorded = min(row.earliest, readings[i].Recorded), max(row.recorded, readings[i].Recorded)
		}
		var err error
		if row.data, err = packer.Append(nil, readings[:n]); err != nil {
			return err
		}
		c.packs, readings = append(c.packs, row), readings[n:]
	}
	c.open = append(c.open, readings...)
	return nil
}

// book makes the rows of the ledger as folding leaves them. A span is recorded with
// the reading at its end.
func book(spans []books.Span, readings []posting.Reading, facts *books.Meter) (rows []booked) {
	at := 0
	for i := range spans {
		s := &spans[i]
		for at < len(readings)-1 && readings[at].Time < s.To {
			at++
		}
		recorded := readings[at].Recorded
		s.Days(facts.Zone, func(day schema.Day, q schema.Quantity, known int64) {
			row := rowOf(&rows, day, s.Cause, recorded)
			row.Quantity += q
			row.Known += known
			if s.Estimated {
				row.Estimated += q
			}
		})
	}
	return rows
}

// rowOf finds the row of a day and cause among those that were recorded on the same
// UTC day, which are the last, or makes it.
func rowOf(rows *[]booked, day schema.Day, cause books.Cause, recorded schema.Instant) *booked {
	for i := len(*rows) - 1; i >= 0 && (*rows)[i].recordedOn() == utcDay(recorded); i-- {
		if row := &(*rows)[i]; row.Day == day && row.Cause == cause {
			row.recorded = max(row.recorded, recorded)
			return row
		}
	}
	*rows = append(*rows, booked{books.Entry{Day: day, Cause: cause}, recorded})
	return &(*rows)[len(*rows)-1]
}
