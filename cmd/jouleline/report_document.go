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
