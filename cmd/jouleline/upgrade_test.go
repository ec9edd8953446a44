package main

import (
	"os"
	"path/filepath"
	"testing"

	"jouleline/schema"
)

// A store that an earlier version wrote is upgraded where it stands, answers as
// it did, and takes readings.
func TestUpgrade(t *testing.T) {
	stores, err := filepath.Glob("testdata/stores/*.duckdb.gz")
	if err != nil || len(stores) == 0 {
		t.Fatalf("got stores %v, %v", stores, err)
	}
	for _, name := range stores {
		t.Run(filepath.Base(name), func(t *testing.T) {
			books, err := readFile(name)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "books.duckdb"), books, 0o600); err != nil {
				t.Fatal(err)
			}
			s := mustServe(t, folder)
			checkExample(t, s)
			changed, err := s.books.current.Recompute(t.Context(), nil, schema.Open, true)
			if err != nil || changed != 0 {
				t.Errorf("computing anew would change %d meters, %v", changed, err)
			}
			before := everything(t, s.store, 1)
			if v := s.push("application/json", []byte(`{"meter":"E1","time":"2023-05-02T03:00:00+08:00","value":120}`)); v.Accepted != 1 {
				t.Errorf("a new reading: got %+v", v)
			}
			s.settle()
			if everything(t, s.store, 1) == before {
				t.Error("a new reading was not booked")
			}
		})
	}
}
