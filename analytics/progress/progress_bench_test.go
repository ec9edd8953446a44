package progress_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// province is a world of the size of Shandong: 16 cities, 136 counties, 45,000
// institutions with six meters each.
var province = sync.OnceValue(func() tables {
	const institutions, cities, counties = 45_000, 16, 136
	var regions, insts, buildings, areas, heads, meters strings.Builder
	regions.WriteString("code,name,parent\n370000,p,\n")
	for c := range cities {
		fmt.Fprintf(&regions, "37%02d00,city,370000\n", c+1)
	}
	for c := range counties {
		fmt.Fprintf(&regions, "37%02d%02d,county,37%02d00\n", c%cities+1, c/cities+1, c%cities+1)
	}
	insts.WriteString("id,class,region\n")
	buildings.WriteString("id,institution\n")
	areas.WriteString("building,valid_from,area_m2\n")
	heads.WriteString("institution,valid_from,people\n")
	meters.WriteString("id,building,carrier,use,kind,unit,interval\n")
	for i := range institutions {
		c := i % counties
		fmt.Fprintf(&insts, "I%05d,%s,37%02d%02d\n", i, schema.Classes[i%len(schema.Classes)], c%cities+1, c/cities+1)
		fmt.Fprintf(&buildings, "B%05d,I%05d\n", i, i)
		for year := 2020; year < 2024; year++ {
			fmt.Fprintf(&areas, "B%05d,%d-01-01,%d\n", i, year, 5000+i%977*13+year-2020)
			fmt.Fprintf(&heads, "I%05d,%d-01-01,%d\n", i, year, 100+i%331+year-2020)
		}
		for k, m := range carried {
			fmt.Fprintf(&meters, "M%05d-%d,B%05d,%s,%s,bill,,\n", i, k, i, m.carrier, m.use)
		}
	}
	return tables{
		"regions.csv": regions.String(), "institutions.csv": insts.String(), "buildings.csv": buildings.String(),
		"floor_area.csv": areas.String(), "headcount.csv": heads.String(), "meters.csv": meters.String(),
	}
})

var carried = []struct {
	carrier schema.Carrier
	use     schema.Use
}{
	{schema.Electricity, schema.ForBuilding}, {schema.NaturalGas, schema.ForBuilding}, {schema.Water, schema.ForBuilding},
	{schema.Heat, schema.ForBuilding}, {schema.Gasoline, schema.ForVehicle}, {schema.Diesel, schema.ForVehicle},
}

// memory is a source that has its answers ready.
type memory map[schema.Day][]indicator.Usage

func (m memory) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	return m[q.From], nil
}

func provinceUsage(w *indicator.World, years ...int) memory {
	r := rand.New(rand.NewPCG(1, 2))
	m := memory{}
	for _, year := range years {
		days := indicator.YearStretch(year).Days
		length := days.To.Start(w.Registry().TimeZone).Sub(days.From.Start(w.Registry().TimeZone))
		for i := range w.Registry().InstitutionIDs {
			for _, c := range carried {
				known := length - int64(r.IntN(1000))*schema.Minute
				m[days.From] = append(m[days.From], indicator.Usage{
					Institution: int32(i), Carrier: c.carrier, Use: c.use,
					Quantity: schema.Quantity(1e9 + r.Int64N(1e12)), Estimated: schema.Quantity(r.Int64N(1e7)), Known: known,
				})
			}
		}
	}
	return m
}

var provinceWorld = sync.OnceValues(func() (*indicator.World, memory) {
	w := province().world()
	return w, provinceUsage(w, 2020, 2023)
})

func BenchmarkProgress_Province(b *testing.B) {
	w, usage := provinceWorld()
	q := query(indicator.ByRegion, "370000", 2023)
	if a := ask(b, w, usage, q); a.Counted != 45_000 {
		b.Fatalf("got %d institutions counted, want 45000: %s", a.Counted, a.Indicators[0].Reason)
	}
	b.ReportAllocs()
	for b.Loop() {
		ask(b, w, usage, q)
	}
}

func BenchmarkBreakdown(b *testing.B) {
	w, usage := provinceWorld()
	q := query(indicator.ByRegion, "370000", 2023)
	for _, by := range []indicator.Level{indicator.ByRegion, indicator.ByClass, indicator.ByInstitution} {
		b.Run(string(by), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				parts, err := progress.Breakdown(context.Background(), w, usage, q, by)
				if err != nil || len(parts.Rows) < 8 {
					b.Fatalf("got %d rows, %v", len(parts.Rows), err)
				}
			}
		})
	}
}

// Preparing a registry, and the first question about two years.
func BenchmarkWorld_Prepare(b *testing.B) {
	w, usage := provinceWorld()
	q := query(indicator.ByRegion, "370000", 2023)
	for b.Loop() {
		fresh, err := indicator.NewWorld(w.Registry())
		if err != nil {
			b.Fatal(err)
		}
		ask(b, fresh, usage, q)
	}
}

// A year of months of the whole province.
func BenchmarkSeries_Province(b *testing.B) {
	w, usage := provinceWorld()
	q := query(indicator.ByRegion, "370000", 2023)
	for b.Loop() {
		points, _, err := w.Series(context.Background(), usage, indicator.SeriesQuery{
			Scope: q.Scope, From: mustDay("2023-01-01"), To: mustDay("2024-01-01"), Step: calendar.MonthStep,
			Factors: q.Factors, MinCoverage: q.Plan.MinCoverage,
		})
		if err != nil || len(points) != 84 {
			b.Fatalf("got %d points, %v", len(points), err)
		}
	}
}
