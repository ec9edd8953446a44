package feed

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jouleline/schema"
)

// plain gives the text of a cell as it is to be understood: letters, digits and
// signs of full width as those of ASCII, without the blanks around it, and
// without what spreadsheets put around a text so that it stays one ('007,
// ="007").
func plain(cell string) string {
	ascii := true
	for i := 0; i < len(cell); i++ {
		ascii = ascii && cell[i] < 0x80
	}
	if !ascii {
		cell = strings.Map(func(r rune) rune {
			switch {
			case r >= '！' && r <= '～': // U+FF01 to U+FF5E are ASCII's 0x21 to 0x7e
				return r - '！' + '!'
			case r == '\u3000' || r == '\u00a0':
				return ' '
			case r == '−' || r == '–':
				return '-'
			case r == '\ufeff' || r == '\u200b':
				return -1
			}
			return r
		}, cell)
	}
	cell = strings.TrimSpace(cell)
	if len(cell) >= 3 && strings.HasPrefix(cell, `="`) && strings.HasSuffix(cell, `"`) {
		cell = cell[2 : len(cell)-1]
	}
	return strings.TrimSpace(strings.TrimPrefix(cell, "'"))
}

// notGiven tells whether a cell says that there is nothing to say.
func notGiven(text string) bool {
	switch text {
	case "", "-", "--", "—", "——", "/", "\\", "无", "N/A", "n/a":
		return true
	}
	return false
}

var thousands = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$`)

// number reads a decimal number; commas may part its thousands.
func (s *sheet) number(text string) (schema.Decimal, error) {
	if thousands.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	d, err := schema.ParseDecimal(text)
	if err != nil {
		return schema.Decimal{}, err
	}
	if s.spreadsheet && (d.Lost || d.Mantissa >= 1e15 || d.Mantissa <= -1e15) {
		// More than fifteen digits are what is left of a calculation in floats.
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return schema.Decimal{}, fmt.Errorf("%w: %s", schema.ErrOutOfRange, text)
		}
		return schema.ParseDecimal(strconv.FormatFloat(value, 'e', 14, 64))
	}
	return d, nil
}

// decimalText writes a decimal as a JSON number, without zeros at the end of its
// decimals.
func decimalText(d schema.Decimal) string {
	sign, digits := "", strconv.FormatInt(d.Mantissa, 10)
	if d.Mantissa < 0 {
		sign, digits = "-", digits[1:]
	}
	if d.Scale > 64 || d.Scale < -64 {
		return fmt.Sprintf("%s%se%d", sign, digits, -d.Scale)
	}
	if d.Scale <= 0 {
		if d.Mantissa == 0 {
			return "0"
		}
		return sign + digits + strings.Repeat("0", int(-d.Scale))
	}
	if missing := int(d.Scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - int(d.Scale)
	return sign + strings.TrimSuffix(digits[:point]+"."+strings.TrimRight(digits[point:], "0"), ".")
}

// Ways in which days are written. Months and days may have one digit.
var (
	dayForms   = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}
	monthForms = []string{"2006-1", "2006/1", "2006.1", "2006年1月", "200601"}
	midnight   = regexp.MustCompile(`[ T]0?0:00(:00(\.0+)?)?Z?$`)
)

// day reads a calendar day.
func (s *sheet) day(text string) (schema.Day, error) {
	if s.spreadsheet {
		if serial, err := strconv.ParseFloat(text, 64); err == nil && serial < 100_000 {
			return s.serial(serial)
		}
	}
	cut := midnight.ReplaceAllString(text, "")
	for _, form := range dayForms {
		if t, err := time.Parse(form, cut); err == nil {
			return inRange(schema.DayOf(t.Date()), text)
		}
	}
	return 0, fmt.Errorf("got %q, want a day as 2024-05-31, 2024/5/31 or 2024年5月31日", clip(text))
}

// serial gives the day of a spreadsheet's serial number. Day 60 of 1900 never
// was, but that is before any bill.
func (s *sheet) serial(serial float64) (schema.Day, error) {
	const from1900, from1904 = -25569, -24107 // 1899-12-30 and 1904-01-01
	day := int64(serial)
	if serial < 1 || float64(day) != serial {
		return 0, fmt.Errorf("got the number %v, want a day", serial)
	}
	if s.since1904 {
		return inRange(schema.Day(from1904+day), strconv.FormatInt(day, 10))
	}
	return inRange(schema.Day(from1900+day), strconv.FormatInt(day, 10))
}

func inRange(d schema.Day, text string) (schema.Day, error) {
	if d < schema.DayOf(1970, 1, 2) || d >= schema.DayOf(2199, 12, 1) {
		return 0, fmt.Errorf("got %q, want a day of 1970 to 2199", clip(text))
	}
	return d, nil
}

// month reads a calendar month, also as any day of it.
func (s *sheet) month(text string) (schema.Month, error) {
	for _, form := range monthForms {
		if t, err := time.Parse(form, text); err == nil {
			d, err := inRange(schema.DayOf(t.Year(), t.Month(), 2), text)
			return schema.MonthOf(d), err
		}
	}
	d, err := s.day(text)
	if err != nil {
		return 0, fmt.Errorf("got %q, want a month as 2024-05, 202405 or 2024年5月", clip(text))
	}
	return schema.MonthOf(d), nil
}

// clip shortens foreign text for a reason.
func clip(text string) string {
	const most = 40
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}
