package admin

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/schema/registry"
)

// RegistryInput asks for a table of the registry.
type RegistryInput struct {
	Table string `path:"table" maxLength:"64" doc:"regions, departments, stations, institutions, buildings, floor_area, headcount, meters, shares, meter_events, weather, declared or tariffs" example:"meters"`
	Limit int    `query:"limit" default:"1000" minimum:"1" maximum:"10000" doc:"Most rows of a page; CSV gives all" example:"1000"`
	After int    `query:"after" default:"0" minimum:"0" doc:"Rows to pass over" example:"0"`
	query.KnownParam
}

// RegistryAnswer is a table of the registry, or a page of it.
type RegistryAnswer struct {
	Table   string     `json:"table" doc:"File name of the table" example:"meters.csv"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows" doc:"Cells as they stand in the CSV file, in order of ids and days"`
	Next    *int       `json:"next" doc:"Rows to pass over for the next page, null where this is the last"`
	// content is the whole table as CSV.
	content []byte
}

// ImportInput replaces tables of the registry.
type ImportInput struct {
	DryRun  bool   `query:"dry_run" default:"false" doc:"Check everything and change nothing" example:"true"`
	RawBody []byte `contentType:"application/zip" doc:"The CSV folder as a ZIP archive"`
}

func (s *Handlers) registerRegistry(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "registry", Route: "GET /api/v1/registry/{table}", Tag: contract.TagWorld,
		Summary: "A table of the registry",
		Text:    "The table in canonical form: every column, rows in order, defaults spelled out. As CSV it can be imported again.",
	}, registryTable, s.registryTable)
	contract.Register(b, contract.Operation{
		ID: "import", Route: "PUT /api/v1/registry", Tag: contract.TagWorld,
		Summary: "Replace tables of the registry",
		Text: "The body is a ZIP archive of CSV files; tables that it lacks stay as they are. All of it holds, or none: where one row is bad, nothing changes, and the answer lists what is wrong by file, line and column. " +
			"Books that the change touches are computed anew, and readings that waited for a meter are booked.",
		Body: s.Limits.Registry, Receive: 5 * time.Minute,
	}, nil, s.importRegistry)
}

func (s *Handlers) registryTable(ctx context.Context, in *RegistryInput) (*RegistryAnswer, error) {
	file := strings.TrimSuffix(in.Table, ".csv") + ".csv"
	if !slices.Contains(registry.Files(), file) {
		return nil, fmt.Errorf("table %q: %w: want one of %s", problem.Clip(in.Table), problem.ErrUnknown, strings.Join(registry.Files(), ", "))
	}
	knownAt, err := in.Then(s.Now())
	if err != nil {
		return nil, err
	}
	w, err := s.World(ctx, knownAt)
	if err != nil {
		return nil, err
	}
	content, err := w.Table(file)
	if err != nil {
		return nil, err
	}
	a := &RegistryAnswer{Table: file, Rows: [][]string{}, content: content}
	n := 0
	for record, err := range records(content) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("read table %s: %w", file, err)
		case a.Columns == nil:
			a.Columns = record
			continue
		case n == in.After+in.Limit:
			a.Next = &n
			return a, nil
		case n >= in.After:
			a.Rows = append(a.Rows, record)
		}
		n++
	}
	return a, nil
}

// records gives the records of a CSV text, the header first.
func records(content []byte) func(yield func([]string, error) bool) {
	return func(yield func([]string, error) bool) {
		for r := csv.NewReader(bytes.NewReader(content)); ; {
			record, err := r.Read()
			if err == io.EOF || !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// registryTable gives the whole table, or the rows where the content is not
// there.
func registryTable(a *RegistryAnswer) table.Table {
	t := table.Table{Columns: make([]table.Column, len(a.Columns))}
	for i, name := range a.Columns {
		t.Columns[i] = table.Text(name)
	}
	t.Rows = func(yield func([]any) bool) {
		row := make([]any, len(a.Columns))
		give := func(record []string) bool {
			for i, field := range record {
				row[i] = field
			}
			return yield(row)
		}
		if a.content == nil {
			for _, record := range a.Rows {
				if !give(record) {
					return
				}
			}
			return
		}
		header := true
		for record, err := range records(a.content) {
			if err != nil || (!header && !give(record)) {
				return
			}
			header = false
		}
	}
	return t
}

func (s *Handlers) importRegistry(ctx context.Context, in *ImportInput) (*Imported, error) {
	archive, err := zip.NewReader(bytes.NewReader(in.RawBody), int64(len(in.RawBody)))
	if err != nil {
		return nil, fmt.Errorf("%w: body: want the CSV folder as a ZIP archive: %w", problem.ErrSyntax, err)
	}
	tables, err := registry.ReadTables(archive)
	if err != nil {
		if _, ok := errors.AsType[*registry.Errors](err); ok {
			return nil, err
		}
		return nil, fmt.Errorf("%w: body: %w", problem.ErrSyntax, err)
	}
	return s.importTables(ctx, tables, in.DryRun)
}

// importTables imports tables. Changes are made one after the other, since each
// rests on the registry that it found.
func (s *Handlers) importTables(ctx context.Context, tables registry.Tables, dryRun bool) (*Imported, error) {
	unlock, err := s.changes.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return s.importAlone(ctx, tables, dryRun)
}

// alone waits until no other change is under way, and gives the registry that the
// next one rests on. unlock ends the turn.
func (s *Handlers) alone(ctx context.Context) (reg *registry.Registry, unlock func(), err error) {
	if unlock, err = s.changes.lock(ctx); err != nil {
		return nil, nil, err
	}
	if reg, err = s.Source.Registry(ctx); err != nil {
		unlock()
		return nil, nil, fmt.Errorf("find the registry: %w", err)
	}
	return reg, unlock, nil
}

// importAlone imports tables where the caller holds the lock of changes.
func (s *Handlers) importAlone(ctx context.Context, tables registry.Tables, dryRun bool) (*Imported, error) {
	done, err := s.Desk.Import(ctx, tables, dryRun)
	if err != nil {
		return nil, fmt.Errorf("import the registry: %w", err)
	}
	if done.Tables == nil {
		done.Tables = []string{}
	}
	s.Logger.Info("registry imported", "by", access.GrantOf(ctx).Subject, "dry_run", dryRun, "tables", done.Tables,
		"meters", done.Meters, "added", done.Added, "rebooked", done.Rebooked, "unparked", done.Unparked)
	return &done, nil
}

// changes lets one change of the registry happen at a time.
type changes chan struct{}

// lock waits for its turn.
func (c changes) lock(ctx context.Context) (unlock func(), err error) {
	select {
	case c <- struct{}{}:
		return func() { <-c }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for another change of the registry: %w", context.Cause(ctx))
	}
}
