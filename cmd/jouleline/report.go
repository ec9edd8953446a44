package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
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

// reportAnswer is what the table shows of a report.
type reportAnswer struct {
	reportHead
	Progress  *progressAnswer `json:"progress"`
	Breakdown *struct {
		Total reportRow   `json:"total"`
		Rows  []reportRow `json:"rows"`
	} `json:"breakdown"`
}

type reportHead struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Created  string `json:"created"`
	KnownAt  string `json:"known_at"`
	Versions struct {
		Program       string `json:"program"`
		FactorSet     string `json:"factor_set"`
		FactorVersion string `json:"factor_version"`
		Registry      string `json:"registry"`
		Plan          struct {
			Name string `json:"name"`
		} `json:"plan"`
	} `json:"versions"`
}

type reportRow struct {
	Scope      reportScope         `json:"scope"`
	Indicators []progressIndicator `json:"indicators"`
}

// reportScope names what a figure speaks of.
type reportScope struct {
	Region, Department, Class, Institution, Name string
	Own                                          bool
}

// String names the scope for people.
func (s reportScope) String() string {
	id := s.Region + s.Department + s.Class + s.Institution
	text := strings.TrimSpace(id + " " + s.Name)
	if s.Own {
		text += " itself"
	}
	return text
}

func (h *reportHead) print(out io.Writer) {
	fmt.Fprintf(out, "report %d %s, frozen %s, knows the books up to %s\n", h.ID, h.Name, h.Created, h.KnownAt)
	fmt.Fprintf(out, "plan %s, factors %s version %s, registry of %s, program %s\n\n",
		h.Versions.Plan.Name, h.Versions.FactorSet, h.Versions.FactorVersion, h.Versions.Registry, h.Versions.Program)
}

func printReport(out io.Writer, body []byte) error {
	var a reportAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	a.print(out)
	if a.Progress != nil {
		return printIndicators(out, a.Progress.Indicators)
	}
	if a.Breakdown == nil {
		return fmt.Errorf("read the server's answer: got neither progress nor breakdown")
	}
	for _, row := range append([]reportRow{a.Breakdown.Total}, a.Breakdown.Rows...) {
		fmt.Fprintln(out, row.Scope)
		var text bytes.Buffer
		if err := printIndicators(&text, row.Indicators); err != nil {
			return err
		}
		for line := range strings.Lines(text.String()) {
			fmt.Fprint(out, "  "+line)
		}
	}
	return nil
}

// reportDiff is what the table shows of a difference.
type reportDiff struct {
	Report  reportHead `json:"report"`
	Same    bool       `json:"same"`
	Figures []struct {
		Scope     reportScope  `json:"scope"`
		Indicator string       `json:"indicator"`
		Before    *reportValue `json:"before"`
		Now       *reportValue `json:"now"`
		Effects   []struct {
			Cause     string   `json:"cause"`
			Baseline  *float64 `json:"baseline"`
			Current   *float64 `json:"current"`
			Reduction *float64 `json:"reduction_pct"`
			State     string   `json:"state"`
		} `json:"effects"`
	} `json:"figures"`
	Causes []struct {
		Cause string `json:"cause"`
		Text  string `json:"text"`
		Rows  []struct {
			Change string   `json:"change"`
			Cells  []string `json:"cells"`
		} `json:"rows"`
		More int `json:"more"`
	} `json:"causes"`
	Meters []struct {
		Meter       string      `json:"meter"`
		Institution string      `json:"institution"`
		Carrier     string      `json:"carrier"`
		Unit        string      `json:"unit"`
		Year        int         `json:"year"`
		Quantity    json.Number `json:"quantity"`
		Estimated   json.Number `json:"estimated"`
		Readings    int64       `json:"readings"`
		Revised     int64       `json:"revised"`
		Deleted     int64       `json:"deleted"`
		Because     []string    `json:"because"`
	} `json:"meters"`
	Sums []struct {
		Carrier  string      `json:"carrier"`
		Unit     string      `json:"unit"`
		Year     int         `json:"year"`
		Meters   int         `json:"meters"`
		Quantity json.Number `json:"quantity"`
		Unlisted json.Number `json:"unlisted"`
	} `json:"sums"`
}

type reportValue struct {
	Unit      string   `json:"unit"`
	Baseline  *float64 `json:"baseline"`
	Current   *float64 `json:"current"`
	Reduction *float64 `json:"reduction_pct"`
	State     string   `json:"state"`
}

func printReportDiff(out io.Writer, body []byte) error {
	var d reportDiff
	if err := json.Unmarshal(body, &d); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	d.Report.print(out)
	if d.Same {
		fmt.Fprintln(out, "the same question gives the same indicators today")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	none := &reportValue{State: "-"}
	for _, f := range d.Figures {
		before, now := f.Before, f.Now
		if before == nil {
			before = none
		}
		if now == nil {
			now = none
		}
		fmt.Fprintf(w, "%s %s\tbaseline\tcurrent\treduction %%\tstate\n", f.Scope, f.Indicator)
		fmt.Fprintf(w, "  frozen\t%s\t%s\t%s\t%s\n", number(before.Baseline, 6), number(before.Current, 6), number(before.Reduction, 6), before.State)
		for _, e := range f.Effects {
			fmt.Fprintf(w, "  by %s\t%s\t%s\t%s\t%s\n", e.Cause, signed(e.Baseline), signed(e.Current), signed(e.Reduction), e.State)
		}
		fmt.Fprintf(w, "  today\t%s\t%s\t%s\t%s\n", number(now.Baseline, 6), number(now.Current, 6), number(now.Reduction, 6), now.State)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, c := range d.Causes {
		fmt.Fprintf(out, "%s: %s\n", c.Cause, c.Text)
		for _, row := range c.Rows {
			fmt.Fprintf(out, "  %s  %s\n", row.Change, strings.Join(row.Cells, ","))
		}
		if c.More > 0 {
			fmt.Fprintf(out, "  ... and %d rows more\n", c.More)
		}
	}
	return d.printBooks(out)
}

// printBooks prints what was booked since.
func (d *reportDiff) printBooks(out io.Writer) error {
	if len(d.Sums) == 0 {
		return nil
	}
	fmt.Fprintln(out, "booked since:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range d.Sums {
		fmt.Fprintf(w, "  %d\t%s\t%s %s\tof %d meters, of it not listed %s\n", s.Year, s.Carrier, s.Quantity, s.Unit, s.Meters, s.Unlisted)
	}
	for _, m := range d.Meters {
		fmt.Fprintf(w, "  %d\tmeter %s of %s\t%s %s\t%s: %d readings, %d revised, %d deleted\n",
			m.Year, m.Meter, m.Institution, m.Quantity, m.Unit, strings.Join(m.Because, ", "), m.Readings, m.Revised, m.Deleted)
	}
	return w.Flush()
}

// signed prints a difference that may be unknown.
func signed(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%+.6f", *v)
}
