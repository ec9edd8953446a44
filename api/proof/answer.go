package proof

import (
	"io"
	"math/big"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/analytics/progress"
	"jouleline/api/ledger"
	"jouleline/api/query"
	"jouleline/metrics/calendar"
	"jouleline/metrics/explain"
	"jouleline/schema"
)

// ExplainAnswer is a figure with what it was made of.
type ExplainAnswer struct {
	Scope    query.Subject       `json:"scope"`
	Figure   string              `json:"figure" doc:"consumption, indicator or reduction" example:"consumption"`
	Carrier  string              `json:"carrier,omitempty" doc:"Of consumption" example:"electricity"`
	TimeZone string              `json:"time_zone" doc:"Calendar of the times" example:"Asia/Shanghai"`
	KnownAt  *time.Time          `json:"known_at" doc:"Moment as of which this was known, null for now"`
	Factors  *progress.Factors   `json:"factors,omitempty" doc:"Factor set of an indicator or a reduction"`
	Progress *progress.Indicator `json:"progress,omitempty" doc:"What progress answers of the reduction"`
	Tree     Explained           `json:"tree" doc:"The figure, and below it what it follows from"`

	tree *explain.Node
	zone *time.Location
}

// Explained is one figure of the tree.
type Explained struct {
	Label      string             `json:"label" doc:"What the figure is" example:"meter E1"`
	Kind       explain.Kind       `json:"-"` // the label as codes, for pages in other languages
	Word, Name string             `json:"-"`
	Value      *Exact             `json:"value" nullable:"true" doc:"Exact decimal, or rounded to twelve places where fraction is given; null where not known"`
	Fraction   string             `json:"fraction,omitempty" doc:"The exact value where it has no end in decimals" example:"1/3"`
	Unit       string             `json:"unit" example:"kWh"`
	Op         explain.Op         `json:"op,omitempty" enum:"sum,product,quotient,division,reduction" doc:"How the value follows from what stands below: sum of the children; product of quantity and factor; quotient of the first child by the second; division of the only child by a share, to the micro-unit; reduction of the first child to the second in percent"`
	How        string             `json:"how,omitempty" doc:"The same in words" example:"109 - 105.5 kWh"`
	From       *time.Time         `json:"from,omitempty"`
	To         *time.Time         `json:"to,omitempty"`
	Source     string             `json:"source,omitempty" doc:"metered or declared" example:"metered"`
	Estimated  *Exact             `json:"estimated,omitempty" doc:"The part of the value that was estimated"`
	Coverage   *float64           `json:"coverage,omitempty" doc:"Known share of the time of the meters that should have reported"`
	Quantity   *ExplainedQuantity `json:"quantity,omitempty" doc:"Of a product"`
	Factor     *ExplainedFactor   `json:"factor,omitempty" doc:"Of a product or a division"`
	Subtracted bool               `json:"subtracted,omitempty" doc:"The product is taken off the whole"`
	Rules      []explain.Rule     `json:"rules,omitempty" nullable:"false" doc:"What was done to make a span" example:"[\"register_difference\"]"`
	Events     []ExplainedEvent   `json:"events,omitempty" nullable:"false" doc:"Meter events in the span or at its ends"`
	Readings   []ExplainedReading `json:"readings,omitempty" nullable:"false" doc:"Stored readings of the span, all versions"`
	Notes      []string           `json:"notes,omitempty" nullable:"false"`
	Open       string             `json:"open,omitempty" doc:"Where the quantity is opened further" example:"/api/v1/explain?institution=S1&carrier=electricity"`
	Children   []Explained        `json:"children,omitempty" nullable:"false"`
}

// ExplainedQuantity is an amount with its unit.
type ExplainedQuantity struct {
	Value Exact  `json:"value"`
	Unit  string `json:"unit" example:"kWh"`
}

// ExplainedFactor is what a quantity was multiplied with.
type ExplainedFactor struct {
	Value      Exact   `json:"value"`
	Fraction   string  `json:"fraction,omitempty" doc:"The exact value where it has no end in decimals" example:"181/365"`
	Unit       string  `json:"unit,omitempty" example:"kgce/kWh"`
	Set        string  `json:"set,omitempty" doc:"Factor set" example:"gbt2589-2020"`
	Version    string  `json:"version,omitempty" example:"1"`
	Note       string  `json:"note,omitempty" doc:"Where the factor stems from"`
	GridRegion *string `json:"grid_region,omitempty" doc:"Region of a grid factor, empty for the nation"`
	GridYear   *int    `json:"grid_year,omitempty"`
}

// ExplainedEvent is a meter event.
type ExplainedEvent struct {
	Time       time.Time     `json:"time"`
	Event      string        `json:"event" enum:"swap,reset,rollover,multiplier" example:"swap"`
	Final      *query.Amount `json:"final,omitempty" doc:"Register before the event, as shown"`
	Initial    *query.Amount `json:"initial,omitempty" doc:"Register after the event, as shown"`
	Multiplier string        `json:"multiplier,omitempty" example:"40"`
	Note       string        `json:"note,omitempty"`
}

