package panel

import (
	"fmt"
	"testing"

	"jouleline/api/promql"
)

// An index finds the rows that looking through the table finds, in their order, and
// none is made of a small one.
func TestIndexes_FindWhatLookingThroughFinds(t *testing.T) {
	var table []entry
	for i := range 3 * worthIndexing {
		pairs := []string{"institution", fmt.Sprint("S", i/7), "carrier", fmt.Sprint(i % 2)}
		if i%5 != 0 {
			pairs = append(pairs, "building", fmt.Sprint("B", i/3))
		}
		table = append(table, entry{labels: promql.LabelsOf(pairs...)})
	}
	var x indexes
	f := func(exactly map[string]string, wantOK bool) {
		t.Helper()
		found, ok := x.find(table, exactly)
		if ok != wantOK {
			t.Fatalf("%v: got %t, want %t", exactly, ok, wantOK)
		}
		has := map[int32]bool{}
		for n, i := range found {
			has[i] = true
			if n > 0 && found[n-1] >= i {
				t.Fatalf("%v: row %d comes after row %d", exactly, i, found[n-1])
			}
		}
		for i := range table {
			matches := ok
			for name, value := range exactly {
				matches = matches && table[i].labels.Get(name) == value
			}
			if matches && !has[int32(i)] {
				t.Errorf("%v: row %d is not found", exactly, i)
			}
		}
	}
	for range 2 {
		f(map[string]string{"building": "B7"}, true)
		f(map[string]string{"building": "B7", "carrier": "1"}, true)
		f(map[string]string{"institution": "S3", "building": "B9"}, true)
		f(map[string]string{"institution": "S5"}, true)
		f(map[string]string{"institution": "nobody"}, true)
		f(map[string]string{"carrier": "1"}, false)
		f(nil, false)
	}
	if _, ok := x.find(table[:10], map[string]string{"building": "B7"}); ok {
		t.Error("a table of ten rows has an index")
	}
}
