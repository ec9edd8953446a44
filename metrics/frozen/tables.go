package frozen

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"jouleline/schema/registry"
)

// TableChange is how one table of the registry changed.
type TableChange struct {
	File    string
	Columns []string
	// Removed and Added are rows in the order of the tables; a row that changed is
	// in both.
	Removed, Added [][]string
}

// figureTables are the tables that figures rest on.
var figureTables = [...]string{
	registry.RegionsFile, registry.DepartmentsFile, registry.InstitutionsFile, registry.BuildingsFile, registry.FloorAreaFile,
	registry.HeadcountFile, registry.MetersFile, registry.SharesFile, registry.LearnedFile, registry.ProfilesFile, registry.EventsFile, registry.DeclaredFile,
	registry.BaselinesFile, registry.AdjustmentsFile,
}

// Tables compares the tables that figures rest on, in their canonical form.
func Tables(before, after *registry.Registry) ([]TableChange, error) {
	if before == after {
		return nil, nil
	}
	var changes []TableChange
	for _, file := range figureTables {
		was, err := before.Table(file)
		if err != nil {
			return nil, err
		}
		is, err := after.Table(file)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(was, is) {
			continue
		}
		change, err := compareTable(was, is)
		if err != nil {
			return nil, fmt.Errorf("compare %s: %w", file, err)
		}
		change.File = file
		changes = append(changes, change)
	}
	return changes, nil
}

// compareTable finds the rows that only one of two tables has.
func compareTable(was, is []byte) (c TableChange, err error) {
	before, err := rows(was)
	if err != nil {
		return c, err
	}
	after, err := rows(is)
	if err != nil {
		return c, err
	}
	c.Columns = after[0]
	c.Removed, c.Added = without(before[1:], after[1:]), without(after[1:], before[1:])
	return c, nil
}

// without gives the rows that others do not have, as often as they do not.
func without(all, others [][]string) (rest [][]string) {
	count := map[string]int{}
	for _, row := range others {
		count[strings.Join(row, "\x00")]++
	}
	for _, row := range all {
		key := strings.Join(row, "\x00")
		if count[key] > 0 {
			count[key]--
			continue
		}
		rest = append(rest, row)
	}
	return rest
}

// rows reads a canonical table, header first.
func rows(text []byte) ([][]string, error) {
	list, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err == nil && len(list) == 0 {
		err = io.ErrUnexpectedEOF
	}
	return list, err
}

// Cell gives a row's value in a column, "" where there is no such column.
func (c *TableChange) Cell(row []string, column string) string {
	if i := slices.Index(c.Columns, column); i >= 0 && i < len(row) {
		return row[i]
	}
	return ""
}
