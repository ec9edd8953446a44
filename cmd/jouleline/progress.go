package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"jouleline/cmd/jouleline/columns"
)

// ScopeFlags choose what a figure speaks of.
type ScopeFlags struct {
	Region      string `help:"Region code (GB/T 2260), as 370000." xor:"scope"`
	Department  string `help:"Department id." xor:"scope"`
	Institution string `help:"Institution id." xor:"scope"`
	Class       string `help:"Class of institutions, as education."`
}

func (s *ScopeFlags) query() url.Values {
	query := url.Values{}
	set(query, "region", s.Region)
	set(query, "department", s.Department)
	set(query, "institution", s.Institution)
	set(query, "class", s.Class)
	return query
}

// FactorFlags choose the factors and the moment.
type FactorFlags struct {
	FactorSet  string `help:"Factor set, as gbt2589-2020 or db37-2019."`
	FactorMode string `help:"Grid factors: fixed or by_year."`
	KnownAt    string `help:"Answer as known at this moment (RFC 3339)."`
}

func (f *FactorFlags) add(query url.Values) {
	set(query, "factor_set", f.FactorSet)
	set(query, "factor_mode", f.FactorMode)
	set(query, "known_at", f.KnownAt)
}

// BaselineFlags choose the baseline and whether adjustments count.
type BaselineFlags struct {
	Baseline    string `help:"Another base year than the plan's, or a version of the baseline: first as it was first set, or the name of a recalculation in baselines.csv. Left out: the latest."`
	Adjustments string `help:"with or without the non-routine adjustments of adjustments.csv." enum:"with,without" default:"without"`
}

func (f *BaselineFlags) add(query url.Values) {
	set(query, "baseline", f.Baseline)
	set(query, "adjustments", f.Adjustments)
}

// ProgressCmd prints the indicators of a scope against its plan.
type ProgressCmd struct {
	Remote
	ScopeFlags
	FactorFlags
	BaselineFlags
	Plan       string `help:"Plan: 14fyp, or one of the server's folder of plans (see: jouleline plans)." default:"14fyp"`
	Year       int    `help:"Year to compare with the base year." required:""`
	Panel      string `help:"all, matched or declared." default:"all"`
	Boundary   string `help:"as_is or as_was." default:"as_is"`
	By         string `help:"Break down by region, department, class or institution." xor:"part,year"`
	Changes    int    `help:"Also list this many institutions that entered or left since the base year, with their effect on each indicator." placeholder:"N" xor:"part"`
	YearToDate bool   `help:"Of the running year: also its months against the share of the path that they usually hold. Of one scope at a time: without --by." xor:"year"`
}

// progressAnswer is what the table shows of the answer.
type progressAnswer struct {
	Scope map[string]string `json:"scope"`
	Plan  string            `json:"plan"`
	Base  int               `json:"base_year"`
	Until int               `json:"target_year"`
	Year  int               `json:"year"`

	Factors struct {
		Set     string  `json:"set"`
		Version string  `json:"version"`
		Mode    string  `json:"mode"`
		Region  string  `json:"grid_region"`
		Year    int     `json:"grid_year"`
		Value   float64 `json:"grid_value"`
	} `json:"factors"`
	Expected   int                 `json:"institutions_expected"`
	Counted    int                 `json:"institutions_counted"`
	Indicators []progressIndicator `json:"indicators"`
	Changes    *progressChanges    `json:"changes"`
	YearToDate []progressToDate    `json:"year_to_date"`
}

type progressIndicator struct {
	Indicator  string   `json:"indicator"`
	Unit       string   `json:"unit"`
	Baseline   *float64 `json:"baseline"`
	Current    *float64 `json:"current"`
	State      string   `json:"state"`
	Reason     string   `json:"reason"`
	Reduction  *string  `json:"reduction"`
	Target     *float64 `json:"target_pct"`
	Completion *string  `json:"completion"`
	Pace       *float64 `json:"pace_pct"`
	OnPace     *bool    `json:"on_pace"`
}

