package columns_test

import (
	"bytes"
	"fmt"
	"testing"

	"jouleline/cmd/jouleline/columns"
)

// Columns stand below each other where a terminal shows them, Chinese or not.
func TestColumns(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		var out bytes.Buffer
		w := columns.New(&out)
		fmt.Fprint(w, text)
		if out.Len() > 0 {
			t.Errorf("%q: printed %q before it was flushed", text, &out)
		}
		if err := w.Flush(); err != nil || out.String() != want {
			t.Errorf("%q: got\n%s%v, want\n%s", text, &out, err, want)
		}
	}
	f("", "")
	f("id\tname\tyear\n1\t山东省\t2023\n22\tJinan\t2024\n", "id  name    year\n1   山东省  2023\n22  Jinan   2024\n")
	f("name\tkWh\n主楼（模拟）\t1\n", "name          kWh\n主楼（模拟）  1\n")
	f("a\tb\n\nlonger\tb\nc\td\n", "a  b\n\nlonger  b\nc       d\n")
	f("a\tbb\tc\nd\n", "a  bb  c\nd\n")
	f("a\t\tc\nd\te\tf\n", "a     c\nd  e  f\n")
}
