package arrow

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"runtime/metrics"
	"strings"
	"testing"

	"jouleline/bench/chance"
)

// allocated is how many bytes this process has asked for so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// checkCost asserts what holds of every body, and holds what decoding takes to
// the size of the body: a megabyte for what runs beside, twice the body, and
// 4 KiB for a rejection with its texts.
func checkCost(t testing.TB, body []byte) {
	t.Helper()
	_, bad := checkElements(t, body)
	var d Decoder
	before := allocated()
	for d.Reset(body, received); d.Next(); {
	}
	limit := 1<<20 + 2*uint64(len(body)) + 4096*uint64(len(bad))
	if took := allocated() - before; took > limit {
		t.Fatalf("a body of %d bytes took %d bytes of memory to decode, want at most %d", len(body), took, limit)
	}
}

// forgeries are what a forger writes over a length, an offset or a count.
var forgeries = []uint64{
	0, 1, 2, 7, 8, 0xff, 0xffff, 1 << 20, 1 << 30, 1<<31 - 1, 1 << 31, 1<<32 - 8, 1<<32 - 1,
	1 << 40, 1 << 60, 1<<63 - 1, 1 << 63, 1<<64 - 8, 1<<64 - 1,
}

// TestForged_Lengths writes every forgery over every place of streams of every
// kind, as a number of four and of eight bytes.
func TestForged_Lengths(t *testing.T) {
	names := []string{"pyarrow-decimal", "pyarrow-deltas", "polars-categorical", "pyarrow-lz4"}
	if testing.Short() {
		names = names[:1]
	}
	for _, name := range names {
		good := file(t, name)
		for at := 0; at+4 <= len(good); at += 4 {
			for _, forgery := range forgeries {
				body := bytes.Clone(good)
				binary.LittleEndian.PutUint32(body[at:], uint32(forgery))
				checkCost(t, body)
				if at%8 == 0 && at+8 <= len(body) && forgery > 1<<32 {
					binary.LittleEndian.PutUint64(body[at:], forgery)
					checkCost(t, body)
				}
			}
		}
	}
}

// TestForged_Several changes several places of a stream at random.
func TestForged_Several(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	bodies := [][]byte{file(t, "pyarrow-decimal"), file(t, "polars-view"), file(t, "pyarrow-deltas"), file(t, "pyarrow-float")}
	rounds := 20_000
	if testing.Short() {
		rounds = 1000
	}
	for range rounds {
		body := bytes.Clone(bodies[random.IntN(len(bodies))])
		for range 1 + random.IntN(6) {
			binary.LittleEndian.PutUint32(body[random.IntN(len(body)-4)&^3:], uint32(forgeries[random.IntN(len(forgeries))]))
		}
		checkCost(t, body)
	}
}

// TestForged_SharedChildren gives a schema of 6 KB in which every field has a
// hundred children, which are one and the same: read plainly it has 100^15
// columns.
func TestForged_SharedChildren(t *testing.T) {
	const levels, children = 15, 100
	var b []byte
	put16 := func(numbers ...uint16) {
		for _, n := range numbers {
			b = binary.LittleEndian.AppendUint16(b, n)
		}
	}
	put32 := func(numbers ...int) {
		for _, n := range numbers {
			b = binary.LittleEndian.AppendUint32(b, uint32(n))
		}
	}
	put32(16)                      // to the message
	put16(12, 12, 4, 6, 8, 0)      // its fields: version, kind, header, none
	put32(12)                      // back to those
	put16(version5, schemaMessage) // and two bytes of padding
	put32(12)                      // to the schema
	put16(8, 8, 0, 4)              // its fields: none, fields
	put32(8, 4)                    // back to those; to the vector behind
	vector := func(n, target int) {
		put32(n)
		for range n {
			put32(target - len(b))
		}
	}
	at := func(level int) int { return 44 + 4 + 4*children + 16 + level*(12+4+4*children) } // a field's table
	vector(children, at(0))
	shape := len(b)
	put16(16, 12, 0, 0, 8, 0, 0, 4) // type, children
	for level := range levels {
		if len(b) != at(level) {
			t.Fatalf("the field of level %d is at %d, want %d", level, len(b), at(level))
		}
		put32(len(b)-shape, 8)
		b = append(b, typeStruct, 0, 0, 0)
		if level == levels-1 {
			put32(0)
			continue
		}
		vector(children, at(level+1))
	}
	body := binary.LittleEndian.AppendUint32([]byte{0xff, 0xff, 0xff, 0xff}, uint32(len(b)))
	checkCost(t, append(body, b...))
	if got := show(append(body, b...)); !strings.Contains(got, "got a schema of more than 1024 columns or 16 levels") {
		t.Errorf("got %s", got)
	}
}
