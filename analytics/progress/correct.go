package progress

import (
	"context"

	"jouleline/analytics/variant"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Corrections tells which recalculations of the baseline and which non-routine
// adjustments an answer rests on, and what it would be with others.
type Corrections struct {
	Baseline    string   `json:"baseline" doc:"Version of the baseline that counts: first, or the name of a recalculation" example:"first"`
	Versions    []string `json:"versions" doc:"Recalculations of the base year, oldest first" example:"[]"`
	Adjustments string   `json:"adjustments" doc:"with or without" example:"without"`
	Entries     []Entry  `json:"entries" doc:"What counts in this answer"`
	Others      []Other  `json:"others,omitempty" doc:"The same indicators with the baseline as it was first set and as it was last recalculated, with and without adjustments"`
}

// Entry is one recalculation or adjustment.
type Entry struct {
	Kind     string `json:"kind" doc:"baseline or adjustment" example:"baseline"`
	ID       string `json:"id" doc:"Version of the baseline, or the adjustment's id" example:"2020-r1"`
	Date     string `json:"date" example:"2024-03-01"`
	Author   string `json:"author"`
	Cause    string `json:"cause,omitempty" doc:"Of a recalculation: boundary, error or method"`
	Reason   string `json:"reason"`
	Scope    string `json:"scope" doc:"institution or region"`
	Of       string `json:"of" doc:"Id of it"`
	From     string `json:"from" doc:"First day that it concerns" example:"2020-01-01"`
	To       string `json:"to" doc:"First day after" example:"2021-01-01"`
	Quantity string `json:"quantity" doc:"Carrier, energy, carbon, floor_area, headcount or an indicator"`
	Amount   string `json:"amount" doc:"Signed, over all its days, exact"`
	Unit     string `json:"unit"`
}

// Other is the indicators under another choice.
type Other struct {
	Baseline    string           `json:"baseline" example:"first"`
	Adjustments string           `json:"adjustments" example:"without"`
	Indicators  []OtherIndicator `json:"indicators"`
}

// OtherIndicator is an indicator under another choice.
type OtherIndicator struct {
	Indicator    string   `json:"indicator" example:"energy_per_area"`
	Baseline     *float64 `json:"baseline"`
	Current      *float64 `json:"current"`
	State        State    `json:"state"`
	ReductionPct *float64 `json:"reduction_pct"`
	Reduction    *string  `json:"reduction"`
}

// The words for adjustments.
const (
	with    = "with"
	without = "without"
)

func adjusted(yes bool) string {
	if yes {
		return with
	}
	return without
}

// correctionsIn tells what counts in an answer; nil where the registry holds
// nothing for the base year, and no adjustment.
func correctionsIn(w *indicator.World, q *Query, y years, s *indicator.Sides) *Corrections {
	c := &Corrections{Baseline: q.Version, Versions: w.Baselines(y.base), Adjustments: adjusted(q.Adjusted), Entries: []Entry{}}
	if len(c.Versions) == 0 && !hasAdjustments(w) {
		return nil
	}
	if c.Baseline == "" {
		c.Baseline = latest(c.Versions)
	}
	if c.Versions == nil {
		c.Versions = []string{}
	}
	for _, e := range s.Corrections() {
		c.Entries = append(c.Entries, entryOf(e))
	}
	return c
}

func hasAdjustments(w *indicator.World) bool {
	for i := range w.Registry().Corrections {
		if w.Registry().Corrections[i].Kind == schema.Adjustment {
			return true
		}
	}
	return false
}

func latest(versions []string) string {
	if len(versions) == 0 {
		return indicator.First
	}
	return versions[len(versions)-1]
}

func entryOf(e *schema.Correction) Entry {
	amount := ""
	if r, err := e.Amount.Rat(); err == nil {
		decimals, _ := r.FloatPrec()
		amount = r.FloatString(decimals)
	}
	quantity := e.Quantity.Name
	if e.Quantity.Carrier != schema.CarrierNone {
		quantity = e.Quantity.Carrier.String()
		if e.Quantity.Use == schema.ForVehicle {
			quantity += ":" + e.Quantity.Use.String()
		}
	}
	return Entry{
		Kind: string(e.Kind), ID: e.ID, Date: e.Date.String(), Author: e.Author, Cause: e.Cause, Reason: e.Reason, Scope: string(e.Scope), Of: e.Target,
		From: e.From.String(), To: e.To.String(), Quantity: quantity, Amount: amount, Unit: e.Unit,
	}
}

// correctionsOf also asks again under every other choice that says something else:
// both figures are shown, always.
func correctionsOf(ctx context.Context, w *indicator.World, source indicator.Source, q *Query, y years, s *indicator.Sides) (*Corrections, error) {
	c := correctionsIn(w, q, y, s)
	if c == nil {
		return nil, nil
	}
	source = variant.Remember(source)
	versions := []string{indicator.First}
	if len(c.Versions) > 0 {
		versions = append(versions, latest(c.Versions))
	}
	for _, version := range versions {
		for _, adjust := range []bool{false, true} {
			if version == c.Baseline && adjust == q.Adjusted || adjust && !hasAdjustments(w) {
				continue
			}
			other := *q
			other.Version, other.Adjusted = version, adjust
			sides, _, err := read(ctx, w, source, other)
			if err != nil {
				return nil, err
			}
			j, err := newJudge(w, sides, y, &other)
			if err != nil {
				return nil, err
			}
			row := j.row(whole(w, &other, y), sides.Total())
			c.Others = append(c.Others, otherOf(version, adjust, row.Indicators))
		}
	}
	return c, nil
}

func otherOf(version string, adjust bool, list []Indicator) Other {
	o := Other{Baseline: version, Adjustments: adjusted(adjust)}
	for i := range list {
		x := &list[i]
		o.Indicators = append(o.Indicators, OtherIndicator{x.Indicator, x.Baseline, x.Current, x.State, x.ReductionPct, x.Reduction})
	}
	return o
}
