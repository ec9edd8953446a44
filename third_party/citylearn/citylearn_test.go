package citylearn_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"jouleline/third_party/citylearn"
)

func TestLoad(t *testing.T) {
	year, err := citylearn.Load()
	if err != nil {
		t.Fatal(err)
	}
	// kWh of each house, summed over the source's own values
	want := []float64{
		10583.353, 9353.601, 7170.435, 10793.180, 8807.643, 10388.013, 7856.335, 8836.317, 7304.783, 13115.253,
		12313.994, 11212.273, 10932.378, 8217.034, 6461.657, 11586.552, 14711.229,
	}
	if len(year.Houses) != len(want) || len(year.Celsius) != citylearn.Hours {
		t.Fatalf("got %d houses and %d temperatures, want %d and %d", len(year.Houses), len(year.Celsius), len(want), citylearn.Hours)
	}
	for i, house := range year.Houses {
		var sum int64
		for _, wattHours := range house.WattHours {
			if wattHours < 0 || wattHours > 9000 {
				t.Fatalf("%s: got %d Wh in an hour, want 0 to 9000", house.Name, wattHours)
			}
			sum += wattHours
		}
		// 8760 roundings to 1 Wh have a deviation of 27 Wh
		if got := float64(sum) / 1000; math.Abs(got-want[i]) > 0.15 || house.Name != fmt.Sprintf("building_%d", i+1) {
			t.Errorf("%s: got %.3f kWh, want %.3f of building_%d", house.Name, got, want[i], i+1)
		}
	}
	if year.Celsius[0] != 20 || year.Celsius[1] != 20.1 {
		t.Errorf("temperatures begin with %v, want 20 and 20.1", year.Celsius[:2])
	}
}

func TestStart(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Skipf("no zone data on this machine: %v", err)
	}
	f := func(hour int, want string) {
		t.Helper()
		if got := citylearn.Start(hour, zone).Format(time.RFC3339); got != want {
			t.Errorf("hour %d: got %s, want %s", hour, got, want)
		}
	}
	f(0, "2022-07-31T23:00:00+08:00")
	f(1, "2022-08-01T00:00:00+08:00")
	f(citylearn.Hours, "2023-07-31T23:00:00+08:00")
}

// The repository's files carry the same year with a calendar of month, hour and
// day of the week.
func TestLoad_AgreesWithTheRepository(t *testing.T) {
	const folder = "../../../shared/data/citylearn-2022"
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("%s is not beside the checkout: %v", folder, err)
	}
	year, err := citylearn.Load()
	if err != nil {
		t.Fatal(err)
	}
	for i, house := range year.Houses {
		file, err := os.Open(fmt.Sprintf("%s/Building_%d.csv", folder, i+1))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		file.Close()
		if err != nil || len(rows) != citylearn.Hours+1 {
			t.Fatalf("building %d: got %d rows, %v", i+1, len(rows), err)
		}
		for hour, row := range rows[1:] { // month, hour, day_type, ..., non_shiftable_load
			kWh, err := strconv.ParseFloat(row[7], 64)
			if err != nil || math.Abs(kWh*1000-float64(house.WattHours[hour])) > 0.501 {
				t.Fatalf("building %d, hour %d: got %d Wh, want %s kWh", i+1, hour, house.WattHours[hour], row[7])
			}
			start := citylearn.Start(hour, time.UTC)
			calendar := fmt.Sprint(int(start.Month()), start.Hour()+1, (int(start.Weekday())+6)%7+1)
			if want := fmt.Sprint(row[0], " ", row[1], " ", row[2]); calendar != want {
				t.Fatalf("building %d, hour %d: got month, hour and day of the week %s, want %s", i+1, hour, calendar, want)
			}
		}
	}
}
