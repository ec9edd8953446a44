package registry_test

import (
	"bytes"
	"fmt"
	"testing"

	"jouleline/schema/registry"
)

// manyMeters is a world of institutions with ten meters each.
func manyMeters(meters int) registry.Tables {
	var institutions, buildings, rows bytes.Buffer
	institutions.WriteString("id,name,class,region\n")
	buildings.WriteString("id,institution,name\n")
	rows.WriteString("id,building,carrier,use,kind,unit,multiplier,register_max,max_rate,interval,gap_limit,gateway\n")
	for i := range meters {
		owner := fmt.Sprintf("370102-%06d", i/10)
		if i%10 == 0 {
			fmt.Fprintf(&institutions, "%s,机关,state_organ,370102\n", owner)
			fmt.Fprintf(&buildings, "%s-B,%s,楼\n", owner, owner)
		}
		fmt.Fprintf(&rows, "%s-E%02d,%s-B,electricity,building,register,kWh,40,999999.99,250,PT1H,PT3H,%s-G\n", owner, i%10, owner, owner)
	}
	return registry.Tables{
		"regions.csv":      registry.ShandongRegions(),
		"institutions.csv": institutions.Bytes(), "buildings.csv": buildings.Bytes(), "meters.csv": rows.Bytes(),
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, meters := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(meters, "_meters"), func(b *testing.B) {
			tables := manyMeters(meters)
			b.ReportAllocs()
			b.SetBytes(int64(len(tables["meters.csv"])))
			for b.Loop() {
				reg, err := registry.Build(tables, registry.Options{})
				if err != nil || len(reg.Meters) != meters {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDiff(b *testing.B) {
	tables := manyMeters(100_000)
	old, _ := registry.Build(tables, registry.Options{})
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if changes := registry.Diff(old, reg); !changes.None() {
			b.Fatal(changes)
		}
	}
}
