package main

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"jouleline/bench/sim"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/third_party/citylearn"
)

// houses are the demo's real readings: measured houses, put into a region of
// their own so that no simulated total holds them.
type houses struct{ year *citylearn.Year }

// Where the houses stand: a zone without daylight saving, as in the source.
const housesZone = "Etc/GMT+8"

func loadHouses() (*houses, error) {
	year, err := citylearn.Load()
	if err != nil {
		return nil, fmt.Errorf("measured houses: %w", err)
	}
	return &houses{year}, nil
}

func (h *houses) count() int { return len(h.year.Houses) * citylearn.Hours }

// readings gives the hourly amounts of all houses, hour by hour.
func (h *houses) readings() iter.Seq[schema.Reading] {
	return func(yield func(schema.Reading) bool) {
		zone := time.FixedZone(housesZone, -8*3600)
		for hour := range citylearn.Hours {
			start, end := schema.InstantOf(citylearn.Start(hour, zone)), schema.InstantOf(citylearn.Start(hour+1, zone))
			for i, house := range h.year.Houses {
				r := schema.Reading{
					Meter: meterOfHouse(i), Start: start, HasStart: true, Time: end,
					Value: schema.Quantity(house.WattHours[hour]) * schema.Micro, Unit: schema.WattHour, Kind: schema.Delta,
				}
				if !yield(r) {
					return
				}
			}
		}
	}
}

func meterOfHouse(i int) string { return fmt.Sprintf("house-%02d-E1", i+1) }

// tables are the houses' part of the registry.
func (h *houses) tables() registry.Tables {
	institutions := []byte("id,name,class,region,valid_from,valid_to\n")
	buildings := []byte("id,institution,name,time_zone,station\n")
	areas := []byte("building,valid_from,area_m2\n")
	people := []byte("institution,valid_from,people\n")
	meters := []byte("id,building,carrier,kind,unit,interval,valid_from,valid_to\n")
	for i := range h.year.Houses {
		id := fmt.Sprintf("house-%02d", i+1)
		institutions = fmt.Appendf(institutions, "%s,实测住宅 %d (measured house),other,999901,2022-07-31,2023-08-01\n", id, i+1)
		buildings = fmt.Appendf(buildings, "%s-B1,%s,住宅 %d,%s,fontana\n", id, id, i+1, housesZone)
		areas = fmt.Appendf(areas, "%s-B1,2022-07-31,%d\n", id, 150)
		people = fmt.Appendf(people, "%s,2022-07-31,%d\n", id, 3)
		meters = fmt.Appendf(meters, "%s,%s-B1,electricity,delta,kWh,PT1H,2022-07-31,2023-08-01\n", meterOfHouse(i), id)
	}
	weather := []byte("station,time,temperature_c\n")
	zone := time.FixedZone(housesZone, -8*3600)
	for hour, celsius := range h.year.Celsius {
		weather = fmt.Appendf(weather, "fontana,%s,%.1f\n", citylearn.Start(hour, zone).Format(time.RFC3339), celsius)
	}
	return registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n999900,实测示例 (measured examples),\n999901,实测住宅 (measured houses),999900\n"),
		registry.StationsFile:     []byte("id,name,latitude,longitude\nfontana,Fontana,34.09,-117.44\n"),
		registry.InstitutionsFile: institutions,
		registry.BuildingsFile:    buildings,
		registry.FloorAreaFile:    areas,
		registry.HeadcountFile:    people,
		registry.MetersFile:       meters,
		registry.WeatherFile:      weather,
	}
}

// exampleTariffs are prices that were made up for the demo, and say so.
//
//go:embed tariffs.csv
var exampleTariffs []byte

// demoTables joins the registries of the simulated province and of the houses.
func demoTables(province *sim.Province, houses *houses) (registry.Tables, error) {
	a, err := registry.Build(province.Tables, registry.Options{})
	if err != nil {
		return nil, fmt.Errorf("simulated province: %w", err)
	}
	b, err := registry.Build(houses.tables(), registry.Options{})
	if err != nil {
		return nil, fmt.Errorf("measured houses: %w", err)
	}
	maps.Copy(a.FloorArea, b.FloorArea)
	maps.Copy(a.Headcount, b.Headcount)
	both := registry.Registry{
		TimeZone:     a.TimeZone,
		Regions:      slices.Concat(a.Regions, b.Regions),
		Departments:  slices.Concat(a.Departments, b.Departments),
		Institutions: slices.Concat(a.Institutions, b.Institutions),
		Buildings:    slices.Concat(a.Buildings, b.Buildings),
		FloorArea:    a.FloorArea,
		Headcount:    a.Headcount,
		Meters:       slices.Concat(a.Meters, b.Meters),
		Shares:       slices.Concat(a.Shares, b.Shares),
		Stations:     slices.Concat(a.Stations, b.Stations),
		Events:       slices.Concat(a.Events, b.Events),
		Weather:      slices.Concat(a.Weather, b.Weather),
		Declared:     slices.Concat(a.Declared, b.Declared),
	}
	tables := both.Tables()
	tables[registry.TariffsFile] = exampleTariffs
	return tables, nil
}

// zipTables packs tables as a folder in a ZIP.
func zipTables(tables registry.Tables) ([]byte, error) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		entry, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(tables[name]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return packed.Bytes(), err
}
