package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
)

// meterIn gives a meter id with a prefix that lies in a partition.
func meterIn(prefix string, partition int) string {
	for i := 0; ; i++ {
		if id := fmt.Sprintf("%s%d", prefix, i); partitionOfMeter(id) == partition {
			return id
		}
	}
}

// A virtual meter whose terms are kept by different instances, and a meter that is
// divided among institutions, count as at a single instance; and are missing
// where the instance of any term is.
func TestPeers_FormulasAndShares(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 2))
	tr := newTrio(t, "")
	main, tenant, own, divided := meterIn("M", 0), meterIn("T", 3), meterIn("O", 1), meterIn("D", 2)
	tr.importTables(tr.a, map[string][]byte{
		"regions.csv":      []byte("code,name,parent\n370000,x,\n"),
		"institutions.csv": []byte("id,name,class,region\nI1,a,education,370000\nI2,b,health,370000\nI3,c,health,370000\n"),
		"buildings.csv":    []byte("id,institution,name\nB1,I1,b\nB2,I2,b\nB3,I3,b\n"),
		"floor_area.csv":   []byte("building,valid_from,area_m2\nB1,2020-01-01,100\nB2,2020-01-01,100\nB3,2020-01-01,100\n"),
		"headcount.csv":    []byte("institution,valid_from,people\nI1,2020-01-01,10\nI2,2020-01-01,10\nI3,2020-01-01,10\n"),
		"meters.csv": []byte("id,building,carrier,kind,unit,interval,parent,formula\n" +
			main + ",B1,electricity,delta,kWh,P1D,V,\n" + tenant + ",B2,electricity,delta,kWh,P1D,,\n" +
			"V,B1,electricity,delta,kWh,P1D,," + main + " - 0.333333 * " + tenant + "\n" +
			own + ",B3,electricity,delta,kWh,P1D,,\n" + divided + ",B3,electricity,delta,kWh,P1D,,\n"),
		"shares.csv": []byte("meter,target,share,valid_from\n" + divided + ",I2,0.3,2023-01-01\n"),
	})
	zone := time.FixedZone("", 8*3600)
	var readings []schema.Reading
	for day := range 60 {
		for _, meter := range []string{main, tenant, own, divided} {
			if meter == tenant && day > 20 && day < 25 {
				continue
			}
			from, to := time.Date(2023, 1, 1+day, 0, 0, 0, 0, zone), time.Date(2023, 1, 2+day, 0, 0, 0, 0, zone)
			readings = append(readings, schema.Reading{
				Meter: meter, Start: schema.InstantOf(from), HasStart: true, Time: schema.InstantOf(to),
				Value: schema.Quantity(1_000_000 + random.Int64N(99_999_999)),
			})
		}
	}
	tr.send(random, readings)
	tr.settle()
	stretch := "from=2023-01-01T00:00:00%2B08:00&to=2023-03-01T00:00:00%2B08:00"
	var paths []string
	for _, scope := range []string{"region=370000", "institution=I1", "institution=I2", "institution=I3"} {
		for _, step := range []string{"P1D", "P1M"} {
			paths = append(paths, "/api/v1/consumption?"+scope+"&carrier=electricity&step="+step+"&"+stretch)
		}
		paths = append(paths, "/api/v1/indicators?"+scope+"&step=P1M&"+stretch, "/api/v1/quality?"+scope+"&"+stretch)
	}
	paths = append(paths, "/api/v1/consumption?meter=V&step=P1D&"+stretch, "/api/v1/explain?meter=V&"+stretch, "/api/v1/progress/breakdown?region=370000&by=institution&year=2023")
	for _, path := range paths {
		tr.same(path)
	}
	tr.killB()
	var lacks lacking
	tr.a.ask("/api/v1/indicators", "institution=I1&step=P1M&"+stretch, &lacks)
	if fmt.Sprint(lacks.Missing) != "[2 3]" {
		t.Errorf("an institution whose virtual meter has a term at the other instance: got missing partitions %v, want [2 3]", lacks.Missing)
	}
}
