package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// ReportCmd freezes reports and shows them.
type ReportCmd struct {
	Freeze ReportFreezeCmd `cmd:"" help:"Answer progress by all that is recorded now, and keep the figures for good."`
	List   ReportListCmd   `cmd:"" help:"List the frozen reports, the youngest first."`
	Show   ReportShowCmd   `cmd:"" help:"Show a frozen report as it was said."`
	Diff   ReportDiffCmd   `cmd:"" help:"Show what a frozen report would say today, and why."`

	Midterm ReportMidtermCmd `cmd:"" help:"Write the mid-term evaluation of a plan as a page or a workbook."`
	NY301   ReportNY301Cmd   `cmd:"" name:"ny301" help:"Fill in form NY301 of an institution or region from the books."`
	Summary ReportSummaryCmd `cmd:"" help:"Fill in the summary of NY301 of a region by class from the books."`
}

// ReportFreezeCmd freezes a report.
type ReportFreezeCmd struct {
	Remote
	ScopeFlags
	Year       int    `help:"Year to compare with the base year." required:""`
	By         string `help:"Break down by region, department, class or institution."`
	Name       string `help:"What people call it."`
	Plan       string `help:"Plan."`
	Panel      string `help:"all, matched or declared."`
	Boundary   string `help:"as_is or as_was."`
	FactorSet  string `help:"Factor set, as gbt2589-2020 or db37-2019."`
	FactorMode string `help:"Grid factors: fixed or by_year."`
}

// Help gives an example.
func (*ReportFreezeCmd) Help() string {
	return `    jouleline report freeze --region 370000 --year 2023 --by region --name "mid-term 2023"

"jouleline report diff ID" tells later what has become of the figures, and why.`
}

// Run freezes and prints the report.
func (c *ReportFreezeCmd) Run(ctx context.Context, std streams) error {
	question := map[string]any{"year": c.Year}
	for name, value := range map[string]string{
		"region": c.Region, "department": c.Department, "institution": c.Institution, "class": c.Class, "by": c.By, "plan": c.Plan,
		"panel": c.Panel, "boundary": c.Boundary, "factor_set": c.FactorSet, "factor_mode": c.FactorMode,
	} {
		if value != "" {
			question[name] = value
		}
	}
	body, err := json.Marshal(map[string]any{"name": c.Name, "question": question})
	if err != nil {
		return err
	}
	accept := "application/json"
	if c.Format == "csv" {
		accept = "text/csv"
	}
	answer, err := c.ask(ctx, http.MethodPost, "/api/v1/reports", body, accept)
	if err != nil {
		return err
	}
	if c.Format == "table" {
		return printReport(std.out, answer)
	}
	_, err = std.out.Write(answer)
	return err
}

// ReportListCmd lists reports.
type ReportListCmd struct {
	Remote
	Limit int `help:"Most reports." default:"100"`
}

// Run asks for the list and prints it.
func (c *ReportListCmd) Run(ctx context.Context, std streams) error {
	return c.show(ctx, std, "/api/v1/reports", url.Values{"limit": {strconv.Itoa(c.Limit)}}, nil)
}

// ReportShowCmd shows a report.
type ReportShowCmd struct {
	Remote
	ID int64 `arg:"" help:"Number of the report."`
}

// Run asks for the report and prints it.
func (c *ReportShowCmd) Run(ctx context.Context, std streams) error {
	return c.show(ctx, std, fmt.Sprintf("/api/v1/reports/%d", c.ID), nil, printReport)
}

// ReportDiffCmd compares a report with now.
type ReportDiffCmd struct {
	Remote
	ID    int64 `arg:"" help:"Number of the report."`
	Limit int   `help:"Most meters, and rows of each table." default:"20"`
}

// Run asks for the difference and prints it.
func (c *ReportDiffCmd) Run(ctx context.Context, std streams) error {
	return c.show(ctx, std, fmt.Sprintf("/api/v1/reports/%d/diff", c.ID), url.Values{"limit": {strconv.Itoa(c.Limit)}}, printReportDiff)
}
