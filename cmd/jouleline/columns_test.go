package main

import (
	"bytes"
	"fmt"
	"testing"
)

// Columns stand below each other where a terminal shows them, Chinese or not.
func TestColumns(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		var out bytes.Buffer
		w := newColumns(&out)
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

// A table is for eyes: numbers keep six decimals, or six digits where they are
// small, and everything else stays as it is.
func TestCompact(t *testing.T) {
	f := func(cell, want string) {
		t.Helper()
		if got := compact(cell); got != want {
			t.Errorf("%s: got %s, want %s", cell, got, want)
		}
	}
	f("17.38166219654243", "17.381662")
	f("-8093309.015216244", "-8093309.015216")
	f("0.9526447531909684", "0.952645")
	f("0.000043015123456", "0.0000430151")
	f("-0.0000000123456789", "-0.0000000123457")
	f("5371668.394347", "5371668.394347")
	f("105.00000000000001", "105")
	f("0.00000000000000000001", "0.00000000000000000001")
	for _, same := range []string{"4.73", "2023", "sim-370000-0001", "2023-01-01T00:00:00+08:00", "127.0.0.1234567", "-", "", "1.", "gbt2589-2020", "1.2345678 kWh", "0x1.123456789p3", "1.23456789e10"} {
		f(same, same)
	}
}
