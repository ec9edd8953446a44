package promql

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestPack_WhoTakesGzip(t *testing.T) {
	f := func(accepted string, want bool) {
		t.Helper()
		if got := takesGzip(accepted); got != want {
			t.Errorf("%q: got %v, want %v", accepted, got, want)
		}
	}
	f("gzip", true)
	f("deflate, gzip;q=0.5", true)
	f("br,GZIP; q=1.0", true)
	f("", false)
	f("br", false)
	f("gzip;q=0", false)
	f("gzip;q=0.000, br", false)
}

// A long answer is packed for who takes it, and says the same.
func TestPack_LongAnswers(t *testing.T) {
	h, err := New(Config{Source: oneSeries{}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(end, accepted string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/query_range?query=g&start=0&step=1&end="+end, nil)
		r.Header.Set("Accept-Encoding", accepted)
		w := httptest.NewRecorder()
		h.QueryRange(w, r)
		return w
	}
	plain, small, long := ask("2000", ""), ask("2", "gzip"), ask("2000", "gzip")
	if plain.Header().Get("Content-Encoding") != "" || small.Header().Get("Content-Encoding") != "" || long.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("got headers %v, %v and %v", plain.Header(), small.Header(), long.Header())
	}
	zip, err := gzip.NewReader(long.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil || string(text) != plain.Body.String() || len(text) < 20_000 {
		t.Errorf("got %d bytes, %v, want the %d of the plain answer", len(text), err, plain.Body.Len())
	}
}
