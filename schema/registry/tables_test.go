package registry_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jouleline/schema/registry"
)

func archive(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		file, err := w.Create(name)
		if err == nil {
			_, err = file.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadTables_Archive(t *testing.T) {
	regions := "code\n370000\n"
	for _, files := range []map[string]string{
		{"regions.csv": regions},
		{"regions.csv": regions, "README.md": "notes", "raw/regions.csv": "x"},
		{"registry/regions.csv": regions, "__MACOSX/registry/._regions.csv": "\x00", "registry/._regions.csv": "\x00"},
	} {
		tables, err := registry.ReadTables(archive(t, files))
		if err != nil || len(tables) != 1 || string(tables["regions.csv"]) != regions {
			t.Errorf("%v: got %q, %v", files, tables, err)
		}
	}
}

func TestReadTables_Refuses(t *testing.T) {
	f := func(files fs.FS, want string) {
		t.Helper()
		tables, err := registry.ReadTables(files)
		if err == nil || tables != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
	f(archive(t, map[string]string{"regions.csv": "", "metres.csv": ""}), "metres.csv: unknown table: want regions.csv, departments.csv")
	f(archive(t, map[string]string{"readme.txt": ""}), "no table in it: want regions.csv")
	f(archive(t, map[string]string{"a/regions.csv": "", "b/regions.csv": ""}), "no table in it")
	f(fstest.MapFS{}, "no table in it")
	for _, cut := range []string{"", "\ufeff", " \r\n\n"} {
		f(archive(t, map[string]string{"regions.csv": "code,name\n1,a\n", "meters.csv": cut}), "meters.csv: empty: want a header row")
	}
	f(hugeFS{}, "weather.csv: larger than 256 MiB")
}

func TestBuild_UnknownTable(t *testing.T) {
	_, err := registry.Build(registry.Tables{"metres.csv": nil}, registry.Options{})
	if err == nil || !strings.Contains(err.Error(), "metres.csv: unknown table") {
		t.Errorf("got %v", err)
	}
}

func TestMerge(t *testing.T) {
	old := registry.Tables{"regions.csv": []byte("a"), "meters.csv": []byte("b")}
	merged := old.Merge(registry.Tables{"meters.csv": []byte("c"), "shares.csv": []byte("d")})
	if len(merged) != 3 || string(merged["regions.csv"]) != "a" || string(merged["meters.csv"]) != "c" || string(merged["shares.csv"]) != "d" {
		t.Errorf("got %q", merged)
	}
	if len(old) != 2 || string(old["meters.csv"]) != "b" {
		t.Errorf("the older tables changed: %q", old)
	}
	if got := registry.Tables(nil).Merge(old); len(got) != 2 {
		t.Errorf("got %q", got)
	}
}

// hugeFS holds one table of endless zeros, as an archive made to fill a memory.
type hugeFS struct{}

func (hugeFS) Open(name string) (fs.File, error) {
	if name != "weather.csv" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no such file")}
	}
	return hugeFile{}, nil
}

func (hugeFS) ReadDir(string) ([]fs.DirEntry, error) {
	return []fs.DirEntry{fs.FileInfoToDirEntry(hugeFile{})}, nil
}

type hugeFile struct{}

func (hugeFile) Stat() (fs.FileInfo, error) { return hugeFile{}, nil }
func (hugeFile) Read(p []byte) (int, error) { return len(p), nil }
func (hugeFile) Close() error               { return nil }
func (hugeFile) Name() string               { return "weather.csv" }
func (hugeFile) Size() int64                { return 10 } // a lie
func (hugeFile) Mode() fs.FileMode          { return 0o444 }
func (hugeFile) ModTime() (none time.Time)  { return none }
func (hugeFile) IsDir() bool                { return false }
func (hugeFile) Sys() any                   { return nil }
