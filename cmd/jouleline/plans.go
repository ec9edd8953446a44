package main

import (
	"context"
	"fmt"
	"os"

	"jouleline/schema/plan"
)

// readPlans gives the plans that ship, and those of a folder where one is named.
func readPlans(folder string) ([]*plan.Plan, error) {
	plans, err := plan.Shipped()
	if err != nil || folder == "" {
		return plans, err
	}
	own, err := plan.Folder(os.DirFS(folder))
	if err != nil {
		return nil, fmt.Errorf("folder of plans %s: %w", folder, err)
	}
	return append(plans, own...), nil
}

// PlansCmd lists the plans of a server.
type PlansCmd struct{ Remote }

// Help teaches what --help of the command shows below the flags.
func (c *PlansCmd) Help() string {
	return `14fyp ships with the program. Another plan is one JSON file in the folder that the
server was started with (serve --plans DIR); docs/plans.md has the form and an example.`
}

// Run asks for the plans and prints them.
func (c *PlansCmd) Run(ctx context.Context, std streams) error {
	return c.show(ctx, std, "/api/v1/plans", nil, nil)
}

// AllocationCmd divides a target among the parts of a scope.
type AllocationCmd struct {
	Remote
	ScopeFlags
	FactorFlags
	Plan      string `help:"Plan whose target is divided (see: jouleline plans)." default:"14fyp"`
	By        string `help:"Parts: region, department, class or institution." default:"region"`
	Indicator string `help:"energy_per_area, energy_per_capita, water_per_capita or carbon_per_area." default:"energy_per_area"`
	Method    string `help:"equal_rate, intensity_gap (in proportion to what a part uses beyond the lower quartile) or given (the plan's own targets of the parts)." enum:"equal_rate,intensity_gap,given" default:"equal_rate"`
}

// Help gives examples.
func (*AllocationCmd) Help() string {
	return `    jouleline allocation --region 370000
    jouleline allocation --region 370000 --by class --method intensity_gap --indicator carbon_per_area`
}

// Run asks for the allocation and prints it.
func (c *AllocationCmd) Run(ctx context.Context, std streams) error {
	query := c.query()
	c.add(query)
	query.Set("plan", c.Plan)
	query.Set("by", c.By)
	query.Set("indicator", c.Indicator)
	query.Set("method", c.Method)
	return c.show(ctx, std, "/api/v1/allocation", query, nil)
}
