package registry

import (
	"fmt"
	"testing"
)

func TestClaims(t *testing.T) {
	tables := Tables{
		RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		InstitutionsFile: []byte("id,name,class,region\nI1,a,education,370000\nI2,b,health,370000\nI3,c,culture,370000\n"),
		BuildingsFile:    []byte("id,institution,name\nB1,I1,b\nB2,I2,b\nB3,I2,b\n"),
		MetersFile:       []byte("id,building,carrier,kind,unit,parent,valid_from,valid_to\nM1,B1,electricity,register,kWh,,2020-01-01,2024-01-01\nM2,B1,electricity,register,kWh,M1,,\nM3,B1,water,register,m3,,,\n"),
		SharesFile:       []byte("meter,target,share,valid_from\nM1,B2,0.25,2021-01-01\nM1,B3,0.25,2021-01-01\nM1,I3,0.1,2022-01-01\nM1,B2,0,2023-01-01\n"),
	}
	reg, err := Build(tables, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := func(meter, want string) {
		t.Helper()
		got := ""
		for _, c := range reg.Claims(&reg.MeterVersions(meter)[0]) {
			got += fmt.Sprintf("%s %d/%d %s..%s; ", c.Institution, c.Share.Num, c.Share.Den, c.From, c.To)
		}
		if got != want {
			t.Errorf("%s: got %s\nwant %s", meter, got, want)
		}
	}
	f("M1", "I1 1/1 2020-01-01..2021-01-01; "+
		"I2 1/2 2021-01-01..2022-01-01; I1 1/2 2021-01-01..2022-01-01; "+
		"I2 1/2 2022-01-01..2023-01-01; I3 1/10 2022-01-01..2023-01-01; I1 2/5 2022-01-01..2023-01-01; "+
		"I2 1/4 2023-01-01..2024-01-01; I3 1/10 2023-01-01..2024-01-01; I1 13/20 2023-01-01..2024-01-01; ")
	f("M2", "")
	f("M3", "I1 1/1 ..; ")
}
