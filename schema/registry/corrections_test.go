package registry_test

import (
	"bytes"
	"strings"
	"testing"

	"jouleline/schema/registry"
)

const (
	baselineHeader   = "version,date,author,cause,reason,scope,id,year,quantity,unit,amount\n"
	adjustmentHeader = "adjustment,date,author,reason,scope,id,valid_from,valid_to,quantity,unit,amount,reversed\n"
)

func correctionTables(file, text string) registry.Tables {
	return registry.Tables{
		"regions.csv":      []byte("code,name,parent\n370000,省,\n"),
		"institutions.csv": []byte("id,name,class,region\nS1,S1,education,370000\n"),
		file:               []byte(text),
	}
}

func TestCorrections_RoundTrip(t *testing.T) {
	for file, text := range map[string]string{
		registry.BaselinesFile:   baselineHeader + "r1,2022-05-01,ZHANG,boundary,\"east wing, sold\",institution,S1,2020,electricity,kWh,-10000.5\nr1,2022-05-01,ZHANG,method,heat,region,370000,2020,energy_per_area,index,-5\n",
		registry.AdjustmentsFile: adjustmentHeader + "covid,2021-03-01,WANG,closed,institution,S1,2020-02-01,2020-05-01,gasoline:vehicle,L,30000,\nfire,2021-03-01,WANG,fire,institution,S1,2020-02-01,2020-05-01,headcount,person,-3,2021-09-01\n",
	} {
		reg, err := registry.Build(correctionTables(file, text), registry.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := reg.Table(file); err != nil || !bytes.Equal(got, []byte(text)) {
			t.Errorf("%s: got %v\n%s\nwant\n%s", file, err, got, text)
		}
	}
}

func TestCorrections_Refuses(t *testing.T) {
	f := func(file, header, row, want string) {
		t.Helper()
		if _, err := registry.Build(correctionTables(file, header+row+"\n"), registry.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", row, err, want)
		}
	}
	b, a := registry.BaselinesFile, registry.AdjustmentsFile
	f(b, baselineHeader, "r1,2022-05-01,Z,growth,more people,institution,S1,2020,electricity,kWh,-1", "growth and decline never change a baseline")
	f(b, baselineHeader, "r1,2022-05-01,,boundary,x,institution,S1,2020,electricity,kWh,-1", "author")
	f(b, baselineHeader, "r1,,Z,boundary,x,institution,S1,2020,electricity,kWh,-1", "date")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,,institution,S1,2020,electricity,kWh,-1", "reason")
	f(b, baselineHeader, "2021,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,kWh,-1", "neither a year")
	f(b, baselineHeader, "first,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,kWh,-1", "neither a year")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,kWh,0", "got 0")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,institution,S9,2020,electricity,kWh,1", "S9")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,m3,1", "m3")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,institution,S1,2020,energy_per_area,,1", "want an amount")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,region,370000,2020,electricity,kWh,1", "amounts belong to institutions")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,kWh,-1e18", "beyond what can be counted")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,kWh,1\nr1,2022-05-02,Z,boundary,x,institution,S1,2020,water,m3,1", "want one date for all its rows")
	f(b, baselineHeader, "r1,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,kWh,1\nr1,2022-05-01,Z,boundary,x,institution,S1,2020,electricity,kWh,2", "already")
	f(a, adjustmentHeader, "c,2021-05-01,Z,x,institution,S1,2020-05-01,2020-05-01,electricity,kWh,1,", "got 2020-05-01")
	f(a, adjustmentHeader, "c,2021-05-01,Z,x,institution,S1,,2020-05-01,electricity,kWh,1,", "valid_from")
	f(a, adjustmentHeader, "c,2021-05-01,Z,x,institution,S1,2020-01-01,2020-05-01,electricity,kWh,1,2021-04-30", "not before its date")
	f(a, adjustmentHeader, "c,2021-05-01,Z,x,company,S1,2020-01-01,2020-05-01,electricity,kWh,1,", "region or institution")
}