// Help tells what is asked.
func (*ProgressCmd) Help() string {
	return `Reduction since the base year, against the target and the pace that is due, for the
four indicators; the state says why a figure is missing.

    jouleline progress --region 370000 --year 2023
    jouleline progress --region 370000 --year 2023 --by region
    jouleline progress --region 370000 --year 2025 --year-to-date
    jouleline progress --institution S1 --year 2023 --known-at 2024-03-01T00:00:00+08:00

"jouleline explain" opens each of these figures down to the readings.`
}

// Run asks for the progress and prints it.
func (c *ProgressCmd) Run(ctx context.Context, std streams) error {
	query := c.query()
	c.FactorFlags.add(query)
	c.BaselineFlags.add(query)
	query.Set("plan", c.Plan)
	query.Set("year", strconv.Itoa(c.Year))
	query.Set("panel", c.Panel)
	query.Set("boundary", c.Boundary)
	if c.By != "" {
		query.Set("by", c.By)
		return c.show(ctx, std, "/api/v1/progress/breakdown", query, printBreakdown)
	}
	if c.Changes > 0 {
		query.Set("changes", strconv.Itoa(c.Changes))
	}
	if c.YearToDate {
		query.Set("year_to_date", "true")
	}
	return c.show(ctx, std, "/api/v1/progress", query, printProgress)
}

func printProgress(out io.Writer, body []byte) error {
	var a progressAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	a.head(out)
	if err := printIndicators(out, a.Indicators); err != nil {
		return err
	}
	if len(a.YearToDate) > 0 {
		if err := printToDate(out, a.YearToDate); err != nil {
			return err
		}
	}
	if a.Changes == nil {
		return nil
	}
	return a.Changes.print(out)
}

// head tells what was asked and by which factors.
func (a *progressAnswer) head(out io.Writer) {
	fmt.Fprintf(out, "%s  %s: %d against %d, target %d\n", scopeName(a.Scope), a.Plan, a.Year, a.Base, a.Until)
	fmt.Fprintf(out, "factors %s version %s, grid %s %d (%s): %g kgCO2/kWh; %d of %d institutions counted\n\n",
		a.Factors.Set, a.Factors.Version, a.Factors.Region, a.Factors.Year, a.Factors.Mode, a.Factors.Value, a.Counted, a.Expected)
}

// indicatorColumns head what line gives.
const indicatorColumns = "indicator\tunit\tbaseline\tcurrent\treduction %\ttarget %\tcompletion %\tpace %\ton pace\tstate"

func (i *progressIndicator) line() string {
	state := i.State
	if i.Reason != "" {
		state += ": " + i.Reason
	}
	return strings.Join([]string{
		i.Indicator, i.Unit, number(i.Baseline, 6), number(i.Current, 6), text(i.Reduction), number(i.Target, -1), text(i.Completion), compact(number(i.Pace, -1)), yesNo(i.OnPace), state,
	}, "\t")
}

func printIndicators(out io.Writer, indicators []progressIndicator) error {
	w := columns.New(out)
	fmt.Fprintln(w, indicatorColumns)
	for k := range indicators {
		fmt.Fprintln(w, indicators[k].line())
	}
	return w.Flush()
}

// scopeName names a scope for people: its name, else its id.
func scopeName(scope map[string]string) string {
	if name := scope["name"]; name != "" {
		return name
	}
	for _, kind := range []string{"institution", "region", "department", "class"} {
		if id := scope[kind]; id != "" {
			return id
		}
	}
	return "total"
}

// number prints a number that may be unknown; decimals -1 is as many as needed.
func number(v *float64, decimals int) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'f', decimals, 64)
}

func text(v *string) string {
	if v == nil {
		return "-"
	}
	return *v
}

func yesNo(v *bool) string {
	switch {
	case v == nil:
		return "-"
	case *v:
		return "yes"
	}
	return "no"
}
