package arrow

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
)

// FuzzDecoder asserts what holds of every body, and that no body takes more
// memory than a small multiple of its size.
func FuzzDecoder(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.arrows"))
	if err != nil || len(files) == 0 {
		f.Fatalf("got the streams %v, %v", files, err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add(one(f))
	f.Add(one(f, at("value", decimalOf(38, 30), nil), at("deleted", arrow.FixedWidthTypes.Boolean, true)))
	f.Add(one(f, at("value", arrow.PrimitiveTypes.Float32, float32(0.1)), at("start", arrow.FixedWidthTypes.Timestamp_s, arrow.Timestamp(5)), at("revision", arrow.PrimitiveTypes.Uint64, uint64(1<<64-1))))
	f.Add([]byte("\xff\xff\xff\xff\x08\x00\x00\x00\x04\x00\x00\x00\xfc\xff\xff\x7f\x00"))
	f.Fuzz(func(t *testing.T, body []byte) { checkCost(t, body) })
}
