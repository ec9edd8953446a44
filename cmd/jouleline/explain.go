package main

import (
	"context"
	"fmt"
	"strconv"
)

// ExplainCmd prints how a figure came about.
type ExplainCmd struct {
	Remote
	ScopeFlags
	FactorFlags
	Meter     string `help:"Meter id." xor:"scope"`
	Building  string `help:"Building id." xor:"scope"`
	Figure    string `help:"consumption, indicator or reduction; left out: what the other flags mean." enum:",consumption,indicator,reduction" default:""`
	Carrier   string `help:"Carrier of consumption, as electricity."`
	Indicator string `help:"Indicator, as energy_per_area."`
	From      string `help:"Start, RFC 3339, as 2024-01-01T00:00:00+08:00."`
	To        string `help:"End, not included."`
	Year      int    `help:"Year of a reduction."`
	Plan      string `help:"Plan of a reduction."`
	Depth     int    `help:"How far consumption is opened: 1 whole, 2 meters, 3 days, 4 readings; 0 as far as it stays small." default:"0"`
	Limit     int    `help:"Most institutions that are listed." default:"20"`
	Skip      int    `help:"Institutions that are passed over, the largest first." default:"0"`
}

// Help teaches by example.
func (c *ExplainCmd) Help() string {
	return `What can be asked:

  jouleline explain --meter E1 --from 2023-05-01T00:00:00+08:00 --to 2023-05-03T00:00:00+08:00
  jouleline explain --region 370000 --carrier electricity --from 2023-05-01T00:00:00+08:00 --to 2023-06-01T00:00:00+08:00
  jouleline explain --region 370000 --indicator energy_per_area --from 2023-01-01T00:00:00+08:00 --to 2024-01-01T00:00:00+08:00
  jouleline explain --region 370000 --indicator energy_per_area --year 2023

What a meter used opens down to its readings, what a region used to its
institutions (--limit and --skip turn the pages), an indicator to carriers, factors,
areas and headcounts, a reduction to both its years. The numbers add up exactly.`
}

// Run asks for the explanation and prints it indented.
func (c *ExplainCmd) Run(ctx context.Context, std streams) error {
	if c.Format == "csv" {
		return usageError{fmt.Errorf("format: an explanation is a tree, want table or json")}
	}
	figure := c.Figure
	switch {
	case figure != "":
	case c.Year != 0:
		figure = "reduction"
	case c.Indicator != "":
		figure = "indicator"
	default:
		figure = "consumption"
	}
	query := c.ScopeFlags.query()
	c.FactorFlags.add(query)
	for name, value := range map[string]string{
		"meter": c.Meter, "building": c.Building, "figure": figure, "carrier": c.Carrier, "indicator": c.Indicator,
		"from": c.From, "to": c.To, "plan": c.Plan,
	} {
		set(query, name, value)
	}
	if c.Year != 0 {
		query.Set("year", strconv.Itoa(c.Year))
	}
	query.Set("depth", strconv.Itoa(c.Depth))
	query.Set("limit", strconv.Itoa(c.Limit))
	query.Set("skip", strconv.Itoa(c.Skip))
	accept := "text/plain"
	if c.Format == "json" {
		accept = "application/json"
	}
	body, err := c.get(ctx, "/api/v1/explain", query, accept)
	if err != nil {
		return err
	}
	_, err = std.out.Write(body)
	return err
}
