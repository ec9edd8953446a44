package main

import (
	"context"
	"net/url"
)

// PeriodFlags choose a half-open stretch of time and its steps.
type PeriodFlags struct {
	From string `help:"Start, RFC 3339, as 2024-01-01T00:00:00+08:00." required:""`
	To   string `help:"End, not included." required:""`
	Step string `help:"PT15M, PT1H, P1D, P1M or P1Y." default:"P1M"`
}

func (p *PeriodFlags) add(query url.Values) {
	set(query, "from", p.From)
	set(query, "to", p.To)
	set(query, "step", p.Step)
}

// ConsumptionCmd prints consumption in steps.
type ConsumptionCmd struct {
	Remote
	ScopeFlags
	FactorFlags
	PeriodFlags
	Meter    string `help:"Meter id." xor:"scope"`
	Building string `help:"Building id." xor:"scope"`
	Carrier  string `help:"Carrier, as electricity; needed where the scope has several."`
	Residual bool   `help:"Also what a meter shows beyond its sub-meters, or a bill beyond the supply that it reconciles."`
}

// Run asks for the consumption and prints it.
func (c *ConsumptionCmd) Run(ctx context.Context, std streams) error {
	query := c.ScopeFlags.query()
	set(query, "meter", c.Meter)
	set(query, "building", c.Building)
	set(query, "carrier", c.Carrier)
	c.FactorFlags.add(query)
	c.PeriodFlags.add(query)
	if c.Residual {
		query.Set("residual", "true")
	}
	return c.show(ctx, std, "/api/v1/consumption", query, nil)
}

// IndicatorsCmd prints indicators in steps.
type IndicatorsCmd struct {
	Remote
	ScopeFlags
	FactorFlags
	PeriodFlags
}

// Run asks for the indicators and prints them.
func (c *IndicatorsCmd) Run(ctx context.Context, std streams) error {
	query := c.ScopeFlags.query()
	c.FactorFlags.add(query)
	c.PeriodFlags.add(query)
	return c.show(ctx, std, "/api/v1/indicators", query, nil)
}

// QualityCmd prints how complete the readings are.
type QualityCmd struct {
	Remote
	ScopeFlags
	From string `help:"Start, RFC 3339." required:""`
	To   string `help:"End, not included." required:""`
}

// Run asks for the quality and prints it.
func (c *QualityCmd) Run(ctx context.Context, std streams) error {
	query := c.ScopeFlags.query()
	set(query, "from", c.From)
	set(query, "to", c.To)
	return c.show(ctx, std, "/api/v1/quality", query, nil)
}
