// Command compact makes hourly.csv.gz of the CityLearn wheel, so that what is
// committed can be made again and checked:
//
//	pip download --no-deps citylearn==2.1.0
//	go run ./third_party/citylearn/compact CityLearn-2.1.0-py3-none-any.whl third_party/citylearn/hourly.csv.gz
package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

const (
	folder = "citylearn/data/citylearn_challenge_2022_phase_all/"
	houses = 17
	hours  = 8760
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: compact WHEEL OUTPUT")
		os.Exit(2)
	}
	if err := compact(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "compact:", err)
		os.Exit(1)
	}
}

// compact writes one row an hour: the outdoor temperature in degrees Celsius and
// the load of each house in Wh.
func compact(wheel, output string) error {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return err
	}
	defer archive.Close()
	header := []string{"temperature_c"}
	temperature, err := column(&archive.Reader, "weather.csv", "Outdoor Drybulb Temperature [C]")
	if err != nil {
		return err
	}
	loads := make([][]float64, houses)
	for i := range loads {
		name := fmt.Sprintf("Building_%d", i+1)
		header = append(header, strings.ToLower(name)+"_wh")
		if loads[i], err = column(&archive.Reader, name+".csv", "Equipment Electric Power [kWh]"); err != nil {
			return err
		}
	}
	var packed bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := csv.NewWriter(zipped)
	if err := w.Write(header); err != nil {
		return err
	}
	for hour := range hours {
		row := []string{strconv.FormatFloat(temperature[hour], 'f', -1, 64)}
		for _, load := range loads {
			row = append(row, strconv.FormatInt(int64(math.Round(load[hour]*1000)), 10))
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	if err := zipped.Close(); err != nil {
		return err
	}
	return os.WriteFile(output, packed.Bytes(), 0o644)
}

// column reads one column of one file of the wheel.
func column(archive *zip.Reader, file, name string) ([]float64, error) {
	f, err := archive.Open(folder + file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) != hours+1 {
		return nil, fmt.Errorf("%s: got %d rows, want %d and a header", file, len(rows), hours)
	}
	at := -1
	for i, title := range rows[0] {
		if title == name {
			at = i
		}
	}
	if at < 0 {
		return nil, fmt.Errorf("%s: no column %q in %q", file, name, rows[0])
	}
	values := make([]float64, hours)
	for i, row := range rows[1:] {
		if values[i], err = strconv.ParseFloat(row[at], 64); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", file, i+2, err)
		}
	}
	return values, nil
}
