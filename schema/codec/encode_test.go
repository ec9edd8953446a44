package codec

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/schema"
)

func TestAppend_Examples(t *testing.T) {
	r := schema.Reading{
		Meter: `E,"1 \x`, Time: instant("2024-05-01T00:15:00.5Z"), Value: -1_500_000,
		Start: instant("2024-05-01T00:00:00Z"), HasStart: true,
		Unit: schema.KilowattHour, Kind: schema.Delta, Register: 1, Revision: 2, Deleted: true,
	}
	want := `{"meter":"E,\"1 \\x","time":"2024-05-01T00:15:00.5Z","value":-1.5,"start":"2024-05-01T00:00:00Z","unit":"kWh","kind":"delta","revision":2,"register":1,"deleted":true}` + "\n"
	if got := string(AppendJSON(nil, &r)); got != want {
		t.Errorf("JSON: got %s", got)
	}
	want = "meter,time,value,start,unit,kind,revision,register,deleted\n" + `"E,""1 \x",2024-05-01T00:15:00.5Z,-1.5,2024-05-01T00:00:00Z,kWh,delta,2,1,true` + "\n"
	if got := string(AppendCSV(AppendCSVHeader(nil), &r)); got != want {
		t.Errorf("CSV: got %s", got)
	}
	want = `reading,meter=E\,"1\ \x,unit=kWh,kind=delta value=-1.5,start=1714521600000i,revision=2i,register=1i,deleted=t 1714522500500` + "\n"
	if got, err := AppendLine(nil, &r, Milliseconds); string(got) != want || err != nil {
		t.Errorf("line: got %s, %v", got, err)
	}
	r.Meter = `E\`
	if got, err := AppendLine([]byte("before"), &r, Milliseconds); string(got) != "before" || err == nil {
		t.Errorf("line: got %s and no error for an id that it cannot say", got)
	}
}

func TestAppend_ShortestForm(t *testing.T) {
	r := schema.Reading{Meter: "E1", Time: instant("2024-05-01T00:00:00Z"), Value: schema.Micro}
	if got := string(AppendJSON(nil, &r)); got != good+"\n" {
		t.Errorf("got %s, want %s", got, good)
	}
	r.Original = "1.0000001"
	if got := string(AppendJSON(nil, &r)); got != head+"1.0000001}\n" {
		t.Errorf("got %s, want the original text of the value", got)
	}
	r.Original = "one"
	if got := string(AppendJSON(nil, &r)); got != good+"\n" {
		t.Errorf("got %s, want the value, for the original is not a number", got)
	}
}

// checkRoundTrip asserts that every encoding gives the reading back.
func checkRoundTrip(t testing.TB, r schema.Reading) {
	t.Helper()
	same := func(format Format, body []byte) {
		t.Helper()
		readings, bad := checkElements(t, format, body)
		if len(bad) > 0 || len(readings) != 1 || readings[0] != r {
			t.Fatalf("%v %v: %s\ngot  %+v %+v\nwant %+v", format.Encoding, format.Precision, body, readings, bad, r)
		}
	}
	line := AppendJSON(nil, &r)
	if !json.Valid(line) {
		t.Fatalf("%s is not JSON", line)
	}
	same(asJSON, line)
	same(asCSV, AppendCSV(AppendCSVHeader(nil), &r))
	for precision := Nanoseconds; precision <= Milliseconds; precision++ {
		if line, err := AppendLine(nil, &r, precision); err == nil {
			same(Format{Line, precision}, line)
		} else if !strings.HasSuffix(r.Meter, `\`) {
			t.Fatal(err)
		}
	}
}

func TestAppend_RoundTripOfRandomReadings(t *testing.T) {
	random := chance.Random(t)
	for range 20_000 {
		checkRoundTrip(t, randomReading(random))
	}
}

func randomReading(random *rand.Rand) schema.Reading {
	alphabet := []rune(`Aa0-_ ,="\'#{}:一号é`)
	meter := make([]rune, 1+random.IntN(20))
	for i := range meter {
		meter[i] = alphabet[random.IntN(len(alphabet))]
	}
	r := schema.Reading{
		Meter:    string(meter),
		Time:     clockWasSet + schema.Instant(random.Int64N(int64(received-clockWasSet))) + 1,
		Value:    schema.Quantity(random.Int64N(int64(schema.MaxQuantity)+1) >> random.IntN(60)),
		Unit:     schema.Unit(random.IntN(int(schema.CubicMetrePerHour) + 1)),
		Kind:     schema.Kind(random.IntN(int(schema.Bill) + 1)),
		Register: uint8(random.IntN(3)),
		Revision: int32(random.IntN(3)),
		Deleted:  random.IntN(10) == 0,
	}
	if random.IntN(2) == 0 {
		r.Value = -r.Value
	}
	if random.IntN(3) == 0 && r.Kind != schema.Register && r.Kind != schema.Power {
		r.Start, r.HasStart = r.Time-1-schema.Instant(random.Int64N(int64(r.Time))), true
	}
	if random.IntN(5) == 0 {
		r.Original = "12.34567890"[:10+random.IntN(2)]
		r.Value, _, _ = schema.ParseQuantity(r.Original)
	}
	return r
}

// FuzzRoundTrip asserts that whatever a body gives can be written and read back
// in every encoding.
func FuzzRoundTrip(f *testing.F) {
	for _, element := range elements {
		f.Add([]byte(element), uint8(JSON))
	}
	f.Add([]byte("m,meter=E\\ 1 value=+.1234567,start=1i 1714521600"), uint8(Line))
	f.Add([]byte("meter,time,value\n\"E\"\"1\",2024-05-01T00:00:00Z,007.12345678e1\n"), uint8(CSV))
	f.Fuzz(func(t *testing.T, body []byte, encoding uint8) {
		readings, _ := checkElements(t, Format{Encoding(encoding%3 + 1), Seconds}, body)
		for _, r := range readings {
			checkRoundTrip(t, r)
		}
	})
}
