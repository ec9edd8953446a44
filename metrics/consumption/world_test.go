package consumption_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// ledger is a source in memory: what was stored, and what judging all of it at
// once makes of it.
type ledger struct {
	stored  []posting.Reading
	codes   []posting.Code
	entries []posting.Entry
	// asked counts the readings that were handed out.
	asked int
}

func (l *ledger) Points(_ context.Context, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error) {
	var found []posting.Reading
	for _, s := range stretches {
		for _, r := range l.stored {
			if r.Meter == s.Meter && s.From <= r.Time && r.Time <= s.To && (knownAt == 0 || r.Recorded <= knownAt) {
				found = append(found, r)
			}
		}
	}
	slices.SortFunc(found, func(a, b posting.Reading) int {
		if a.Meter != b.Meter {
			return int(a.Meter - b.Meter)
		}
		return books.Compare(&a.Point, &b.Point)
	})
	l.asked += len(found)
	return found, nil
}

func (l *ledger) EachMeter(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant, visit func([]posting.Reading) error) error {
	readings, err := l.Points(ctx, stretches, knownAt)
	if err != nil {
		return err
	}
	return posting.EachMeter(readings, visit)
}

func (l *ledger) Latest(_ context.Context, meters []int32) (known []posting.Known, err error) {
	for _, meter := range meters {
		k := posting.Known{Meter: meter, First: schema.MaxInstant}
		for _, r := range l.stored {
			if r.Meter == meter {
				k.First, k.Seen = min(k.First, r.Time), max(k.Seen, r.Time)
			}
		}
		if k.Seen > 0 {
			known = append(known, k)
		}
	}
	return known, nil
}

func (l *ledger) Codes(_ context.Context, meters []int32, from, to schema.Instant) ([]posting.Code, error) {
	var found []posting.Code
	for _, c := range l.codes {
		if slices.Contains(meters, c.Meter) && from <= c.Time && c.Time < to {
			found = append(found, c)
		}
	}
	return found, nil
}

func (l *ledger) Booked(_ context.Context, meters []int32, days schema.Validity, _ schema.Instant) ([]posting.Entry, error) {
	var found []posting.Entry
	for _, e := range l.entries {
		if slices.Contains(meters, e.Meter) && days.Contains(e.Day) {
			found = append(found, e)
		}
	}
	return found, nil
}

// add stores the readings of a meter and books them the plain way.
func (l *ledger) add(number int32, facts *books.Meter, points []books.Point) {
	for i, p := range points {
		l.stored = append(l.stored, posting.Reading{Meter: number, Recorded: schema.Instant(i + 1), Point: p})
	}
	points = slices.Clone(points)
	books.Sort(points)
	winners := books.Resolve(points)
	judged := books.Judge(facts, winners, false, schema.MaxInstant)
	for i, code := range judged.Codes {
		if code != schema.Accepted {
			p := &winners[i]
			l.codes = append(l.codes, posting.Code{Meter: number, CodeChange: books.CodeChange{Time: p.Time, Start: p.Start, Kind: p.Kind, Register: p.Register, Code: code}})
		}
	}
	for _, e := range books.Entries(judged.Spans, facts.Zone) {
		l.entries = append(l.entries, posting.Entry{Meter: number, Account: posting.NoAccount, Entry: e})
	}
}

// zoneOf builds the calendar of a zone.
func zoneOf(tb testing.TB, name string) *calendar.Zone {
	tb.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return calendar.NewZone(location)
}

// build makes a registry of tables given as text.
func build(tb testing.TB, tables map[string]string) *registry.Registry {
	tb.Helper()
	raw := registry.Tables{}
	for name, text := range tables {
		raw[name] = []byte(strings.TrimLeft(text, "\n"))
	}
	r, err := registry.Build(raw, registry.Options{})
	if err != nil {
		tb.Fatalf("registry: %v", err)
	}
	return r
}

// member compiles a meter of a registry that counts wherever it is valid.
func member(r *registry.Registry, id string, number int32, zone *calendar.Zone) consumption.Member {
	versions := r.MeterVersions(id)
	m := consumption.Member{Number: number, Facts: books.FactsOf(r, id, zone)}
	for i := range versions {
		m.Counts = append(m.Counts, versions[i].Validity)
		m.Expected = append(m.Expected, consumption.ExpectedDays(r, &versions[i])...)
	}
	return m
}

// at reads an instant.
func at(tb testing.TB, text string) schema.Instant {
	tb.Helper()
	t, err := schema.ParseInstant(text)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// quantity reads an amount.
func quantity(tb testing.TB, text string) schema.Quantity {
	tb.Helper()
	q, _, err := schema.ParseQuantity(text)
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

// kilowatt is a register reading in kWh.
func kilowatt(t schema.Instant, q schema.Quantity) books.Point {
	return books.Point{Time: t, Received: t, Value: q, Unit: schema.KilowattHour, Kind: schema.Register}
}

// shandong are the factors of electricity in the province.
func shandong(int, calendar.Bucket) (kgce, kgCO2 *big.Rat) {
	return big.NewRat(1229, 10_000), big.NewRat(641, 1000)
}

// read asks and gives the points.
func read(tb testing.TB, source consumption.Source, q consumption.Query) []consumption.Point {
	tb.Helper()
	s, err := consumption.Read(context.Background(), source, q)
	if err != nil {
		tb.Fatal(err)
	}
	points, err := s.Points(shandong)
	if err != nil {
		tb.Fatal(err)
	}
	return points
}

// cut cuts a stretch of time into buckets.
func cut(tb testing.TB, zone *calendar.Zone, from, to schema.Instant, step calendar.Step) []calendar.Bucket {
	tb.Helper()
	buckets, err := zone.Buckets(from, to, step, 1_000_000)
	if err != nil {
		tb.Fatal(err)
	}
	return buckets
}

// show writes a point as one line of text.
func show(p consumption.Point, in *time.Location) string {
	text := func(r *big.Rat) string {
		if r == nil {
			return "null"
		}
		return r.RatString()
	}
	q := "null"
	if p.Quantity != nil {
		q = p.Quantity.String()
	}
	return fmt.Sprintf("%s %s; %s kgce, %s kg; coverage %s, estimated %s",
		p.From.Time().In(in).Format("01-02T15:04"), q, text(p.Energy), text(p.Carbon), text(p.Coverage), text(p.EstimatedShare))
}
