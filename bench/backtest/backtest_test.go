package backtest

import (
	"bytes"
	"flag"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the figures of docs/backtest.md")

// The page with the figures, and the marks between which they stand.
const (
	page  = "../../docs/backtest.md"
	begin = "<!-- figures: go test ./bench/backtest -update -->\n"
	end   = "<!-- end of figures -->\n"
)

// The page shows what comes out now. Numbers may differ by what another
// processor's rounding does to a few of thousands of statements.
func TestReport_IsThePage(t *testing.T) {
	var got bytes.Buffer
	if err := Report(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	figures, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s: want figures between %q and %q", page, begin, end)
	}
	if *update {
		if err := os.WriteFile(page, []byte(before+begin+"\n"+got.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, have := strings.Fields(figures), strings.Fields(got.String())
	if len(want) != len(have) {
		t.Fatalf("%s: got %d words, the page has %d: go test ./bench/backtest -update, and read what has changed", page, len(have), len(want))
	}
	for i := range want {
		if !same(want[i], have[i]) {
			t.Errorf("word %d: got %s, the page says %s", i, have[i], want[i])
		}
	}
}

// same compares words, numbers within a hundredth or a hundredth of themselves.
func same(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return a == b
	}
	return math.Abs(x-y) <= .01*max(1, math.Abs(x))
}
