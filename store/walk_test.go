package store

import (
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Whoever is visited meter by meter, while the next is unpacked or not, sees what
// Points gives at once; an error of a visit ends it, wherever it comes.
func TestEachMeter_VisitsWhatPointsGives(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "books"))
	defer mustClose(t, s)
	random := chance.Random(t)
	begin := schema.DayOf(2024, 3, 1).Start(time.UTC)
	const meters, readings = 5, unpackAhead + 500
	b := &posting.Batch{}
	for m := range int32(meters) {
		for i := range readings / (1 + int(m)%2*8) { // some have few
			b.Readings = append(b.Readings, posting.Reading{Meter: m, Point: books.Point{
				Time: begin + schema.Instant(i)*schema.Instant(15*schema.Minute), Value: schema.Quantity(random.Int64N(1 << 40)), Kind: schema.Register, Unit: schema.KilowattHour,
			}})
		}
	}
	mustPost(t, s, b)
	settleAll(t, s, schema.DayOf(2024, 4, 12)) // the rest has not settled
	errStop := errors.New("stop")
	for _, length := range []schema.Instant{schema.Instant(10 * 24 * schema.Hour), schema.Instant(400 * 24 * schema.Hour)} { // below and above unpackAhead
		var stretches []posting.Stretch
		for m := range int32(meters) {
			stretches = append(stretches, posting.Stretch{Meter: m, From: begin + schema.Instant(schema.Hour), To: begin + length})
		}
		want, err := s.Points(t.Context(), stretches, 0)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 { // the rooms are used again
			var got []posting.Reading
			if err := s.EachMeter(t.Context(), stretches, 0, func(some []posting.Reading) error {
				got = append(got, some...)
				return nil
			}); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("got %d readings, %v, want the %d of Points", len(got), err, len(want))
			}
		}
		for stop := range meters {
			visits := 0
			err := s.EachMeter(t.Context(), stretches, 0, func([]posting.Reading) error {
				if visits++; visits == stop+1 {
					return errStop
				}
				return nil
			})
			if !errors.Is(err, errStop) || visits != stop+1 {
				t.Errorf("an error of visit %d: got %v after %d visits", stop+1, err, visits)
			}
		}
	}
}
