package gateway

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func packGzip(t testing.TB, body []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func packZstd(t testing.TB, body []byte, options ...zstd.EOption) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := zstd.NewWriter(&packed, options...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestBody_Unpacks(t *testing.T) {
	plain := []byte(strings.Repeat(reading("E1", "")+"\n", 1000))
	f := func(coding string, body []byte, status int) {
		t.Helper()
		w := new(world)
		got := post(open(t, w.config()).Readings(), "/", body, "Content-Encoding", coding)
		if got.Code != status {
			t.Errorf("%s: got %d %s, want %d", coding, got.Code, got.Body, status)
		}
		if n := len(w.meters(t)); status == http.StatusOK && n != 1000 {
			t.Errorf("%s: got %d readings, want 1000", coding, n)
		}
	}
	f("", plain, 200)
	f("identity", plain, 200)
	f("gzip", packGzip(t, plain), 200)
	f("GZIP", packGzip(t, plain), 200)
	f("zstd", packZstd(t, plain), 200)
	f("gzip", plain, 400)
	f("zstd", plain, 400)
	f("gzip", packGzip(t, plain)[:40], 400)
	f("zstd", packZstd(t, plain)[:40], 400)
	f("gzip", nil, 400)
	f("gzip, zstd", plain, 415)
}

// TestBody_BombsAreBounded sends a gigabyte of spaces in a few kilobytes, and a
// frame that asks for a large window.
func TestBody_BombsAreBounded(t *testing.T) {
	const limit = 1 << 20
	layer := bytes.Repeat([]byte(" "), 8<<20)
	var bomb bytes.Buffer
	member := packGzip(t, layer)
	for range 128 { // members of one gzip stream
		bomb.Write(member)
	}
	f := func(coding string, body []byte, status int) {
		t.Helper()
		w := new(world)
		config := w.config()
		config.MaxBody = limit
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := post(open(t, config).Readings(), "/", body, "Content-Encoding", coding)
		runtime.ReadMemStats(&after)
		if got.Code != status {
			t.Errorf("%s: got %d %s, want %d", coding, got.Code, got.Body, status)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 48<<20 {
			t.Errorf("%s: took %d bytes of memory for a limit of %d", coding, grown, limit)
		}
	}
	f("gzip", bomb.Bytes(), 413)
	f("zstd", packZstd(t, bytes.Repeat(layer, 4)), 413)
	f("zstd", packZstd(t, layer, zstd.WithWindowSize(64<<20), zstd.WithSingleSegment(false)), 413)
	f("", layer[:limit+1], 413)
}

// TestBody_LengthIsNotTrusted sends bodies of no or a wrong announced length.
func TestBody_LengthIsNotTrusted(t *testing.T) {
	f := func(body io.Reader, length int64, status int) {
		t.Helper()
		w := new(world)
		config := w.config()
		config.MaxBody = 1000
		request := httptest.NewRequest(http.MethodPost, "/", body)
		request.ContentLength = length
		response := httptest.NewRecorder()
		open(t, config).Readings().ServeHTTP(response, request)
		if response.Code != status {
			t.Errorf("got %d %s, want %d", response.Code, response.Body, status)
		}
	}
	f(strings.NewReader(reading("E1", "")), -1, 200)
	f(strings.NewReader(strings.Repeat(" ", 1001)), -1, 413)
	f(strings.NewReader(""), 1_000_000_000_000, 413)
	f(io.MultiReader(strings.NewReader(reading("E1", "")), brokenReader{}), -1, 400)
}

// brokenReader is a connection that ends early.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
