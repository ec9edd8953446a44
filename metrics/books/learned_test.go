package books

import (
	"slices"
	"testing"
	"time"

	"jouleline/schema"
)

// A learned rate judges from its day on, where the meter has no rating of its
// own, and changes nothing before.
func TestCompile_LearnedRates(t *testing.T) {
	version := schema.Meter{
		ID: "E1", Carrier: schema.Electricity, Kind: schema.Register, Unit: schema.KilowattHour, Multiplier: schema.One,
		RegisterMax: quantity(t, "99999.99"), RegisterStep: quantity(t, "0.01"),
		Interval: schema.Hour, GapLimit: 3 * schema.Hour, Validity: schema.Open,
	}
	may3, may5 := schema.DayOf(2023, time.May, 3), schema.DayOf(2023, time.May, 5)
	learned := []schema.LearnedRate{
		{Meter: "E1", From: may3, MaxRate: quantity(t, "60")},
		{Meter: "E1", From: may5, MaxRate: quantity(t, "20")},
	}
	codes := func(m *Meter, lines string) []schema.Code {
		return Judge(m, history(t, lines), false, schema.MaxInstant).Codes
	}
	f := func(name string, m *Meter, lines string, want ...schema.Code) {
		t.Helper()
		if got := codes(m, lines); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	m := Compile([]schema.Meter{version}, nil, shanghai, learned...)
	if len(m.Eras) != 3 || m.Eras[0].Learned != nil || m.Eras[1].Learned.From != may3 || m.Eras[2].Learned.From != may5 {
		t.Fatalf("got eras %+v, want three, the first without a learned rate", m.Eras)
	}
	f("before: no rate, no rollover", m, "05-01T00:00 99990\n05-01T01:00 10", "", schema.Pending)
	f("from its day: a rollover can be", m, "05-03T00:00 99990\n05-03T01:00 10", "", "")
	f("over its beginning: the later reading's day counts", m, "05-02T23:00 99990\n05-03T00:00 10", "", "")
	f("from the next one's day: 30 kWh in an hour cannot be", m, "05-05T00:00 100\n05-05T01:00 130\n05-05T02:00 115", "", schema.Spike, "")
	f("the course goes on over a new rate", m, "05-04T23:00 100\n05-05T00:00 110\n05-05T01:00 120", "", "", "")

	version.MaxRate = quantity(t, "1000")
	rated := Compile([]schema.Meter{version}, nil, shanghai, learned...)
	if len(rated.Eras) != 1 || rated.Eras[0].MaxRate != quantity(t, "1000") {
		t.Errorf("got %+v, want the meter's own rating", rated.Eras)
	}
}
