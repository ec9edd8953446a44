package registry

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"jouleline/schema"
)

// text gives a field without surrounding blanks, "" where the column is missing.
// A needed field that is empty refuses the row.
func (r *row) text(c int) string {
	text := ""
	if i := r.at[c]; i >= 0 {
		text = strings.TrimSpace(r.record[i])
	}
	if text == "" && r.sheet.columns[c].needed {
		r.bad(c, "empty, want a value")
	}
	return text
}

// id gives a field that names something.
func (r *row) id(c int) string {
	text := r.text(c)
	if len(text) > schema.MaxMeterID {
		r.bad(c, "got %d bytes, want at most %d", len(text), schema.MaxMeterID)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		r.bad(c, "got %q, want no control characters", text)
	}
	return text
}

// word reads a field by one of the parsers of package schema.
func word[T any](r *row, c int, parse func(string) (T, error)) (value T) {
	text := r.text(c)
	if text == "" && r.sheet.columns[c].needed {
		return value
	}
	value, err := parse(text)
	if err != nil {
		r.bad(c, "%v", err)
	}
	return value
}

// day gives a date, or otherwise where it is not given.
func (r *row) day(c int, otherwise schema.Day) schema.Day {
	text := r.text(c)
	if text == "" {
		return otherwise
	}
	day, err := schema.ParseDay(text)
	if err != nil {
		r.bad(c, "%v", err)
	}
	return day
}

// validity gives the days from valid_from until valid_to, which is exclusive.
func (r *row) validity(from, to int) schema.Validity {
	v := schema.Validity{From: r.day(from, schema.Always), To: r.day(to, schema.Never)}
	if !r.failed && v.To <= v.From {
		r.bad(to, "got %s, want a day after valid_from (%s): the last day is not included", v.To, v.From)
	}
	return v
}

// instant gives a moment within the limits of readings.
func (r *row) instant(c int) schema.Instant {
	text := r.text(c)
	if text == "" {
		return 0
	}
	t, err := schema.ParseInstant(text)
	if err != nil {
		r.bad(c, "%v", err)
	} else if t < schema.MinInstant || t > schema.MaxInstant {
		r.bad(c, "got %s, want a time from 1970 to 2200", text)
	}
	return t
}

// amount gives an exact quantity that is not negative; given is false where the
// field is empty.
func (r *row) amount(c int) (q schema.Quantity, given bool) {
	text := r.text(c)
	if text == "" {
		return 0, false
	}
	q, exact, err := schema.ParseQuantity(text)
	switch {
	case err != nil:
		r.bad(c, "%v", err)
	case !exact:
		r.bad(c, "got %s, want at most six decimals", text)
	case q < 0:
		r.bad(c, "got %s, want no negative number", text)
	}
	return q, true
}

// ratio gives an exact number above zero, the zero value where not given.
func (r *row) ratio(c int) schema.Ratio {
	text := r.text(c)
	if text == "" {
		return schema.Ratio{}
	}
	ratio, err := schema.ParseRatio(text)
	if err != nil {
		r.bad(c, "%v", err)
	}
	return ratio
}

// degrees gives a number within limits, NaN where not given.
func (r *row) degrees(c int, least, most float64) float64 {
	text := r.text(c)
	if text == "" {
		return math.NaN()
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !(value >= least && value <= most) {
		r.bad(c, "got %q, want a number from %g to %g", text, least, most)
	}
	return value
}

// position gives a place on the map, of which both degrees or none are given.
func (r *row) position(latitude, longitude int) schema.Position {
	p := schema.Position{Latitude: r.degrees(latitude, -90, 90), Longitude: r.degrees(longitude, -180, 180)}
	if math.IsNaN(p.Latitude) != math.IsNaN(p.Longitude) {
		r.bad(latitude, "latitude and longitude want each other")
	}
	return p
}

// duration gives a stretch of time in milliseconds, 0 where not given.
func (r *row) duration(c int) (ms int64, calendar bool) {
	text := r.text(c)
	if text == "" {
		return 0, false
	}
	ms, calendar, err := parseDuration(text)
	if err != nil {
		r.bad(c, "%v", err)
	}
	return ms, calendar
}
