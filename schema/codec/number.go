package codec

import (
	"strings"

	"jouleline/schema"
)

// mostWhole is how many digits before the point the fast way takes: with six
// decimals they make eighteen, which fit into an int64.
const mostWhole = 12

var pow10 = [7]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000}

// scanQuantity reads the JSON number at b[i:]. exact is false where it has more
// decimals than six, of which the last were not zero. ok is false where there
// is no number or it is out of range; a plainer reader then says why.
func scanQuantity(b []byte, i int) (q schema.Quantity, exact bool, end int, ok bool) {
	start := i
	negative := i < len(b) && b[i] == '-'
	if negative {
		i++
	}
	whole := i
	var mantissa int64
	for i < len(b) && b[i]-'0' <= 9 {
		mantissa = mantissa*10 + int64(b[i]-'0')
		i++
	}
	if i == whole || i > whole+1 && b[whole] == '0' {
		return 0, false, i, false
	}
	plain := i-whole <= mostWhole
	decimals := 0
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for i < len(b) && b[i]-'0' <= 9 {
			mantissa = mantissa*10 + int64(b[i]-'0')
			i++
		}
		if decimals = i - point; decimals == 0 {
			return 0, false, i, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' || !plain || decimals > 6 {
		if end = numberEnd(b, start); end < 0 {
			return 0, false, i, false
		}
		q, exact, err := schema.ParseQuantity(b[start:end])
		return q, exact, end, err == nil
	}
	mantissa *= pow10[6-decimals]
	if negative {
		mantissa = -mantissa
	}
	return schema.Quantity(mantissa), true, i, true
}

// numberEnd gives the end of the JSON number at b[i:], -1 if there is none.
func numberEnd[T ~string | ~[]byte](b T, i int) int {
	if i < len(b) && b[i] == '-' {
		i++
	}
	whole := i
	i = digitsEnd(b, i)
	if i == whole || i > whole+1 && b[whole] == '0' {
		return -1
	}
	if i < len(b) && b[i] == '.' {
		point := i + 1
		if i = digitsEnd(b, point); i == point {
			return -1
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		exponent := i
		if i = digitsEnd(b, i); i == exponent {
			return -1
		}
	}
	return i
}

func digitsEnd[T ~string | ~[]byte](b T, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}

// jsonNumber writes decimal text that [schema.ParseDecimal] takes as a JSON
// number: CSV and line protocol also know "+1", ".5", "5." and "007".
func jsonNumber(text string) string {
	if numberEnd(text, 0) == len(text) {
		return text
	}
	sign := ""
	if text[0] == '-' {
		sign = "-"
	}
	text = strings.TrimLeft(text, "+-")
	exponent := ""
	if e := strings.IndexAny(text, "eE"); e >= 0 {
		text, exponent = text[:e], text[e:]
	}
	whole, decimals, _ := strings.Cut(text, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if decimals != "" {
		decimals = "." + decimals
	}
	return sign + whole + decimals + exponent
}
