package registry_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

func TestLoad_ExampleWorld(t *testing.T) {
	reg, err := registry.Load(os.DirFS("testdata/example"), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	meters := reg.MeterVersions("E1")
	want := schema.Meter{
		ID: "E1", Building: "S1-B1", Carrier: schema.Electricity, Use: schema.ForBuilding, Kind: schema.Register,
		Unit: schema.KilowattHour, Multiplier: schema.One, RegisterMax: 99_999_990_000, RegisterStep: 10_000,
		MaxRate: 60_000_000, Interval: schema.Hour, GapLimit: 3 * schema.Hour, Validity: schema.Open,
	}
	if len(meters) != 1 || meters[0] != want {
		t.Errorf("meter E1: got %+v, want %+v", meters, want)
	}
	if got := meters[0].Modulus().String(); got != "100000" {
		t.Errorf("modulus: got %s, want 100000", got)
	}
	if got := reg.Zone("E1").String(); got != "Asia/Shanghai" {
		t.Errorf("zone: got %s, want Asia/Shanghai", got)
	}
	area, _ := schema.At(reg.FloorArea["S1-B1"], schema.DayOf(2023, 6, 30))
	later, _ := schema.At(reg.FloorArea["S1-B1"], schema.DayOf(2023, 7, 1))
	if area.String() != "10000" || later.String() != "12000" {
		t.Errorf("area around 2023-07-01: got %s and %s, want 10000 and 12000", area, later)
	}
	if len(reg.Declared) != 6 {
		t.Fatalf("declared: got %d figures, want 6", len(reg.Declared))
	}
	petrol := reg.Declared[2]
	if petrol.Quantity != (schema.DeclaredQuantity{Carrier: schema.Gasoline, Use: schema.ForVehicle}) || petrol.Unit != "L" || petrol.Value.Mantissa != 2000 {
		t.Errorf("declared petrol of 2020: got %+v", petrol)
	}
	if got := strings.Join(reg.RegionPath("370102", schema.DayOf(2023, 1, 1)), " "); got != "370102 370100 370000" {
		t.Errorf("path of 370102: got %s", got)
	}
}

// world is a small registry in which one table at a time is spoilt.
func world() registry.Tables {
	return registry.Tables{
		"regions.csv":      []byte("code,name,parent\n370000,山东省,\n370100,济南市,370000\n370102,历下区,370100\n"),
		"departments.csv":  []byte("id,name,parent\nedu,教育厅,\nedu-jn,教育局,edu\n"),
		"stations.csv":     []byte("id,name,latitude,longitude\n54823,济南,36.6,117.05\n"),
		"institutions.csv": []byte("id,name,class,region,department\nS1,第一中学,education,370102,edu-jn\nS2,第二中学,education,370102,edu\n"),
		"buildings.csv":    []byte("id,institution,station\nB1,S1,54823\nB2,S2,\n"),
		"floor_area.csv":   []byte("building,valid_from,area_m2\nB1,2020-01-01,10000\n"),
		"headcount.csv":    []byte("institution,valid_from,people\nS1,2020-01-01,1000\n"),
		"meters.csv":       []byte("id,building,carrier,kind,parent\nE1,B1,electricity,register,\nE2,B1,electricity,register,E1\nW1,B1,water,register,\n"),
		"shares.csv":       []byte("meter,target,share,valid_from\nE1,B1,0.6,\nE1,S2,0.4,\n"),
		"meter_events.csv": []byte("meter,time,event,final,initial,multiplier\nE1,2023-05-01T08:00:00+08:00,swap,120.5,0,\n"),
		"weather.csv":      []byte("station,time,temperature_c\n54823,2023-05-01T08:00:00+08:00,21.5\n"),
		"declared.csv":     []byte("scope,id,year,quantity,unit,value\nregion,370000,2020,energy,tce,1000\n"),
	}
}

func TestBuild_WorldIsGood(t *testing.T) {
	if _, err := registry.Build(world(), registry.Options{}); err != nil {
		t.Fatal(err)
	}
}

// problems spoils one table of the world and gives what is then wrong.
func problems(t *testing.T, file, text string) []string {
	t.Helper()
	tables := world()
	tables[file] = []byte(text)
	reg, err := registry.Build(tables, registry.Options{})
	var refused *registry.Errors
	if err == nil {
		t.Fatalf("%s is taken: %q", file, text)
	}
	if !errors.As(err, &refused) || reg != nil {
		t.Fatalf("got registry %v and error %T %v, want none and *registry.Errors", reg != nil, err, err)
	}
	lines := make([]string, len(refused.Problems))
	for i, p := range refused.Problems {
		lines[i] = p.String()
	}
	return lines
}

func TestBuild_BadRowIsNamed(t *testing.T) {
	f := func(file, text string, want ...string) {
		t.Helper()
		got := problems(t, file, text)
		if len(got) != len(want) {
			t.Errorf("got %d problems, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
			return
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("problem %d:\n got %s\nwant %s...", i, got[i], want[i])
			}
		}
	}
	// the header
	f("regions.csv", "code,nam,parent\n1,a,\n", `regions.csv:1:6: nam: unknown column: want code, name, parent`)
	f("regions.csv", "code,name,code\n1,a,\n", `regions.csv:1:11: code: the column stands twice`)
	f("institutions.csv", "id,name,class\nS1,a,education\n", `institutions.csv:1: region: the column is missing`)
	f("regions.csv", "code;name;parent\n1;a;\n", `regions.csv:1:1: code;name;parent: unknown column`, `regions.csv:1: code: the column is missing`)
	// the form of rows
	f("regions.csv", "code,name,parent\n370000,a,\n370100,b\n370102,c,370000\n", `regions.csv:3: the row has 2 fields, the header 3`)
	f("stations.csv", "id,name\n54823,\"a\"b\nx,y\n", `stations.csv:2:9: not CSV: extraneous or missing " in quoted-field`, `buildings.csv:2:7: station: got "54823"`, `weather.csv:2:1: station: got "54823"`)
	f("stations.csv", "id,name\n54823,\xbc\xc3\xc4\xcf\n", `stations.csv:2: not UTF-8: save`)
	f("departments.csv", "id,name\nedu,a\nedu-jn,b\n,c\n", `departments.csv:4:1: id: empty, want a value`)
	f("departments.csv", "id\nedu\nedu-jn\n\"a\x01b\"\n", `departments.csv:4:1: id: got "a\x01b", want no control characters`)
	f("departments.csv", "id\nedu\nedu-jn\n"+strings.Repeat("x", 129)+"\n", `departments.csv:4:1: id: got 129 bytes, want at most 128`)
	// references
	f("institutions.csv", "id,class,region\nS1,education,370102\nS2,education,370109\n", `institutions.csv:3:14: region: got "370109", which is not in regions.csv`)
	f("institutions.csv", "id,class,region\nS1,education,370102\nS2,school,370102\n", `institutions.csv:3:4: class: unknown class: got "school", want state_organ, education`)
	f("institutions.csv", "id,class,region,department\nS1,education,370102,edu\nS2,education,370102,none\n", `institutions.csv:3:21: department: got "none"`)
	f("buildings.csv", "id,institution,time_zone\nB1,S1,Asia/Jinan\nB2,S2,Local\n",
		`buildings.csv:2:7: time_zone: got "Asia/Jinan", want an IANA time zone`, `buildings.csv:3:7: time_zone: got "Local"`)
	f("regions.csv", "code,name,latitude,longitude\n370000,x,,\n370102,x,36,\n370100,y,36,181\n",
		`regions.csv:3:10: latitude: latitude and longitude want each other`, `regions.csv:4:13: longitude: got "181", want a number from -180 to 180`)
	f("buildings.csv", "id,institution,latitude,longitude\nB1,S1,91,117\nB2,S9,36,\n",
		`buildings.csv:2:7: latitude: got "91", want a number from -90 to 90`, `buildings.csv:3:4: institution: got "S9"`, `buildings.csv:3:7: latitude: latitude and longitude`)
	f("floor_area.csv", "building,area_m2\nB1,-1\nB9,5\n", `floor_area.csv:2:4: area_m2: got -1, want no negative`, `floor_area.csv:3:1: building: got "B9"`)
	f("floor_area.csv", "building,area_m2\nB1,1\nB2,2\nB1,3\n", `floor_area.csv:4:1: building: "B1" stands in line 2 already with the same valid_from`)
	f("headcount.csv", "institution,valid_from,people\nS1,2020-13-01,5\n", `headcount.csv:2:4: valid_from: date: got "2020-13-01"`)
	f("stations.csv", "id\n54823\n54823\n", `stations.csv:3:1: id: "54823" stands in line 2 already`)
	f("weather.csv", "station,time,temperature_c\n54823,2023-05-01T08:00:00+08:00,121\n", `weather.csv:2:33: temperature_c: got "121"`)
	f("weather.csv", "station,time,temperature_c\n54823,2023-05-01T08:00:00+08:00,1\n54823,2023-05-01T00:00:00Z,1\n", `weather.csv:3:7: time: "54823" has a temperature of this time in line 2`)
	f("weather.csv", "station,time,temperature_c\n54823,2023-05-01 08:00,1\n", `weather.csv:2:7: time: time: got "2023-05-01 08:00", want RFC 3339`)
	// events
	f("meter_events.csv", "meter,time,event\nE9,2023-05-01T08:00:00Z,swap\nE1,2023-05-01T08:00:00Z,swop\n", `meter_events.csv:2:1: meter: got "E9"`, `meter_events.csv:3:25: event: unknown event: got "swop"`)
	f("meter_events.csv", "meter,time,event\nE1,2023-05-01T08:00:00Z,multiplier\n", `meter_events.csv:2: multiplier: empty, want`)
	f("meter_events.csv", "meter,time,event\nE1,2023-05-01T08:00:00Z,swap\nE1,2023-05-01T16:00:00+08:00,swap\n", `meter_events.csv:3:4: time: the swap of "E1" at this time stands in line 2`)
	// shares
	f("shares.csv", "meter,target,share\nE1,B1,0.7\nE1,S2,0.4\n", `shares.csv:3:7: share: the shares of "E1" from then on add up to 1.100000`)
	f("shares.csv", "meter,target,share,valid_from\nE1,B1,0.7,\nE1,S2,0.3,\nE1,S2,0.4,2023-01-01\n", `shares.csv:4:7: share: the shares`)
	f("shares.csv", "meter,target,share\nE1,B9,1.5\n", `shares.csv:2:4: target: got "B9", which is neither`, `shares.csv:2:7: share: got 1.5`)
}

func TestBuild_AnEndedShareFreesItsPart(t *testing.T) {
	tables := world()
	tables["shares.csv"] = []byte("meter,target,share,valid_from\nE1,B1,1,\nE1,S2,1,2023-01-01\nE1,B1,0,2023-01-01\n")
	if _, err := registry.Build(tables, registry.Options{}); err != nil {
		t.Error(err)
	}
}

func TestBuild_ByteOrderMarkAndColumnOrder(t *testing.T) {
	tables := world()
	tables["headcount.csv"] = []byte("\ufeffpeople, institution ,valid_from\r\n1000,S1,2020-01-01\r\n")
	plain, err := registry.Build(world(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := reg.Table("headcount.csv")
	want, _ := plain.Table("headcount.csv")
	if string(got) != string(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBuild_ARefusedRowIsNoSecondProblem(t *testing.T) {
	got := problems(t, "meters.csv", "id,building,carrier,kind\nE1,B1,electricity,registr\n")
	if len(got) != 1 || !strings.HasPrefix(got[0], "meters.csv:2:19") {
		t.Errorf("got %q, want only the row of E1, not the event and the shares that name it", got)
	}
}

func TestBuild_StopsAtAHundredProblems(t *testing.T) {
	_, err := registry.Build(registry.Tables{"regions.csv": []byte("code,valid_from\n" + strings.Repeat("1,x\n", 250))}, registry.Options{})
	var refused *registry.Errors
	if !errors.As(err, &refused) || len(refused.Problems) != 100 || !refused.More {
		t.Fatalf("got %v, want a hundred problems and more", err)
	}
	if !strings.HasSuffix(err.Error(), "... and more: stopped at 100 problems") {
		t.Errorf("the text does not end in how many more: %s", err.Error()[len(err.Error())-60:])
	}
}

func TestBuild_BadOptions(t *testing.T) {
	if _, err := registry.Build(world(), registry.Options{TimeZone: "Mars/Olympus"}); err == nil || !strings.Contains(err.Error(), "Mars/Olympus") {
		t.Errorf("got %v, want the zone named", err)
	}
	if _, err := registry.Build(world(), registry.Options{Interval: -1}); err == nil || !strings.Contains(err.Error(), "got -1 ms") {
		t.Errorf("got %v, want the interval refused", err)
	}
}
