package model_test

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/books/model"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

var histories = flag.Int("histories", 4000, "number of random histories")

func zone(t testing.TB) *calendar.Zone {
	t.Helper()
	location, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return calendar.NewZone(location)
}

// Histories that a run from another seed once told apart.
func TestModel_FoundHistories(t *testing.T) {
	zone := zone(t)
	for about, h := range map[string]model.History{
		"a multiplier that is entered ahead, behind another event": {
			Kind: schema.Delta, Step: 10_000, Multiplier: 1,
			Steps: []model.Step{
				{Do: model.Enter, At: 2040, Received: 2040, Event: schema.MultiplierChange, Multiplier: 2},
				{Do: model.Enter, At: 1770, Received: 1770, Event: schema.Reset},
				{Do: model.Read, At: 1680, Start: 1620, Received: 1680},
				{Do: model.Read, At: 1740, Start: 1680, Received: 1740, Value: 8 * schema.Micro},
			},
		},
	} {
		got, want := play(&h, zone, chance.Random(t)), model.Book(h.Facts(zone, len(h.Steps)), h.Points())
		if !same(got.books, want) {
			t.Errorf("%s: got\n%v\nwant\n%v", about, got.books, want)
		}
	}
}

// Whatever happens to a meter, in whatever order the program hears of it, and
// however often it is restarted: its books are those of the model.
func TestModel_RandomHistories(t *testing.T) {
	seed, zone := chance.Seed(t), zone(t)
	causes, codes := map[books.Cause]int{}, map[schema.Code]int{}
	for n := range uint64(*histories) {
		h := model.Random(rand.New(rand.NewPCG(seed, n)))
		differs := func(h model.History) bool {
			got := play(&h, zone, rand.New(rand.NewPCG(seed, n)))
			return !same(got.books, model.Book(h.Facts(zone, len(h.Steps)), h.Points()))
		}
		if differs(h) {
			h = model.Shrink(h, differs)
			got := play(&h, zone, rand.New(rand.NewPCG(seed, n)))
			want := model.Book(h.Facts(zone, len(h.Steps)), h.Points())
			t.Fatalf("seed %d, history %d, shrunk to %d steps:\n%s\nledger: got\n%v\nwant\n%v\ncodes: got\n%v\nwant\n%v",
				seed, n, len(h.Steps), h, got.books.Ledger, want.Ledger, got.books.Codes, want.Codes)
		}
		want := model.Book(h.Facts(zone, len(h.Steps)), h.Points())
		for k := range want.Ledger {
			causes[k.Cause]++
		}
		for _, code := range want.Codes {
			codes[code]++
		}
	}
	// The histories would prove little if little happened in them.
	for cause := books.Measured; cause <= books.Integrated; cause++ {
		if causes[cause] == 0 {
			t.Errorf("no history booked anything as %s", cause)
		}
	}
	for _, code := range []schema.Code{schema.Pending, schema.Settled, schema.Spike, schema.Fall, schema.UnexplainedFall, schema.UnexplainedRise, schema.Overlap, schema.Negative} {
		if codes[code] == 0 {
			t.Errorf("no history holds a reading that is %s", code)
		}
	}
}

// An engine that loses corrections is found out, and the history that shows it is
// shrunk to the reading, its correction and what a span needs.
func TestModel_FindsAnEngineThatForgets(t *testing.T) {
	seed, zone := chance.Seed(t), zone(t)
	for n := range uint64(1000) {
		h := model.Random(rand.New(rand.NewPCG(seed, n)))
		differs := func(h model.History) bool {
			e := &engine{meter: h.Facts(zone, len(h.Steps)), random: rand.New(rand.NewPCG(seed, n)), forgetful: true,
				books: model.Books{Ledger: map[model.Key]books.Entry{}, Codes: map[model.ID]schema.Code{}}}
			e.enter(e.meter)
			e.post(books.Entries(books.Judge(e.meter, nil, false, schema.MaxInstant).Spans, zone))
			e.arrive(h.Points())
			return !same(e.books, model.Book(h.Facts(zone, len(h.Steps)), h.Points()))
		}
		if !differs(h) {
			continue
		}
		if h = model.Shrink(h, differs); len(h.Steps) > 4 {
			t.Errorf("seed %d, history %d: shrunk to %d steps, want at most 4:\n%s", seed, n, len(h.Steps), h)
		}
		return
	}
	t.Fatal("no history found that the engine forgets corrections")
}
