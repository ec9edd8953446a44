package arrow

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/ipc"

	"jouleline/bench/chance"
	"jouleline/schema"
)

// encode writes readings as one stream.
func encode(t testing.TB, readings []schema.Reading) []byte {
	t.Helper()
	var body bytes.Buffer
	e := NewEncoder(&body)
	for i := range readings {
		if err := e.Encode(&readings[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

// someReading makes a reading that every decoder takes.
func someReading(random *rand.Rand) schema.Reading {
	r := schema.Reading{
		Meter:    fmt.Sprintf("3701%02d-表-%d", random.IntN(3), random.IntN(5000)),
		Time:     received - schema.Instant(random.Int64N(1e12)),
		Value:    schema.Quantity(random.Int64N(int64(schema.MaxQuantity)) >> random.IntN(62)),
		Unit:     schema.Unit(random.IntN(int(schema.CubicMetrePerHour) + 1)),
		Kind:     schema.Kind(random.IntN(int(schema.Bill) + 1)),
		Register: uint8(random.IntN(3)),
		Revision: int32(random.IntN(4)),
		Deleted:  random.IntN(20) == 0,
	}
	if random.IntN(2) == 0 {
		r.Value = -r.Value
	}
	if r.Kind.HasStart() && random.IntN(2) == 0 {
		r.HasStart, r.Start = true, r.Time-schema.Instant(1+random.Int64N(1e9))
	}
	return r
}

// TestEncoder_RoundTrip writes random readings, in several batches, and reads
// them back.
func TestEncoder_RoundTrip(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	for _, n := range []int{0, 1, 7, rowsPerBatch, 2*rowsPerBatch + 3} {
		want := make([]schema.Reading, n)
		for i := range want {
			want[i] = someReading(random)
		}
		got, bad := checkElements(t, encode(t, want))
		if len(bad) > 0 || len(got) != n {
			t.Fatalf("got %d readings and %d rejections, want %d readings", len(got), len(bad), n)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("reading %d: got %+v, want %+v", i, got[i], want[i])
			}
		}
	}
}

// TestEncoder_ReadByTheLibrary holds the stream to the library's own reader.
func TestEncoder_ReadByTheLibrary(t *testing.T) {
	body := encode(t, []schema.Reading{
		{Meter: "一号楼", Time: received, Value: -1_500_001, Unit: schema.KilowattHour, Kind: schema.Delta, Start: received - 1, HasStart: true, Revision: 2},
		{Meter: "E2", Time: received, Value: schema.MaxQuantity, Register: 1, Deleted: true},
	})
	in, err := ipc.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Release()
	if !in.Next() {
		t.Fatalf("got no batch: %v", in.Err())
	}
	want := map[string][2]string{
		"meter": {"一号楼", "E2"}, "time": {"2024-05-01 01:00:00Z", "2024-05-01 01:00:00Z"},
		"value": {"-1.500001", "4611686018427.387903"}, "start": {"2024-05-01 00:59:59.999Z", "(null)"},
		"unit": {"kWh", "(null)"}, "kind": {"delta", "(null)"}, "revision": {"2", "0"},
		"register": {"0", "1"}, "deleted": {"false", "true"},
	}
	for i, field := range in.Schema().Fields() {
		for row := range 2 {
			if got := in.Record().Column(i).ValueStr(row); got != want[field.Name][row] {
				t.Errorf("%s of row %d: got %s, want %s", field.Name, row, got, want[field.Name][row])
			}
		}
	}
	if len(in.Schema().Fields()) != len(want) || in.Next() {
		t.Errorf("got %d columns, want %d in one batch", len(in.Schema().Fields()), len(want))
	}
}

var errFull = errors.New("the disk is full")

// fullWriter takes so many bytes.
type fullWriter struct{ room int }

func (w *fullWriter) Write(p []byte) (int, error) {
	if len(p) > w.room {
		return 0, errFull
	}
	w.room -= len(p)
	return len(p), nil
}

func TestEncoder_WriterFails(t *testing.T) {
	r := schema.Reading{Meter: "E1", Time: received, Value: 1}
	for _, room := range []int{0, 1000, 50_000} {
		e := NewEncoder(&fullWriter{room})
		var err error
		for i := 0; i < 5*rowsPerBatch && err == nil; i++ {
			err = e.Encode(&r)
		}
		if !errors.Is(err, errFull) || !errors.Is(e.Encode(&r), errFull) || !errors.Is(e.Close(), errFull) {
			t.Errorf("room for %d bytes: got %v, want %v", room, err, errFull)
		}
	}
}
