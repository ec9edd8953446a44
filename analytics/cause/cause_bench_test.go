package cause_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/cause"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// province has 45,000 institutions of one electricity meter under 16 stations with
// daily temperatures.
func province(b *testing.B, temperatures bool) (*indicator.World, indicator.Source) {
	b.Helper()
	const institutions, stations = 45_000, 16
	var insts, buildings, areas, meters, names, weather strings.Builder
	insts.WriteString("id,class,region\n")
	buildings.WriteString("id,institution,station\n")
	areas.WriteString("building,valid_from,area_m2\n")
	meters.WriteString("id,building,carrier,kind,unit,interval\n")
	names.WriteString("id,name\n")
	weather.WriteString("station,time,temperature_c\n")
	for i := range institutions {
		fmt.Fprintf(&insts, "I%05d,%s,370000\n", i, schema.Classes[i%len(schema.Classes)])
		fmt.Fprintf(&buildings, "B%05d,I%05d,S%02d\n", i, i, i%stations)
		fmt.Fprintf(&areas, "B%05d,2020-01-01,%d\n", i, 5000+i%977*13)
		fmt.Fprintf(&meters, "M%05d,B%05d,electricity,bill,,\n", i, i)
	}
	for s := range stations {
		fmt.Fprintf(&names, "S%02d,s\n", s)
		for day := time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC); temperatures && day.Year() < 2024; day = day.AddDate(0, 0, 1) {
			fmt.Fprintf(&weather, "S%02d,%s+08:00,%.2f\n", s, day.Format("2006-01-02T15:04:05"), climateOf("S1", day)+float64(s)/4)
		}
	}
	reg, err := registry.Build(registry.Tables{
		"regions.csv": []byte("code,name,parent\n370000,p,\n"), "institutions.csv": []byte(insts.String()), "buildings.csv": []byte(buildings.String()),
		"floor_area.csv": []byte(areas.String()), "meters.csv": []byte(meters.String()), "stations.csv": []byte(names.String()), "weather.csv": []byte(weather.String()),
	}, registry.Options{})
	if err != nil {
		b.Fatal(err)
	}
	w, err := indicator.NewWorld(reg)
	if err != nil {
		b.Fatal(err)
	}
	return w, heated{w: w}
}

// heated is use that follows the months, computed when asked and kept.
type heated struct{ w *indicator.World }

func (h heated) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	perDay := 0.
	for d := q.From; d < q.To; d++ {
		year, month, day := d.Date()
		perDay += 100 + 12*math.Max(15-climateOf("S1", time.Date(year, month, day, 12, 0, 0, 0, time.UTC)), 0)
	}
	known := int64(q.To-q.From) * 24 * schema.Hour
	out := make([]indicator.Usage, len(h.w.Registry().InstitutionIDs))
	for i := range out {
		out[i] = indicator.Usage{Institution: int32(i), Carrier: schema.Electricity, Use: schema.ForBuilding, Quantity: schema.Quantity(1e6*perDay) * schema.Quantity(1+i%7), Known: known}
	}
	return out, nil
}

// The answer about a province stays bounded: classes of 16 stations are 128 pools
// of use, and of 45,000 parts 2,000 are modelled.
func BenchmarkDecompose_Province(b *testing.B) {
	for _, temperatures := range []bool{false, true} {
		w, source := province(b, temperatures)
		for _, by := range []indicator.Level{indicator.ByClass, indicator.ByInstitution} {
			for _, of := range []cause.Of{cause.Energy, cause.Carbon} {
				b.Run(fmt.Sprintf("weather=%v/%s/%s", temperatures, by, of), func(b *testing.B) {
					q := query(b)
					q.By, q.Of = by, of
					for b.Loop() {
						a, err := cause.Decompose(b.Context(), w, source, q)
						if err != nil || a.State != cause.OK || temperatures != (a.Weather != nil) {
							b.Fatalf("got %+v, %v", a, err)
						}
						if temperatures && by == indicator.ByInstitution && a.Weather.BeyondLimit != 43_000 {
							b.Fatalf("got %+v, want 2,000 modelled", a.Weather)
						}
					}
				})
			}
		}
	}
}
