package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Limits of what is read: a table of a million meters has about 100 MB.
const (
	MaxTableBytes  = 256 << 20
	MaxFolderBytes = 1 << 30
)

// Tables holds the raw CSV text of each table by its file name, as
// "meters.csv". Its bytes must not be written to.
type Tables map[string][]byte

// The file names of the tables.
const (
	RegionsFile      = "regions.csv"
	DepartmentsFile  = "departments.csv"
	StationsFile     = "stations.csv"
	InstitutionsFile = "institutions.csv"
	BuildingsFile    = "buildings.csv"
	FloorAreaFile    = "floor_area.csv"
	HeadcountFile    = "headcount.csv"
	MetersFile       = "meters.csv"
	SharesFile       = "shares.csv"
	LearnedFile      = "learned.csv"
	ProfilesFile     = "profiles.csv"
	EventsFile       = "meter_events.csv"
	WeatherFile      = "weather.csv"
	DeclaredFile     = "declared.csv"
	BaselinesFile    = "baselines.csv"
	AdjustmentsFile  = "adjustments.csv"
	TariffsFile      = "tariffs.csv"
)

// Files lists the file names of all tables; a table refers only to itself and to
// tables before it.
func Files() []string {
	names := make([]string, len(sheets))
	for i, s := range sheets {
		names[i] = s.file
	}
	return names
}

// sheets lists every table with its columns, in the order in which they are read.
var sheets = []sheet{
	{RegionsFile, regionColumns},
	{DepartmentsFile, departmentColumns},
	{StationsFile, stationColumns},
	{InstitutionsFile, institutionColumns},
	{BuildingsFile, buildingColumns},
	{FloorAreaFile, floorAreaColumns},
	{HeadcountFile, headcountColumns},
	{MetersFile, meterColumns},
	{SharesFile, shareColumns},
	{LearnedFile, learnedColumns},
	{ProfilesFile, profileColumns},
	{EventsFile, eventColumns},
	{WeatherFile, weatherColumns},
	{DeclaredFile, declaredColumns},
	{BaselinesFile, baselineColumns},
	{AdjustmentsFile, adjustmentColumns},
	{TariffsFile, tariffColumns},
}

func columnsOf(file string) []column {
	for _, s := range sheets {
		if s.file == file {
			return s.columns
		}
	}
	return nil
}

func isTable(name string) bool {
	return slices.ContainsFunc(sheets, func(s sheet) bool { return s.file == name })
}

// ReadTables reads the tables of a folder or a ZIP archive (a *zip.Reader is an
// fs.FS). The tables may stand in one folder inside it. Files that do not end in
// .csv are left alone; a CSV file of an unknown name, a table that is too large or
// lacks its header row (a file that was cut short would else clear the table),
// and a folder without any table are refused.
func ReadTables(fsys fs.FS) (Tables, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("read registry folder: %w", err)
	}
	if inner, ok := onlyFolder(entries); ok {
		if fsys, err = fs.Sub(fsys, inner); err != nil {
			return nil, fmt.Errorf("read registry folder %s: %w", inner, err)
		}
		if entries, err = fs.ReadDir(fsys, "."); err != nil {
			return nil, fmt.Errorf("read registry folder %s: %w", inner, err)
		}
	}
	tables, problems, total := Tables{}, &Errors{}, 0
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.EqualFold(path.Ext(name), ".csv") || strings.HasPrefix(name, ".") {
			continue
		}
		if !isTable(name) {
			problems.add(Problem{File: name, Reason: "unknown table: want " + strings.Join(Files(), ", ")})
			continue
		}
		text, err := readTable(fsys, name)
		if errors.Is(err, errTableTooLarge) {
			problems.add(Problem{File: name, Reason: err.Error()})
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read registry table %s: %w", name, err)
		}
		if len(bytes.TrimSpace(bytes.TrimPrefix(text, []byte(byteOrderMark)))) == 0 {
			problems.add(Problem{File: name, Reason: "empty: want a header row, alone if the table shall hold nothing"})
			continue
		}
		if total += len(text); total > MaxFolderBytes {
			problems.add(Problem{File: name, Reason: fmt.Sprintf("all tables together exceed %d MiB", MaxFolderBytes>>20)})
			break
		}
		tables[name] = text
	}
	if len(problems.Problems) > 0 {
		return nil, problems
	}
	if len(tables) == 0 {
		return nil, fmt.Errorf("read registry folder: no table in it: want %s", strings.Join(Files(), ", "))
	}
	return tables, nil
}

// onlyFolder tells whether everything stands in one folder, as in an archive
// made of a folder.
func onlyFolder(entries []fs.DirEntry) (name string, ok bool) {
	for _, entry := range entries {
		switch {
		case strings.HasPrefix(entry.Name(), ".") || entry.Name() == "__MACOSX":
		case !entry.IsDir() || name != "":
			return "", false
		default:
			name = entry.Name()
		}
	}
	return name, name != ""
}

var errTableTooLarge = fmt.Errorf("larger than %d MiB", MaxTableBytes>>20)

func readTable(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, MaxTableBytes+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(text) > MaxTableBytes {
		return nil, errTableTooLarge
	}
	return text, nil
}

// Merge gives the tables with those of newer in their place; tables that newer
// lacks stay.
func (t Tables) Merge(newer Tables) Tables {
	merged := maps.Clone(t)
	if merged == nil {
		merged = Tables{}
	}
	maps.Copy(merged, newer)
	return merged
}
