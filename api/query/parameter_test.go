package query_test

import (
	"testing"

	"jouleline/api/query"
)

// A time that is taken is the one that was written.
func FuzzTime(f *testing.F) {
	for _, text := range []string{"2023-05-01T22:00:00+08:00", "2023-05-01T22:00:00 08:00", "2023-05-01T22:00:00.123456Z", "1969-12-31T23:59:59Z", " 08:00", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var at, again query.Moment
		if at.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := again.UnmarshalText([]byte(at.At.String())); err != nil || again != at {
			t.Errorf("%q: got %s, which reads as %s, %v", text, at.At, again.At, err)
		}
	})
}
