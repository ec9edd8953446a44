package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// DocumentFlags say where a document goes.
type DocumentFlags struct {
	Server string `help:"Address of the server." default:"http://127.0.0.1:8080" placeholder:"URL"`
	Token  string `help:"Access token." placeholder:"TOKEN"`
	Out    string `help:"File to write, which must not be there yet." required:"" placeholder:"FILE"`
}

// save asks for a document and writes it to the file. A name that ends
// differently from the format is refused: programs go by it.
func (f *DocumentFlags) save(ctx context.Context, std streams, path string, query url.Values, format string) error {
	if ending := strings.TrimPrefix(filepath.Ext(f.Out), "."); ending != format {
		return usageError{fmt.Errorf("out %s: want a name that ends with .%s", f.Out, format)}
	}
	if folder := filepath.Dir(f.Out); folder != "." {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return usageError{fmt.Errorf("out %s: %s is no folder", f.Out, folder)}
		}
	}
	query.Set("format", format)
	remote := Remote{Server: f.Server, Token: f.Token}
	_, size, err := remote.download(ctx, path, query, f.Out)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s: %d bytes\n", f.Out, size)
	return nil
}

// ReportMidtermCmd writes the mid-term evaluation.
type ReportMidtermCmd struct {
	DocumentFlags
	ScopeFlags
	FactorFlags
	BaselineFlags
	Year     int    `help:"Year to compare with the base year." required:""`
	Plan     string `help:"Plan: 14fyp, or one of the server's folder of plans." default:"14fyp"`
	Panel    string `help:"all, matched or declared." default:"all"`
	Boundary string `help:"as_is or as_was." default:"as_is"`
	Lang     string `help:"Language of the document: zh or en." enum:"zh,en" default:"zh"`
	Format   string `help:"html: one page that stands for itself and prints well; xlsx: a workbook; json: what both are laid out from." enum:"html,xlsx,json" default:"html"`
}

// Help shows how it is used.
func (*ReportMidtermCmd) Help() string {
	return `The four indicators in the words of an evaluation, tables by region and class, charts, data quality, and
what changed since the last frozen report of the same question. Each percentage leads to its explanation
on the server.

  jouleline report midterm --region 370000 --year 2023 --lang zh --out midterm.html
  jouleline report midterm --region 370000 --year 2023 --lang en --format xlsx --out midterm.xlsx`
}

// Run asks for the document and writes it.
func (c *ReportMidtermCmd) Run(ctx context.Context, std streams) error {
	query := c.query()
	c.FactorFlags.add(query)
	c.BaselineFlags.add(query)
	query.Set("plan", c.Plan)
	query.Set("year", strconv.Itoa(c.Year))
	query.Set("panel", c.Panel)
	query.Set("boundary", c.Boundary)
	query.Set("lang", c.Lang)
	return c.save(ctx, std, "/api/v1/reports/midterm", query, c.Format)
}

// ReportNY301Cmd fills in form NY301.
type ReportNY301Cmd struct {
	DocumentFlags
	Institution string `help:"Institution id; this or --region." xor:"scope"`
	Region      string `help:"Region code (GB/T 2260), with everything below it; this or --institution." xor:"scope"`
	Year        int    `help:"Year that the form reports; it must have ended." required:""`
	Edition     string `help:"Edition of the form, as 2020; left out: the newest that the year is reported by."`
}

// Help shows how it is used.
func (*ReportNY301Cmd) Help() string {
	return `The annual quantities by carrier and use, with floor area and headcount, as the workbook of the form. What is
not known well enough stays empty, and the second sheet says why.

  jouleline report ny301 --institution S1 --year 2023 --out ny301.xlsx`
}

// Run asks for the form and writes it.
func (c *ReportNY301Cmd) Run(ctx context.Context, std streams) error {
	query := url.Values{"year": {strconv.Itoa(c.Year)}}
	set(query, "institution", c.Institution)
	set(query, "region", c.Region)
	set(query, "edition", c.Edition)
	return c.save(ctx, std, "/api/v1/forms/ny301", query, "xlsx")
}

// ReportSummaryCmd fills in the summary of NY301.
type ReportSummaryCmd struct {
	DocumentFlags
	Region  string `help:"Region code (GB/T 2260), with everything below it." required:""`
	Year    int    `help:"Year that the sheet reports; it must have ended." required:""`
	Edition string `help:"Edition of the form, as 2020; left out: the newest that the year is reported by."`
}

// Help shows how it is used.
func (*ReportSummaryCmd) Help() string {
	return `Rows are the codes of form NY301, columns the classes of institutions and their sums, S001 to S010.

  jouleline report summary --region 370000 --year 2023 --out summary.xlsx`
}

// Run asks for the sheet and writes it.
func (c *ReportSummaryCmd) Run(ctx context.Context, std streams) error {
	query := url.Values{"region": {c.Region}, "year": {strconv.Itoa(c.Year)}}
	set(query, "edition", c.Edition)
	return c.save(ctx, std, "/api/v1/forms/summary", query, "xlsx")
}
