package page

import (
	"strings"

	"jouleline/analytics"
	"jouleline/analytics/outlook"
)

// said is a sentence that may not be in the language of the page: what people
// wrote, and what the rooms below say in English only, is marked as it is, so
// that it is not read out as what it is not.
type said struct {
	Text    string
	English bool
}

// caveat puts a warning into words by its code and its figures; a code without
// words is told in English.
func (w words) caveat(x analytics.Warning) said {
	key := "warning." + string(x.Code)
	m, ok := messages[key]
	if !ok {
		return said{x.Detail, true}
	}
	values := []any{fixed(x.Got, 0), fixed(x.Want, 0)}
	return said{Text: w.T(key, values[:strings.Count(m[0], "%s")]...)}
}

// whyNoForecast tells why a forecast, or its chance, is not known.
func (w words) whyNoForecast(in *outlook.Indicator) string {
	if w.Lang == english && in.Reason != "" {
		return in.Reason
	}
	return w.word("outlook", string(in.State))
}
