package pipeline

import (
	"math/rand/v2"
	"testing"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// The short way gives what the long way gives, for any reading of any meter.
func TestPlainFacts_AgreeWithTheLongWay(t *testing.T) {
	tables := registry.Tables{
		registry.RegionsFile:      []byte("code,name\n370000,Shandong\n"),
		registry.InstitutionsFile: []byte("id,class,region\nS,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution\nB,S\n"),
		registry.MetersFile: []byte(`id,building,carrier,kind,unit,interval,valid_from,valid_to
R,B,electricity,register,MWh,PT1H,2020-01-01,2024-01-01
D,B,water,delta,L,PT1H,,
P,B,electricity,power,kW,PT15M,,
C,B,electricity,register,kWh,PT1H,2019-01-01,2022-01-01
C,B,electricity,delta,kWh,PT1H,2022-01-01,
`),
	}
	built, err := registry.Build(tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, _ := newBuilder(&posting.Start{}).build(built)
	const seed = 20201231
	rng := rand.New(rand.NewPCG(seed, 0))
	first, last := schema.Instant(1_500_000_000_000), schema.Instant(1_750_000_000_000)
	short := 0
	for range 20_000 {
		r := schema.Reading{
			Time: first + schema.Instant(rng.Int64N(int64(last-first))), Unit: schema.Unit(rng.IntN(int(schema.CubicMetrePerHour) + 1)),
			Kind: schema.Kind(rng.IntN(int(schema.Bill) + 1)), HasStart: rng.IntN(4) == 0, Value: 5,
		}
		if rng.IntN(2) == 0 {
			r.Unit, r.Kind = schema.UnitNone, schema.KindNone
		}
		if r.HasStart {
			r.Start = r.Time - schema.Instant(schema.Hour)
		}
		got := posting.Reading{Meter: int32(rng.IntN(len(w.names)))}
		code, detail := w.resolve(&got, &r, r.Time)
		want := posting.Reading{Meter: got.Meter, Point: books.Point{
			Time: r.Time, Start: r.Start, Received: r.Time, Value: r.Value, Unit: r.Unit, Kind: r.Kind,
		}}
		plain := want
		if w.plain[want.Meter].fill(&plain, &r) {
			short++
		}
		wantCode, wantDetail := w.fill(&want, &r)
		if code != wantCode || detail != wantDetail || got != want {
			t.Fatalf("seed %d, %s, %+v: got %+v %s %q, want %+v %s %q", seed, w.names[got.Meter], r, got, code, detail, want, wantCode, wantDetail)
		}
	}
	if short == 0 {
		t.Fatalf("seed %d: no reading took the short way", seed)
	}
}
