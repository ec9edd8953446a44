package analyze

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"jouleline/analytics/savings"
)

// seriesReader reads CSV files of two columns, time and value. Times are RFC 3339,
// or local where a zone is named; an empty value, NA or NaN is a gap. Times must
// increase: what stands out of order or twice is refused with its line, since a
// sorted copy would hide that something is wrong with it.
type seriesReader struct {
	loc   *time.Location
	named bool // loc was asked for, so that local times have a meaning
	// dates also takes plain dates, months and years without a zone, for analyses
	// that do not depend on when a day begins.
	dates bool
}

// file reads a file.
func (r seriesReader) file(path string) (savings.Series, error) {
	f, err := os.Open(path)
	if err != nil {
		return savings.Series{}, err
	}
	defer f.Close()
	s, err := r.read(f)
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func (r seriesReader) read(in io.Reader) (s savings.Series, err error) {
	rows := csv.NewReader(in)
	rows.ReuseRecord, rows.TrimLeadingSpace = true, true
	header, err := rows.Read()
	if err != nil {
		return s, csvError(err)
	}
	at, value, err := columnsOf(header)
	if err != nil {
		return s, err
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, csvError(err)
		}
		line, _ := rows.FieldPos(0)
		last := int64(math.MinInt64)
		if n := len(s.Times); n > 0 {
			last = s.Times[n-1]
		}
		t, err := r.time(row[at], last)
		if err != nil {
			return s, fmt.Errorf("line %d: %w", line, err)
		}
		v, err := parseValue(row[value])
		if err != nil {
			return s, fmt.Errorf("line %d: %w", line, err)
		}
		switch {
		case t == last:
			return s, fmt.Errorf("line %d: time %s stands in the row before already, want each time once", line, row[at])
		case t < last:
			return s, fmt.Errorf("line %d: time %s lies before that of the row above, want times in order", line, row[at])
		}
		s.Times, s.Values = append(s.Times, t), append(s.Values, v)
	}
}

// columnsOf finds the columns time and value; others are passed over.
func columnsOf(header []string) (at, value int, err error) {
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
	}
	at, value = slices.Index(names, "time"), slices.Index(names, "value")
	if at < 0 || value < 0 {
		return 0, 0, fmt.Errorf("line 1: got columns %q, want time and value", strings.Join(header, ","))
	}
	return at, value, nil
}

func csvError(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("got an empty file, want a header and rows of time and value")
	}
	return err
}

// parseValue reads a number; a gap is NaN.
func parseValue(text string) (float64, error) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "", "na", "nan", "null", "-":
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, fmt.Errorf("value: got %q, want a number, or NA for a gap", text)
	}
	return v, nil
}

// localLayouts are the forms of times without an offset; the last three are dates.
var localLayouts = []string{
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", "2006-01", "2006",
}

const firstDate = 4 // in localLayouts

// time reads a time as Unix seconds. A local time that a zone has twice is the
// first that comes after last.
func (r seriesReader) time(text string, last int64) (int64, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t.Unix(), nil
	}
	if t, err := time.Parse("2006-01-02 15:04:05Z07:00", text); err == nil {
		return t.Unix(), nil
	}
	for i, layout := range localLayouts {
		wall, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if !r.named && (!r.dates || i < firstDate) {
			return 0, fmt.Errorf("time: got %q without an offset, want one, or --time-zone", text)
		}
		return inZone(wall, r.loc, last)
	}
	return 0, fmt.Errorf("time: got %q, want RFC 3339, as 2024-05-01T08:15:00+08:00, or a local time with --time-zone", text)
}

// inZone gives the moment at which the clocks of a zone show a wall time.
func inZone(wall time.Time, loc *time.Location, last int64) (int64, error) {
	var found []int64
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(loc).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		_, real := at.In(loc).Zone()
		if real == offset && !slices.Contains(found, at.Unix()) {
			found = append(found, at.Unix())
		}
	}
	slices.Sort(found)
	switch {
	case len(found) == 0:
		return 0, fmt.Errorf("time: got %s, which the clocks in %s skip: want a time with its offset", wall.Format("2006-01-02 15:04:05"), loc)
	case len(found) == 2 && found[0] <= last:
		return found[1], nil
	}
	return found[0], nil
}

// moment reads a flag that is a time.
func (r seriesReader) moment(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := r.time(text, math.MinInt64)
	if err != nil {
		return time.Time{}, misuse{fmt.Errorf("--%s: %w", flag, err)}
	}
	return time.Unix(at, 0).In(r.loc), nil
}
