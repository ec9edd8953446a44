package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"jouleline/ingest/feed"
	"jouleline/schema"
)

// Supplies is what a file of bills is held against.
type Supplies interface {
	// Zone is the calendar of meters that have none of their own.
	Zone() *time.Location
	// Billed gives the carrier and the calendar of a meter that is paid by bills.
	// The error says why no bill of it can be booked.
	Billed(meter string) (schema.Carrier, *time.Location, error)
	// Booked gives the bills of meters that are in the books and end in [from,
	// to], of each period the version that counts, tombstones among them.
	Booked(ctx context.Context, meters []string, from, to schema.Instant) ([]schema.Reading, error)
}

// BillFile is a file of bills and what is known beside it; see
// [feed.BillConfig].
type BillFile struct {
	Content      []byte
	Columns      map[string]string
	EndExclusive bool
	// DryRun gives the verdicts and puts nothing on the topic.
	DryRun bool
}

// ErrNotStored tells that Kafka did not take everything. Nothing is acknowledged;
// the same may be sent again.
var ErrNotStored = errors.New("not everything could be stored now; send the same again")

// aroundBills is how far around the periods of a file bills in the books are
// looked for: the last bill before it shows a gap, and one that is longer than a
// year is none.
const aroundBills = schema.Instant(400 * 24 * schema.Hour)

// Bills reads a file of utility bills and returns once those that are new, or
// correct what is in the books, are in Kafka. Every row has its verdict. The
// error is a *feed.FileError where the file cannot be read as bills, and wraps
// [ErrNotStored] where Kafka does not take them; then nothing is acknowledged.
func (g *Gateway) Bills(ctx context.Context, s Supplies, file BillFile) (*feed.Bills, error) {
	received := g.config.Now()
	c := feed.BillConfig{
		Zone: s.Zone(), Columns: file.Columns, EndExclusive: file.EndExclusive, Received: received,
		ZoneOf: func(meter string) *time.Location {
			_, zone, _ := s.Billed(meter) // MeterOf has told the error
			return zone
		},
		MeterOf: func(account string) (string, error) {
			if g.config.Allow != nil {
				switch allowed, err := g.config.Allow(ctx, account); {
				case err != nil:
					return "", err
				case !allowed:
					return "", fmt.Errorf("the token does not allow bills of %q", account)
				}
			}
			_, _, err := s.Billed(account)
			return account, err
		},
		CarrierOf: func(meter string) schema.Carrier {
			carrier, _, _ := s.Billed(meter)
			return carrier
		},
	}
	bills, err := feed.ReadBills(bytes.NewReader(file.Content), c)
	if err != nil {
		return nil, fmt.Errorf("read bills: %w", err)
	}
	if meters, from, to := extent(bills); len(meters) > 0 {
		if c.Booked, err = s.Booked(ctx, meters, from-aroundBills, to+aroundBills); err != nil {
			return nil, fmt.Errorf("bills in the books: %w", err)
		}
		if bills, err = feed.ReadBills(bytes.NewReader(file.Content), c); err != nil {
			return nil, fmt.Errorf("read bills: %w", err)
		}
	}
	if file.DryRun {
		return bills, nil
	}
	batch := newBatch(g.config.Partitions, received, "bills")
	readings := bills.Readings()
	for i := range readings {
		batch.add(&readings[i])
	}
	if err := g.store(ctx, batch.finish(), nil); err != nil {
		g.config.Log.Warn("bills are not stored", "bills", len(readings), "error", err)
		return nil, ErrNotStored
	}
	g.config.Telemetry.Readings(FromBills, schema.Accepted, len(readings))
	return bills, nil
}

// extent gives the meters of the bills that could be read, and the stretch in
// which they lie.
func extent(bills *feed.Bills) (meters []string, from, to schema.Instant) {
	from, to = schema.MaxInstant, schema.MinInstant
	for i := range bills.Rows {
		if r := &bills.Rows[i].Bill.Reading; r.Meter != "" {
			meters = append(meters, r.Meter)
			from, to = min(from, r.Start), max(to, r.Time)
		}
	}
	slices.Sort(meters)
	return slices.Compact(meters), from, to
}
