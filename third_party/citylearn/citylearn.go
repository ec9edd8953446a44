// Package citylearn carries a year of hourly electricity of 17 measured houses in
// Fontana, California, with the outdoor temperature: real readings for
// demonstrations. SOURCE.md says where they are from, LICENSE on what terms.
//
// It answers "how many Wh did this house use in that hour". It refuses to say
// more than the source: the source has month, hour and day of the week, but no
// year. Its invariants:
//
//   - hours stand in order without gaps, the first one being the last hour of
//     31 July, and follow each other in the standard time of the place (the
//     source knows no daylight saving);
//   - the year is taken as 2022-07-31 to 2023-07-31. Its 1 August is a Monday and
//     its February has 28 days, as in the source; 2016-17, when the houses were
//     measured, has the same calendar.
package citylearn

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Hours is how many hours the year has.
const Hours = 8760

//go:embed hourly.csv.gz
var packed []byte

// Year is the year of all houses.
type Year struct {
	Houses []House
	// Celsius is the outdoor temperature by hour.
	Celsius []float64
}

// House is one measured house: its electricity by hour in Wh.
type House struct {
	Name      string // as in the source: building_1
	WattHours []int64
}

// Load unpacks the year. Each call gives one of its own.
func Load() (*Year, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack the houses: %w", err)
	}
	rows, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("unpack the houses: %w", err)
	}
	if len(rows) != Hours+1 || len(rows[0]) < 2 {
		return nil, fmt.Errorf("unpack the houses: got %d rows, want %d and a header", len(rows), Hours)
	}
	y := &Year{Celsius: make([]float64, Hours), Houses: make([]House, len(rows[0])-1)}
	for i, title := range rows[0][1:] {
		y.Houses[i] = House{Name: strings.TrimSuffix(title, "_wh"), WattHours: make([]int64, Hours)}
	}
	for hour, row := range rows[1:] {
		if y.Celsius[hour], err = strconv.ParseFloat(row[0], 64); err != nil {
			return nil, fmt.Errorf("unpack the houses: hour %d: %w", hour, err)
		}
		for i, text := range row[1:] {
			if y.Houses[i].WattHours[hour], err = strconv.ParseInt(text, 10, 64); err != nil {
				return nil, fmt.Errorf("unpack the houses: hour %d of %s: %w", hour, y.Houses[i].Name, err)
			}
		}
	}
	return y, nil
}

// Start is the beginning of an hour, counted from 0 to [Hours]: the first one is
// 23:00 on 2022-07-31 in the zone that the houses are put in. Start(Hours) is the
// end of the last one.
func Start(hour int, zone *time.Location) time.Time {
	return time.Date(2022, time.July, 31, 23, 0, 0, 0, zone).Add(time.Duration(hour) * time.Hour)
}
