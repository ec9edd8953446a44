package books

import (
	"testing"
	"time"

	"jouleline/metrics/calendar"
	"jouleline/schema"
)

var shanghai = func() *calendar.Zone {
	location, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return calendar.NewZone(location)
}()

func quantity(t testing.TB, text string) schema.Quantity {
	t.Helper()
	q, _, err := schema.ParseQuantity(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func instant(t testing.TB, text string) schema.Instant {
	t.Helper()
	at, err := schema.ParseInstant("2023-" + text + ":00+08:00")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// register is a meter like E1 of the example world: kWh, at most 99999.99, at
// most 60 kWh an hour, hourly, gaps from three hours.
func registerMeter(t testing.TB) *Meter {
	return &Meter{
		Zone:       shanghai,
		Multiplier: schema.One,
		Eras: []Era{{
			From: schema.MinInstant, To: schema.MaxInstant,
			Kind: schema.Register, Carrier: schema.Electricity, Unit: schema.KilowattHour,
			RegisterMax: quantity(t, "99999.99"), Modulus: quantity(t, "100000"), Step: quantity(t, "0.01"),
			MaxRate: quantity(t, "60"), Interval: schema.Hour, GapLimit: 3 * schema.Hour,
		}},
	}
}

func point(t testing.TB, at, value string) Point {
	t.Helper()
	return Point{Time: instant(t, at), Value: quantity(t, value), Unit: schema.KilowattHour, Kind: schema.Register, Received: instant(t, at)}
}

func total(spans []Span) (q schema.Quantity) {
	for _, s := range spans {
		q += s.Quantity
	}
	return q
}
