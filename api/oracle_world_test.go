//go:build integration && linux

package api_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/api"
	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// oracleWorld has two cities and three institutions; some meters give quarters of
// an hour, some hours.
var oracleWorld = map[string]string{
	"regions.csv":      "code,name,parent\n370000,省,\n370100,甲市,370000\n370102,甲县,370100\n370200,乙市,370000\n",
	"institutions.csv": "id,name,class,region\nS1,学,education,370102\nS2,校,education,370200\nH1,医,health,370100\n",
	"buildings.csv":    "id,institution,name\nS1-B1,S1,a\nS1-B2,S1,b\nS2-B1,S2,c\nH1-B1,H1,d\n",
	"floor_area.csv":   "building,valid_from,area_m2\nS1-B1,2020-01-01,10000\nS1-B2,2020-01-01,3000\nS2-B1,2020-01-01,7000\nH1-B1,2020-01-01,20000\n",
	"headcount.csv":    "institution,valid_from,people\nS1,2020-01-01,1000\nS2,2020-01-01,700\nH1,2020-01-01,300\n",
	"meters.csv": "id,building,carrier,use,kind,unit,interval,gap_limit\n" +
		"E1,S1-B1,electricity,building,register,kWh,PT15M,PT1H\nE2,S1-B1,electricity,building,register,kWh,PT1H,PT3H\n" +
		"E3,S1-B2,electricity,building,register,kWh,PT1H,PT3H\nE4,S2-B1,electricity,building,register,kWh,PT15M,PT1H\n" +
		"E5,H1-B1,electricity,building,register,kWh,PT1H,PT3H\nE6,H1-B1,electricity,vehicle,register,kWh,PT1H,PT3H\n" +
		"W1,H1-B1,water,building,register,m3,PT1H,PT3H\nG1,S2-B1,natural_gas,building,register,m3,PT1H,PT3H\n",
}

// oracleMeters have numbers in this order.
var oracleMeters = []string{"E1", "E2", "E3", "E4", "E5", "E6", "W1", "G1"}

// The readings lie in these 40 days; E2 and E4 are silent in the middle of the
// tenth, E6 for three days from the twelfth.
const oracleFirst, oracleDays = "2023-04-01T00:00:00+08:00", 40

// oracleConfig is a server for it. The amounts are drawn from a fixed seed.
func oracleConfig(tb testing.TB) api.Config {
	tb.Helper()
	reg := build(tb, oracleWorld)
	random := rand.New(rand.NewPCG(6, 0))
	first := at(tb, oracleFirst)
	var readings []posting.Reading
	var seen []posting.Known
	for meter, id := range oracleMeters {
		step := schema.Instant(reg.MeterVersions(id)[0].Interval)
		total := schema.Quantity(random.IntN(5000)) * schema.Micro
		var last schema.Instant
		for moment := first; moment < first+schema.Instant(oracleDays*24*schema.Hour); moment += step {
			total += schema.Quantity(random.IntN(9_000)) * schema.Micro / 1000
			hour := int64(moment-first) / schema.Hour
			isSilent := (id == "E2" || id == "E4") && hour >= 9*24+9 && hour < 9*24+16 || id == "E6" && hour >= 11*24 && hour < 14*24
			if isSilent {
				continue
			}
			last = moment
			readings = append(readings, posting.Reading{Meter: int32(meter), Recorded: moment + 1000, Point: books.Point{
				Time: moment, Received: moment + 1000, Value: total, Unit: reg.MeterVersions(id)[0].Carrier.Unit(), Kind: schema.Register,
			}})
		}
		seen = append(seen, posting.Known{Meter: int32(meter), First: first, Seen: last})
	}
	config := newConfig(tb)
	config.World = &fakeWorld{
		RegistryFunc: func(context.Context) (*registry.Registry, error) { return reg, nil },
		NumberFunc: func(meter string) (int32, bool) {
			for i, id := range oracleMeters {
				if id == meter {
					return int32(i), true
				}
			}
			return 0, false
		},
	}
	found := booksOf(reg, oracleMeters, readings)
	corrected := func(meter int32, day schema.Day, recorded string) posting.Rebooked {
		return posting.Rebooked{Meter: meter, Day: day, Recorded: at(tb, recorded)}
	}
	config.Books, config.Panels = found, panelsOf{books: found, seen: seen, rebooked: []posting.Rebooked{
		corrected(0, schema.DayOf(2023, 4, 8), "2023-04-10T04:00:00Z"), corrected(0, schema.DayOf(2023, 4, 9), "2023-04-10T04:00:00Z"),
		corrected(0, schema.DayOf(2023, 4, 8), "2023-04-13T01:30:00Z"), corrected(1, schema.DayOf(2023, 4, 10), "2023-05-01T00:20:00Z"),
	}}
	config.Now = func() time.Time { return time.Date(2023, 8, 1, 3, 4, 5, 0, time.UTC) }
	return config
}
