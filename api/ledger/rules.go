package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jouleline/api/contract"
	"jouleline/api/table"
	"jouleline/metrics/consumption"
	"jouleline/metrics/vee"
	"jouleline/schema"
)

// RulesAnswer is the list of rules of validation, estimation and editing.
type RulesAnswer struct {
	Version string   `json:"version" doc:"Changes whenever a rule, its order or a number in it does" example:"1"`
	Rules   []RuleAs `json:"rules" nullable:"false" doc:"In the order in which they are applied"`
}

// RuleAs is one rule.
type RuleAs struct {
	Order    int               `json:"order" example:"7"`
	Code     schema.RuleCode   `json:"code" example:"spike"`
	Effect   schema.Effect     `json:"effect" enum:"orders,sets_aside,estimates,flags" doc:"orders: settles which reading counts; sets_aside: a reading waits or does not count; estimates: an amount counts as estimated; flags: shown, booked as it is"`
	Verdicts []schema.Code     `json:"verdicts" nullable:"false" doc:"Codes that the rule gives to readings"`
	Text     string            `json:"text"`
	Carriers map[string]string `json:"carriers,omitempty" doc:"What differs for a carrier"`
}

// ReadingFlag marks a stretch that looks wrong.
type ReadingFlag struct {
	Rule   schema.RuleCode `json:"rule" enum:"stuck,zero_run,interval_sum" example:"zero_run"`
	From   time.Time       `json:"from"`
	To     time.Time       `json:"to"`
	Detail string          `json:"detail" example:"nothing used for 26 hours"`
}

// RulesInput asks for the rules.
type RulesInput struct{}

func (s *Handlers) registerRules(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "rules", Route: "GET /api/v1/rules", Tag: contract.TagUse,
		Summary: "Rules of validation, estimation and editing",
		Text:    "The rules by which readings are judged, in their order, with the codes that they give. No rule changes a reading: the judged series stands beside the raw one.",
	}, rulesTable, s.rules)
}

func (s *Handlers) rules(context.Context, *RulesInput) (*RulesAnswer, error) {
	a := &RulesAnswer{Version: schema.VEEVersion}
	for i, r := range schema.VEERules() {
		as := RuleAs{Order: i + 1, Code: r.Code, Effect: r.Effect, Verdicts: append([]schema.Code{}, r.Verdicts...), Text: r.Text}
		for _, c := range r.Carriers {
			if as.Carriers == nil {
				as.Carriers = map[string]string{}
			}
			text := c.Text
			if c.Least > 0 {
				text = fmt.Sprintf("%s Flagged from %d hours.", text, c.Least/schema.Hour)
			}
			as.Carriers[c.Carrier.String()] = text
		}
		a.Rules = append(a.Rules, as)
	}
	return a, nil
}

func rulesTable(a *RulesAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{table.Text("version"), table.Integer("order"), table.Text("code"), table.Text("effect"), table.Text("verdicts"), table.Text("text")},
		Rows: func(yield func([]any) bool) {
			for i := range a.Rules {
				r := &a.Rules[i]
				verdicts := make([]string, len(r.Verdicts))
				for k, v := range r.Verdicts {
					verdicts[k] = string(v)
				}
				if !yield([]any{a.Version, int64(r.Order), string(r.Code), string(r.Effect), strings.Join(verdicts, " "), r.Text}) {
					return
				}
			}
		},
	}
}

// flags gives the flags that reach into the stretch of the page's readings. It
// looks as far around as the longest run that a rule asks for.
func (p *page) flags(ctx context.Context, carrier schema.Carrier, now schema.Instant, zone *time.Location) ([]ReadingFlag, error) {
	list := []ReadingFlag{}
	if len(p.found) == 0 {
		return list, nil
	}
	first, last := p.found[0].Time, p.found[len(p.found)-1].Time
	margin := schema.Instant(vee.Margin(carrier))
	e, err := consumption.Trace(ctx, p.books, p.meter, max(first-margin, schema.MinInstant), min(last+margin, schema.MaxInstant), p.knownAt, now)
	if err != nil {
		return nil, fmt.Errorf("flags from %s to %s: %w", first, last, err)
	}
	for _, f := range vee.Flags(&vee.Series{Facts: p.meter.Facts, Winners: e.Winners, Codes: e.Codes, Spans: e.Spans}) {
		if f.From <= last && first <= f.To {
			list = append(list, ReadingFlag{f.Rule, f.From.Time().In(zone), f.To.Time().In(zone), f.Detail})
		}
	}
	return list, nil
}
