package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// profileRows gives the 48 rows of a profile of a meter.
func profileRows(meter, from, version string) []string {
	var rows []string
	for _, day := range []string{"workday", "weekend"} {
		for hour := range 24 {
			rows = append(rows, fmt.Sprintf("%s,%s,%s,%d,%d.5,%s,wang,by hand", meter, from, day, hour, hour, version))
		}
	}
	return rows
}

func profiles(rows ...string) (*registry.Registry, error) {
	tables := world()
	tables["profiles.csv"] = []byte("meter,valid_from,day_type,hour,weight,version,author,reason\n" + strings.Join(rows, "\n") + "\n")
	return registry.Build(tables, registry.Options{})
}

func TestProfiles_InOrderOfTime(t *testing.T) {
	meter := anyMeter(t)
	reg, err := profiles(append(profileRows(meter, "2023-06-01", "2"), profileRows(meter, "2023-01-01", "1")...)...)
	if err != nil {
		t.Fatal(err)
	}
	got := reg.ProfilesOf(meter)
	if len(got) != 2 || got[0].Version != "1" || got[1].From != schema.DayOf(2023, 6, 1) || got[1].Weights[schema.Weekend][23] != 23_500_000 {
		t.Fatalf("got %+v, want both profiles", got)
	}
	if again, err := registry.Build(reg.Tables(), registry.Options{}); err != nil || len(again.Profiles) != 2 || again.Profiles[1] != got[1] {
		t.Errorf("written and read again: got %+v, %v", again, err)
	}
	plain, err := registry.Build(world(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := registry.Diff(plain, reg); len(c.Judged) != 1 || c.Judged[0] != meter {
		t.Errorf("got judged anew %v, want %s alone", c.Judged, meter)
	}
}

func TestProfiles_BadRowIsNamed(t *testing.T) {
	meter := anyMeter(t)
	f := func(want string, change func(rows []string) []string) {
		t.Helper()
		if _, err := profiles(change(profileRows(meter, "2023-01-01", "1"))...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
	row := func(i int, old, now string) func([]string) []string {
		return func(rows []string) []string {
			rows[i] = strings.Replace(rows[i], old, now, 1)
			return rows
		}
	}
	column := len(meter) + 2
	f(fmt.Sprintf("profiles.csv:2:%d: hour: the profile of %q from 2023-01-01 lacks 2 of 48 hours: workday hour 3, weekend hour 23", column+19, meter),
		func(rows []string) []string { return append(rows[:3], rows[4:47]...) })
	f("hour: the workday hour 5 of the profile of", func(rows []string) []string { return append(rows, rows[5]) })
	f("profiles.csv:9", row(7, ",1,wang", ",2,wang"))
	f(fmt.Sprintf("profiles.csv:2:%d: day_type: got \"holiday\", want workday or weekend", column+11), row(0, "workday", "holiday"))
	f(`hour: got "24", want an hour from 0 to 23`, row(23, ",23,", ",24,"))
	f(`weight: got -0.5, want no negative number`, row(0, ",0.5", ",-0.5"))
	f(`weight: got 1000.5, want at most 1000 with at most three decimals`, row(0, ",0.5", ",1000.5"))
	f(`weight: got 0.0005, want at most 1000`, row(0, ",0.5", ",0.0005"))
	f(`which is not in meters.csv`, row(0, meter, "nobody"))
}

// anyMeter names a meter of the world.
func anyMeter(t *testing.T) string {
	t.Helper()
	reg, err := registry.Build(world(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return reg.Meters[0].ID
}