// ExplainedReading is a stored reading and its part in a span.
type ExplainedReading struct {
	Role explain.Role `json:"role" enum:"begin,end,covers,superseded,repeated,set_aside" doc:"begin and end of the span; covers it (a delta or bill); superseded or repeated by one of these; set aside, code says why"`
	ledger.ReadingAs
}

// Exact is a number in decimals, which never was a float.
type Exact struct{ text string }

// Schema describes the number.
func (Exact) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeNumber} }

// MarshalJSON writes the decimals.
func (e Exact) MarshalJSON() ([]byte, error) { return []byte(e.text), nil }

// UnmarshalJSON keeps the decimals.
func (e *Exact) UnmarshalJSON(text []byte) error {
	e.text = string(text)
	return nil
}

// String gives the decimals.
func (e Exact) String() string { return e.text }

// WriteText writes the tree for readers.
func (a *ExplainAnswer) WriteText(w io.Writer) error { return explain.Write(w, a.tree, a.zone) }

// explained makes the answer of a tree.
func explained(tree *explain.Node, zone *calendar.Zone, in *ExplainInput, knownAt schema.Instant) *ExplainAnswer {
	a := &ExplainAnswer{Figure: in.Figure, TimeZone: zone.Location().String(), tree: tree, zone: zone.Location()}
	if knownAt != 0 {
		then := knownAt.Time().In(a.zone)
		a.KnownAt = &then
	}
	links := linker{knownAt: knownAt}
	a.Tree = links.node(tree, a.zone, tree)
	return a
}

// linker turns a tree into an answer.
type linker struct{ knownAt schema.Instant }

// node turns one figure, and all below it. side is the figure whose stretch it
// lies in.
func (l *linker) node(n *explain.Node, zone *time.Location, side *explain.Node) Explained {
	if n.To != 0 {
		side = n
	}
	e := Explained{
		Label: n.Label, Kind: n.Kind, Word: n.Word, Name: n.Name, Unit: n.Unit, Op: n.Op, How: n.How, Source: n.Source, Subtracted: n.Subtracted, Rules: n.Rules, Notes: n.Notes,
		From: stamp(n.From, n.To, zone), To: stamp(n.To, n.To, zone), Factor: explainedFactor(n.Factor),
	}
	if n.Value != nil {
		e.Value, e.Fraction = exactOf(n.Value)
	}
	if n.Estimated != nil && n.Estimated.Sign() != 0 {
		e.Estimated, _ = exactOf(n.Estimated)
	}
	if n.Expected > 0 {
		e.Coverage = query.Float(new(big.Rat).SetFrac64(n.Known, n.Expected))
	}
	if n.Quantity != nil {
		value, _ := exactOf(n.Quantity.Value)
		e.Quantity = &ExplainedQuantity{*value, n.Quantity.Unit}
	}
	for i := range n.Events {
		e.Events = append(e.Events, explainedEvent(&n.Events[i], zone))
	}
	for i := range n.Readings {
		r := &n.Readings[i]
		e.Readings = append(e.Readings, ExplainedReading{r.Role, ledger.AsReading(&r.Reading, r.Code, zone)})
	}
	if n.Open != nil {
		e.Open = l.open(n.Open, side, zone)
	}
	for _, child := range n.Children {
		e.Children = append(e.Children, l.node(child, zone, side))
	}
	return e
}

// open gives the question that opens a metered quantity.
func (l *linker) open(o *explain.Open, side *explain.Node, zone *time.Location) string {
	q := url.Values{}
	q.Set("institution", o.Institution)
	q.Set("carrier", o.Carrier.String())
	q.Set("from", side.From.Format(zone))
	q.Set("to", side.To.Format(zone))
	if l.knownAt != 0 {
		q.Set("known_at", l.knownAt.Format(zone))
	}
	return "/api/v1/explain?" + q.Encode()
}

// stamp gives a time, nil where the figure has no stretch.
func stamp(t, end schema.Instant, zone *time.Location) *time.Time {
	if end == 0 {
		return nil
	}
	at := t.Time().In(zone)
	return &at
}

// exactOf gives a number and, where it has no end in decimals, its fraction.
func exactOf(r *big.Rat) (value *Exact, fraction string) {
	text, exact := explain.Decimal(r)
	if !exact {
		fraction = r.RatString()
	}
	return &Exact{text}, fraction
}

func explainedFactor(f *explain.Factor) *ExplainedFactor {
	if f == nil {
		return nil
	}
	value, fraction := exactOf(f.Value)
	e := &ExplainedFactor{Value: *value, Fraction: fraction, Unit: f.Unit, Set: f.Set, Version: f.Version, Note: f.Note}
	if f.Grid {
		e.GridRegion, e.GridYear = &f.Region, &f.Year
	}
	return e
}

func explainedEvent(e *schema.Event, zone *time.Location) ExplainedEvent {
	out := ExplainedEvent{Time: e.Time.Time().In(zone), Event: e.Kind.String(), Note: e.Note}
	if e.HasFinal {
		out.Final = &query.Amount{Quantity: e.Final}
	}
	if e.HasInitial {
		out.Initial = &query.Amount{Quantity: e.Initial}
	}
	if e.Multiplier != (schema.Ratio{}) {
		out.Multiplier = big.NewRat(e.Multiplier.Num, e.Multiplier.Den).RatString()
	}
	return out
}
