package frozen_test

import (
	"fmt"
	"testing"

	"jouleline/metrics/frozen"
	"jouleline/schema/registry"
)

func build(t *testing.T, heads string) *registry.Registry {
	t.Helper()
	r, err := registry.Build(registry.Tables{
		registry.RegionsFile:      []byte("code,name\n370000,x\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nA,a,education,370000\nB,b,health,370000\n"),
		registry.HeadcountFile:    []byte("institution,valid_from,people\n" + heads),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTables_ListsRowsOfOneSideOnly(t *testing.T) {
	before := build(t, "A,2020-01-01,10\nB,2020-01-01,20\n")
	f := func(heads, want string) {
		t.Helper()
		changes, err := frozen.Tables(before, build(t, heads))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range changes {
			got += c.File
			for _, row := range c.Removed {
				got += fmt.Sprintf(" -%s:%s", c.Cell(row, "institution"), c.Cell(row, "people"))
			}
			for _, row := range c.Added {
				got += fmt.Sprintf(" +%s:%s", c.Cell(row, "institution"), c.Cell(row, "people"))
			}
			if c.Cell(c.Added[0], "nothing") != "" {
				t.Error("a column that is not there has a value")
			}
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f("B,2020-01-01,20\nA,2020-01-01,10\n", "") // order is not a change
	f("A,2020-01-01,11\nB,2020-01-01,20\n", "headcount.csv -A:10 +A:11")
	f("A,2020-01-01,10\nB,2020-01-01,20\nB,2021-01-01,20\n", "headcount.csv +B:20")
	if changes, err := frozen.Tables(before, before); changes != nil || err != nil {
		t.Errorf("of one registry: got %v, %v, want nothing", changes, err)
	}
}
