package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"jouleline/cmd/jouleline/columns"
)

// ImportBillsCmd sends files of utility bills.
type ImportBillsCmd struct {
	Remote
	Files        []string `arg:"" help:"Files of bills, CSV or XLSX." type:"existingfile"`
	DryRun       bool     `help:"Show the verdicts, change nothing."`
	EndExclusive bool     `help:"The end of a bill is not covered any more: the file prints the days on which the meter was read."`
	Column       []string `help:"Header that is not known and its field, as 站点:meter. Fields: meter, start, end, month, quantity, unit, carrier, cost, revision." placeholder:"HEADER:FIELD" sep:"none"`
}

// Help tells what a file of bills is.
func (ImportBillsCmd) Help() string {
	return `A file has a header of Chinese or English names, below titles if there are any: a meter (表号, 户号, meter), a quantity (用量, 用电量（千瓦时）, usage), and either
start and end (起始日期, 截止日期) or a month (账期). Every row gets a verdict: accepted, duplicate, corrected, superseded or rejected, with row, column and
reason. The meters must be registered with kind bill; bills beside a meter of the same supply name it in the column reconciles of meters.csv, and are compared
with it by "jouleline quality", not added. The same file may be sent again without harm. Exit code 1 where rows are rejected; a broken file changes nothing.`
}

// fileSummary is the server's answer on a file.
type fileSummary struct {
	DryRun     bool          `json:"dry_run"`
	Accepted   int           `json:"accepted"`
	Duplicate  int           `json:"duplicate"`
	Corrected  int           `json:"corrected"`
	Superseded int           `json:"superseded"`
	Ignored    int           `json:"ignored"`
	Rejected   []fileProblem `json:"rejected"`
	Gaps       []fileProblem `json:"gaps"`
}

type fileProblem struct {
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Column string `json:"column"`
	Reason string `json:"reason"`
}

func (p *fileProblem) String() string {
	text := fmt.Sprintf("row %d", p.Row)
	if p.Sheet != "" {
		text = "sheet " + p.Sheet + " " + text
	}
	if p.Column != "" {
		text += " column " + p.Column
	}
	return text + ": " + p.Reason
}

// Run sends the files one after the other and prints a summary of each.
func (c *ImportBillsCmd) Run(ctx context.Context, std streams) error {
	bad := 0
	for _, file := range c.Files {
		query := url.Values{"column": c.Column}
		if c.EndExclusive {
			query.Set("end_exclusive", "true")
		}
		body, err := c.hand(ctx, "/api/v1/bills", file, query, c.DryRun)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		var s fileSummary
		if err := json.Unmarshal(body, &s); err != nil {
			return fmt.Errorf("%s: read the server's answer: %w", file, err)
		}
		bad += len(s.Rejected)
		if c.Format == "json" {
			fmt.Fprintf(std.out, "%s\n", bytes.TrimSpace(body))
			continue
		}
		fmt.Fprintf(std.out, "%s: %d accepted, %d duplicate, %d corrected, %d superseded, %d rejected%s\n",
			file, s.Accepted, s.Duplicate, s.Corrected, s.Superseded, len(s.Rejected), dry(s.DryRun))
		for i := range s.Gaps {
			fmt.Fprintf(std.err, "%s: note: %s\n", file, &s.Gaps[i])
		}
		for i := range s.Rejected {
			fmt.Fprintf(std.err, "%s: rejected: %s\n", file, &s.Rejected[i])
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d rows were rejected", bad)
	}
	return nil
}

// dry is what a summary says of a dry run.
func dry(run bool) string {
	if run {
		return " (dry run: nothing was changed)"
	}
	return ""
}

// hand sends a file as it is.
func (r *Remote) hand(ctx context.Context, path, file string, query url.Values, dryRun bool) ([]byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if dryRun {
		query.Set("dry_run", "true")
	}
	return r.send(ctx, http.MethodPost, path+"?"+query.Encode(), "application/octet-stream", bytes.NewReader(content))
}

// ImportNY301Cmd sends annual forms.
type ImportNY301Cmd struct {
	Remote
	Files       []string `arg:"" help:"Forms, CSV or XLSX: of several years, where there are more than one." type:"existingfile"`
	Institution string   `help:"Institution that the forms speak of; this or --region." xor:"whom"`
	Region      string   `help:"Region that the forms speak of." xor:"whom"`
	Year        int      `help:"Year that the form reports; needed only where it does not say so itself."`
	Edition     string   `help:"Edition of the form: 2020 or 2025; left out: the newest that the year is reported by."`
	DryRun      bool     `help:"Check everything, change nothing."`
}

// Help tells what becomes of a form.
func (ImportNY301Cmd) Help() string {
	return `The table of form NY301 has the columns 代码 (code) and 数量 (quantity). Its figures become declared figures (declared.csv) of the institution or region:
new ones, the same, or corrected ones; a row without a number declares nothing. All of a form holds, or none.`
}

// formAnswer is the server's answer on a form.
type formAnswer struct {
	fileSummary
	Year     int    `json:"year"`
	Edition  string `json:"edition"`
	Declared []struct {
		Quantity string `json:"quantity"`
		Value    string `json:"value"`
		Unit     string `json:"unit"`
		Fate     string `json:"fate"`
	} `json:"declared"`
}

// Run sends the forms one after the other and prints what each declares.
func (c *ImportNY301Cmd) Run(ctx context.Context, std streams) error {
	if c.Year != 0 && len(c.Files) > 1 {
		return usageError{errors.New("--year: names the year of one form, and there are several")}
	}
	for _, file := range c.Files {
		query := url.Values{}
		set(query, "institution", c.Institution)
		set(query, "region", c.Region)
		set(query, "edition", c.Edition)
		if c.Year != 0 {
			query.Set("year", strconv.Itoa(c.Year))
		}
		body, err := c.hand(ctx, "/api/v1/forms/ny301", file, query, c.DryRun)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if c.Format == "json" {
			fmt.Fprintf(std.out, "%s\n", bytes.TrimSpace(body))
			continue
		}
		var a formAnswer
		if err := json.Unmarshal(body, &a); err != nil {
			return fmt.Errorf("%s: read the server's answer: %w", file, err)
		}
		fmt.Fprintf(std.out, "%s: %d by edition %s: %d accepted, %d duplicate, %d without a figure%s\n",
			file, a.Year, a.Edition, a.Accepted, a.Duplicate, a.Ignored, dry(a.DryRun))
		w := columns.New(std.out)
		for _, d := range a.Declared {
			fmt.Fprintf(w, "  %s\t%s %s\t%s\n", d.Quantity, d.Value, d.Unit, d.Fate)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}
