package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"jouleline/schema/registry"
)

// ImportCmd groups the imports.
type ImportCmd struct {
	Registry ImportRegistryCmd `cmd:"" help:"Import a folder of registry CSV files, all or nothing."`
	Readings ImportReadingsCmd `cmd:"" help:"Push files of readings (CSV, JSON, NDJSON, line protocol) through the gateway."`
	Bills    ImportBillsCmd    `cmd:"" help:"Import files of utility bills (CSV, XLSX), with a verdict for each row."`
	NY301    ImportNY301Cmd    `cmd:"" name:"ny301" help:"Import annual statistical forms NY301 (CSV, XLSX) as declared figures, all or nothing."`
}

// ImportRegistryCmd sends a folder of CSV files.
type ImportRegistryCmd struct {
	Remote
	Folder string `arg:"" help:"Folder of CSV files." type:"existingdir"`
	DryRun bool   `help:"Check everything, change nothing."`
}

// Help tells what an import does.
func (*ImportRegistryCmd) Help() string {
	return `The tables of the folder take the place of those that the server has, the others stay.
One bad row refuses everything, and each is named by file, line, column and reason.

    jouleline import registry schema/registry/testdata/example
    jouleline import registry registry --dry-run

"jouleline check FOLDER" looks at a folder without a server.`
}

// Run zips the folder and sends it.
func (c *ImportRegistryCmd) Run(ctx context.Context, std streams) error {
	body, err := zipFolder(os.DirFS(c.Folder))
	if err != nil {
		return err
	}
	path := "/api/v1/registry"
	if c.DryRun {
		path += "?dry_run=true"
	}
	answer, err := c.send(ctx, http.MethodPut, path, "application/zip", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return c.done(std.out, answer)
}

// zipFolder packs the CSV files of a folder.
func zipFolder(folder fs.FS) ([]byte, error) {
	names, err := fs.Glob(folder, "*.csv")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, usageError{fmt.Errorf("the folder holds no .csv file")}
	}
	tables := registry.Tables{}
	for _, name := range names {
		if tables[name], err = fs.ReadFile(folder, name); err != nil {
			return nil, err
		}
	}
	return zipTables(tables)
}

// ImportReadingsCmd sends files of readings.
type ImportReadingsCmd struct {
	Remote
	Files     []string `arg:"" help:"Files; .gz is unpacked by the server." type:"existingfile"`
	Precision string   `help:"Precision of line protocol timestamps." enum:"ns,us,ms,s" default:"ns"`
}

// verdicts is the gateway's answer.
type verdicts struct {
	Accepted int `json:"accepted"`
	Parked   []struct {
		Index int    `json:"index"`
		Meter string `json:"meter"`
	} `json:"parked"`
	Rejected []struct {
		Index  int    `json:"index"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
	} `json:"rejected"`
}

// Help tells how a file is read.
func (*ImportReadingsCmd) Help() string {
	return `The ending tells the form: .csv, .json, .ndjson, anything else is line protocol.
What is sent again does no harm. Exit code 1 where readings are rejected.

    jouleline import readings may.csv june.csv.gz
    jouleline import readings --precision s telegraf.lp`
}

// Run sends the files one after the other and prints a summary of each.
func (c *ImportReadingsCmd) Run(ctx context.Context, std streams) error {
	bad := 0
	for _, file := range c.Files {
		v, err := c.push(ctx, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		fmt.Fprintf(std.out, "%s: %d accepted, %d parked, %d rejected\n", file, v.Accepted, len(v.Parked), len(v.Rejected))
		for _, r := range v.Rejected {
			fmt.Fprintf(std.err, "%s: reading %d: %s: %s\n", file, r.Index, r.Code, r.Detail)
		}
		bad += len(v.Rejected)
	}
	if bad > 0 {
		return fmt.Errorf("%d readings were rejected", bad)
	}
	return nil
}

// push sends one file in pieces that the gateway takes.
func (c *ImportReadingsCmd) push(ctx context.Context, file string) (total verdicts, err error) {
	name := strings.TrimSuffix(file, ".gz")
	content, err := readFile(file)
	if err != nil {
		return total, err
	}
	contentType := map[string]string{".csv": "text/csv", ".json": "application/json", ".ndjson": "application/x-ndjson"}[filepath.Ext(name)]
	if contentType == "" {
		contentType = "text/plain; precision=" + c.Precision
	}
	offset := 0
	for _, piece := range pieces(content, contentType) {
		answer, err := c.send(ctx, http.MethodPost, "/api/v1/readings", contentType, bytes.NewReader(piece.body))
		if err != nil {
			return total, err
		}
		var v verdicts
		if err := json.Unmarshal(answer, &v); err != nil {
			return total, err
		}
		total.Accepted += v.Accepted
		total.Parked = append(total.Parked, v.Parked...)
		for _, r := range v.Rejected {
			r.Index += offset
			total.Rejected = append(total.Rejected, r)
		}
		offset += piece.rows
	}
	return total, nil
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(file, ".gz") {
		return io.ReadAll(f)
	}
	return gunzip(f)
}
