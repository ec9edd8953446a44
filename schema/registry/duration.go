package registry

import (
	"fmt"
	"strconv"
	"strings"

	"jouleline/schema"
)

// Limits of intervals and gap limits: a second, and ten years.
const (
	minDuration = schema.Second
	maxDuration = 3660 * 24 * schema.Hour
)

// designators are the parts of an ISO 8601 duration in their order. A month and
// a year count as the longest that the calendar knows, since an interval says
// how far readings may lie apart.
var designators = []struct {
	letter   byte
	time     bool // stands after the T
	calendar bool
	ms       int64
}{
	{'Y', false, true, 366 * 24 * schema.Hour},
	{'M', false, true, 31 * 24 * schema.Hour},
	{'W', false, false, 7 * 24 * schema.Hour},
	{'D', false, false, 24 * schema.Hour},
	{'H', true, false, schema.Hour},
	{'M', true, false, schema.Minute},
	{'S', true, false, schema.Second},
}

// parseDuration reads an ISO 8601 duration such as PT15M, PT1H or P1D of whole
// parts, in milliseconds. calendar tells that it names months or years.
func parseDuration(text string) (ms int64, calendar bool, err error) {
	rest, ok := strings.CutPrefix(text, "P")
	inTime, next := false, 0
	for ok && rest != "" {
		if rest[0] == 'T' && !inTime && len(rest) > 1 {
			inTime, rest = true, rest[1:]
			continue
		}
		digits := 0
		for digits < len(rest) && digits < 8 && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits == len(rest) {
			ok = false
			break
		}
		count, _ := strconv.ParseInt(rest[:digits], 10, 64)
		for next < len(designators) && (designators[next].letter != rest[digits] || designators[next].time != inTime) {
			next++
		}
		if ok = next < len(designators); ok {
			ms += count * designators[next].ms
			calendar = calendar || designators[next].calendar
			rest = rest[digits+1:]
			next++
		}
	}
	if !ok || next == 0 {
		return 0, false, fmt.Errorf("got %q, want an ISO 8601 duration of whole parts, as PT15M, PT1H or P1D", text)
	}
	if ms < minDuration || ms > maxDuration {
		return 0, false, fmt.Errorf("got %q, want from PT1S to P3660D", text)
	}
	return ms, calendar, nil
}

// durationText writes milliseconds as the shortest duration of days, hours,
// minutes and seconds.
func durationText(ms int64) string {
	var b strings.Builder
	b.WriteByte('P')
	inTime := false
	for _, d := range designators {
		if d.calendar || d.letter == 'W' || ms < d.ms {
			continue
		}
		if d.time && !inTime {
			inTime = true
			b.WriteByte('T')
		}
		b.WriteString(strconv.FormatInt(ms/d.ms, 10))
		b.WriteByte(d.letter)
		ms %= d.ms
	}
	return b.String()
}
