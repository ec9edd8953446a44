package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"jouleline/cmd/jouleline/columns"
)

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
	w := columns.New(out)
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
	w := columns.New(out)
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
