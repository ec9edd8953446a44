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

// Help gives examples.
func (*ConsumptionCmd) Help() string {
	return `Quantities in the carrier's unit, with what they are in kgce and in kgCO2. What is not
known is shown as "-", never as 0; coverage is the known share of the time.

    jouleline consumption --meter E1 --from 2023-05-01T00:00:00+08:00 --to 2023-05-08T00:00:00+08:00 --step PT1H
    jouleline consumption --institution S1 --carrier electricity --from 2023-01-01T00:00:00+08:00 --to 2024-01-01T00:00:00+08:00
    jouleline consumption --region 370000 --carrier water --from 2020-01-01T00:00:00+08:00 --to 2024-01-01T00:00:00+08:00 --step P1Y --format csv`
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

// Help gives examples.
func (*IndicatorsCmd) Help() string {
	return `Months are per month, not annualised.

    jouleline indicators --institution S1 --from 2023-01-01T00:00:00+08:00 --to 2024-01-01T00:00:00+08:00
    jouleline indicators --region 370000 --from 2020-01-01T00:00:00+08:00 --to 2024-01-01T00:00:00+08:00 --step P1Y`
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

// Help gives an example.
func (*QualityCmd) Help() string {
	return `Known and estimated shares by carrier, then those parts of which the least is known.

    jouleline quality --institution S1 --from 2023-05-01T00:00:00+08:00 --to 2023-06-01T00:00:00+08:00`
}

// Run asks for the quality and prints it.
func (c *QualityCmd) Run(ctx context.Context, std streams) error {
	query := c.ScopeFlags.query()
	set(query, "from", c.From)
	set(query, "to", c.To)
	return c.show(ctx, std, "/api/v1/quality", query, nil)
}
