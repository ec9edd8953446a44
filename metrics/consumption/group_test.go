package consumption_test

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// usages answers by the first day that is asked for.
type usages struct {
	rows  map[schema.Day][]indicator.Usage
	err   error
	asked []indicator.UsageQuery
}

func (u *usages) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	u.asked = append(u.asked, q)
	return u.rows[q.From], u.err
}

// county has three institutions: one meter is a sub-meter and does not count.
var county = map[string]string{
	"regions.csv":      "code,name,parent\n370000,p,\n",
	"institutions.csv": "id,class,region,valid_from\nA,education,370000,\nB,health,370000,2023-02-01\nC,culture,370000,\n",
	"buildings.csv":    "id,institution\nA1,A\nB1,B\nC1,C\n",
	"meters.csv": "id,building,carrier,kind,unit,parent\n" +
		"a,A1,electricity,register,kWh,\nas,A1,electricity,register,kWh,a\nw,A1,water,register,m3,\n" +
		"b,B1,electricity,register,kWh,\nc,C1,electricity,register,kWh,\n",
}

func TestReadGroup(t *testing.T) {
	r, zone := build(t, county), zoneOf(t, "Asia/Shanghai")
	january, february := schema.DayOf(2023, 1, 1), schema.DayOf(2023, 2, 1)
	hours := func(n int64) int64 { return n * schema.Hour }
	source := &usages{rows: map[schema.Day][]indicator.Usage{
		january: {
			{Institution: 0, Carrier: schema.Electricity, Quantity: 10 * schema.Micro, Estimated: 1 * schema.Micro, Known: hours(744)},
			{Institution: 0, Carrier: schema.Water, Quantity: 99 * schema.Micro, Known: hours(744)},
			{Institution: 2, Carrier: schema.Electricity, Quantity: 77 * schema.Micro, Known: hours(744)},
		},
		february: {
			{Institution: 0, Carrier: schema.Electricity, Quantity: 6 * schema.Micro, Known: hours(672)},
			{Institution: 1, Carrier: schema.Electricity, Quantity: 2 * schema.Micro, Known: hours(336)},
		},
	}}
	q := consumption.GroupQuery{
		Registry: r, Carrier: schema.Electricity, Place: []int{0, 1, -1}, Places: 2, Zone: zone,
		Buckets: cut(t, zone, zone.Start(january), zone.Start(schema.DayOf(2023, 4, 1)), calendar.MonthStep),
		Now:     zone.Start(schema.DayOf(2024, 1, 1)),
	}
	s, err := consumption.ReadGroup(context.Background(), source, q)
	if err != nil {
		t.Fatal(err)
	}
	points, err := s.Points(func(place int, _ calendar.Bucket) (kgce, kgCO2 *big.Rat) {
		return big.NewRat(1, 1), big.NewRat(int64(place+1), 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"01-01T00:00 10; 10 kgce, 10 kg; coverage 1, estimated 1/10", // B does not exist yet
		"02-01T00:00 8; 8 kgce, 10 kg; coverage 3/4, estimated 0",    // half of B's month is missing
		"03-01T00:00 null; null kgce, null kg; coverage 0, estimated null",
	} {
		if got := show(points[i], zone.Location()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := source.asked[0].Institutions; got != nil {
		t.Errorf("got %d institutions named, want none: they are most of the registry", len(got))
	}
	if p, err := s.Place(1, 1); err != nil || show(p, zone.Location()) != "02-01T00:00 2; null kgce, null kg; coverage 1/2, estimated 0" {
		t.Errorf("February of B: got %s, %v; want 2 and half of the month", show(p, zone.Location()), err)
	}
}

func TestReadGroup_Refuses(t *testing.T) {
	r, zone := build(t, county), zoneOf(t, "Asia/Shanghai")
	q := consumption.GroupQuery{
		Registry: r, Carrier: schema.Electricity, Place: []int{0, -1, -1}, Places: 1, Zone: zone,
		Buckets: cut(t, zone, at(t, "2023-01-01T10:00:00+08:00"), at(t, "2023-01-03T00:00:00+08:00"), calendar.DayStep),
		Now:     at(t, "2024-01-01T00:00:00Z"),
	}
	if _, err := consumption.ReadGroup(context.Background(), &usages{}, q); !errors.Is(err, consumption.ErrPartialDay) {
		t.Errorf("a partial day: got %v, want ErrPartialDay", err)
	}
	broken := errors.New("disk on fire")
	q.Buckets = cut(t, zone, at(t, "2023-01-01T00:00:00+08:00"), at(t, "2023-01-03T00:00:00+08:00"), calendar.DayStep)
	if _, err := consumption.ReadGroup(context.Background(), &usages{err: broken}, q); !errors.Is(err, broken) {
		t.Errorf("a broken source: got %v, want its error", err)
	}
}

// What no factor is known for has no energy, and does not lend its quantity to
// another's.
func TestSeries_UnknownFactor(t *testing.T) {
	l, q := schoolQuery(t, "2023-05-01T00:00:00+08:00", "2023-05-02T00:00:00+08:00", calendar.DayStep)
	s, err := consumption.Read(context.Background(), l, q)
	if err != nil {
		t.Fatal(err)
	}
	points, err := s.Points(func(int, calendar.Bucket) (kgce, kgCO2 *big.Rat) { return nil, big.NewRat(1, 2) })
	if err != nil {
		t.Fatal(err)
	}
	if got, want := show(points[0], q.Zone.Location()), "05-01T00:00 5.5; null kgce, 11/4 kg; coverage 1/12, estimated 0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
