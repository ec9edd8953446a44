package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

func TestVersions(t *testing.T) {
	f := func(file, text, want string) {
		t.Helper()
		tables := world()
		tables[file] = []byte(text)
		_, err := registry.Build(tables, registry.Options{})
		switch {
		case want == "" && err != nil:
			t.Errorf("got %v, want it taken", err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
	inst := "id,class,region,valid_from,valid_to\nS2,education,370102,,\n"
	f("institutions.csv", inst+"S1,education,370102,,2022-01-01\nS1,education,370100,2022-01-01,\n", "")
	f("institutions.csv", inst+"S1,education,370100,2022-01-01,\nS1,education,370102,,2022-01-01\n", "")
	f("institutions.csv", inst+"S1,education,370102,,2021-01-01\nS1,education,370100,2022-01-01,\n", "") // closed for a year
	f("institutions.csv", inst+"S1,education,370102,,2022-01-02\nS1,education,370100,2022-01-01,\n",
		`institutions.csv:4:1: id: "S1" from 2022-01-01 overlaps its version in line 3: that one wants a valid_to of 2022-01-01 or before`)
	f("institutions.csv", inst+"S1,education,370102,,\nS1,education,370100,2022-01-01,\n", `institutions.csv:4:1: id: "S1" from 2022-01-01 overlaps`)
	f("institutions.csv", inst+"S1,education,370102,2020-01-01,\nS1,education,370100,2020-01-01,\n", `institutions.csv:4:1: id: "S1" stands in line 3 already with the same valid_from`)

	f("regions.csv", "code,parent\n370000,\n370100,370102\n370102,370100\n", `regions.csv:3:8: parent: "370100" is its own ancestor`)
	f("regions.csv", "code,parent\n370000,\n370100,370999\n370102,370100\n", `regions.csv:3:8: parent: got "370999", which is not in regions.csv`)
	f("departments.csv", "id,parent\nedu,edu\nedu-jn,edu\n", `departments.csv:2:5: parent: "edu" is its own ancestor`)
	// a under b first, later b under a: no loop on any day
	f("departments.csv", "id,parent,valid_from,valid_to\nedu,edu-jn,,2020-01-01\nedu,,2020-01-01,\nedu-jn,,,2020-01-01\nedu-jn,edu,2020-01-01,\n", "")
	f("departments.csv", "id,parent,valid_from,valid_to\nedu,edu-jn,,2020-01-02\nedu,,2020-01-02,\nedu-jn,,,2020-01-01\nedu-jn,edu,2020-01-01,\n",
		`departments.csv:5:8: parent: "edu-jn" is its own ancestor`)

	meters := "id,building,carrier,kind,multiplier,parent,valid_from,valid_to\n"
	f("meters.csv", meters+"E1,B1,electricity,register,1,,,2022-01-01\nE1,B2,electricity,register,1,,2022-01-01,\n", "")
	f("meters.csv", meters+"E1,B1,electricity,register,1,,,2022-01-01\nE1,B1,water,register,1,,2022-01-01,\n", `meters.csv:3:7: carrier: got water, and electricity in line 2`)
	f("meters.csv", meters+"E1,B1,electricity,register,1,,,2022-01-01\nE1,B1,electricity,register,0.5,,2022-01-01,\n", `meters.csv:3:28: multiplier: got 0.5, and 1 in line 2: a later multiplier is an event`)
	f("meters.csv", meters+"E1,B1,electricity,register,1,E2,,\nE2,B1,electricity,register,1,E1,,\n", `meters.csv:2:30: parent: "E1" is its own ancestor`)

	deep := "id,parent\nedu,\nedu-jn,edu\nd0,edu\n"
	for i := 1; i < 70; i++ {
		deep += fmt.Sprintf("d%d,d%d\n", i, i-1)
	}
	f("departments.csv", deep, `departments.csv:`)
}

func TestVersions_AMeterKeepsOneCalendar(t *testing.T) {
	tables := world()
	tables["buildings.csv"] = []byte("id,institution,time_zone\nB1,S1,\nB2,S2,Asia/Urumqi\n")
	tables["meters.csv"] = []byte("id,building,carrier,kind,valid_from,valid_to\nE1,B1,electricity,register,,2022-01-01\nE1,B2,electricity,register,2022-01-01,\n")
	_, err := registry.Build(tables, registry.Options{})
	if err == nil || !strings.Contains(err.Error(), "meters.csv:3:4: building: got time zone Asia/Urumqi, and Asia/Shanghai in line 2") {
		t.Errorf("got %v", err)
	}
}

func TestTree(t *testing.T) {
	tables := registry.Tables{"regions.csv": registry.ShandongRegions()}
	tables["institutions.csv"] = []byte("id,class,region,valid_from,valid_to\nP,health,370684,,2020-06-05\nP,health,370614,2020-06-05,2024-01-01\nL,sport,371202,,\n")
	tables["buildings.csv"] = []byte("id,institution\nPB,P\n")
	tables["meters.csv"] = []byte("id,building,carrier,kind,valid_from,valid_to\nPE,PB,electricity,register,2023-12-01,\n")
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := func(code string, year int) string {
		return strings.Join(reg.RegionPath(code, schema.DayOf(year, 12, 31)), " ")
	}
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(path("370614", 2023), "370614 370600 370000")
	f(path("370684", 2019), "370684 370600 370000")
	f(path("371202", 2023), "371202 371200 370000") // abolished, yet not lost
	f(path("999999", 2023), "")
	under := reg.RegionsUnder("370600", schema.DayOf(2023, 1, 1))
	if len(under) != 14 || !under["370600"] || !under["370614"] || !under["370684"] || under["370000"] {
		t.Errorf("below 370600: got %v, want itself, 11 counties and two that ended", under)
	}
	if got := len(reg.RegionsUnder("370000", schema.DayOf(2023, 1, 1))); got != 158 {
		t.Errorf("below 370000: got %d, want 158", got)
	}
	if got := reg.RegionsUnder("999999", 0); len(got) != 0 {
		t.Errorf("below an unknown code: got %v", got)
	}
	m := &reg.MeterVersions("PE")[0]
	if got := reg.ExpectedDays(m, schema.DayOf(2023, 1, 1), schema.DayOf(2025, 1, 1)); got != 31 {
		t.Errorf("expected days: got %d, want the 31 before the institution ends", got)
	}
	if owner, ok := reg.Owner("PB"); !ok || reg.InstitutionIDs[owner] != "P" {
		t.Errorf("owner of PB: got %d %v", owner, ok)
	}
}
