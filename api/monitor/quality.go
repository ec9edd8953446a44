package monitor

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/peer"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// QualityInput asks how well a stretch is known.
type QualityInput struct {
	query.SubjectParams
	Carrier string `query:"carrier" enum:"electricity,natural_gas,water,heat,cooling,gasoline,diesel,kerosene,coal,lpg,fuel_oil,other" doc:"One carrier; left out: all that are metered" example:"electricity"`
	query.StretchParams
	Limit int `query:"limit" default:"100" minimum:"0" doc:"Most rows of the worst" example:"100"`
}

// QualityAnswer tells how well a stretch is known.
type QualityAnswer struct {
	Scope    query.Subject `json:"scope"`
	From     time.Time     `json:"from"`
	To       time.Time     `json:"to"`
	TimeZone string        `json:"time_zone" example:"Asia/Shanghai"`
	// Carriers sums each carrier, Worst lists its parts.
	Carriers []QualityTotal `json:"carriers" doc:"What is known of each carrier that is, or should be, metered"`
	Worst    []QualityPart  `json:"worst" doc:"Meters, or for groups institutions, the least known first"`
	// Freshness speaks of now, NotPlain of the stretch.
	Freshness *Freshness `json:"freshness,omitempty" doc:"How lately the meters were read"`
	NotPlain  []NotPlain `json:"readings,omitzero" doc:"Readings of the stretch with a verdict other than plainly accepted, by code; open falls are unexplained_fall"`
	// Parked and Rejected speak of the whole server.
	Parked   *ParkedCount    `json:"parked,omitzero" doc:"Readings that wait for their meter to be registered, on the whole server; left out for callers who may read a part only"`
	Rejected []RejectedCount `json:"rejected,omitzero" doc:"Rejected readings by code, on the whole server; left out likewise"`
	// MissingPartitions could not be asked.
	MissingPartitions []int `json:"missing_partitions,omitempty" doc:"Partitions whose books could not be asked, since their instance does not answer: numbers that would be smaller for it are null, and coverage counts their meters as unknown"`
}

// QualityTotal is how well one carrier is known.
type QualityTotal struct {
	Carrier        schema.Carrier `json:"carrier" example:"electricity"`
	Unit           schema.Unit    `json:"unit" example:"kWh"`
	Expected       int            `json:"expected" doc:"Meters, or for groups institutions, that should have reported"`
	Silent         int            `json:"silent" doc:"Those of them of which nothing is known"`
	Quantity       *query.Amount  `json:"quantity" nullable:"true" doc:"What is known; null where nothing is"`
	Coverage       *float64       `json:"coverage" doc:"Known share of the expected time"`
	EstimatedShare *float64       `json:"estimated_share" doc:"Estimated part of the quantity"`
}

// QualityPart is how well one meter, or one institution's carrier, is known.
type QualityPart struct {
	Meter          string         `json:"meter,omitempty"`
	Institution    string         `json:"institution,omitempty"`
	Carrier        schema.Carrier `json:"carrier" example:"electricity"`
	Quantity       *query.Amount  `json:"quantity" nullable:"true"`
	Coverage       *float64       `json:"coverage"`
	EstimatedShare *float64       `json:"estimated_share"`
}

// ParkedCount counts readings that wait.
type ParkedCount struct {
	Meters   int   `json:"meters" doc:"Unknown meters"`
	Readings int64 `json:"readings" doc:"Their readings"`
}

// RejectedCount counts rejected readings of one code.
type RejectedCount struct {
	Code     schema.Code `json:"code" example:"unknown_unit"`
	Readings int64       `json:"readings"`
}

func (s *Handlers) registerQuality(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "quality", Route: "GET /api/v1/quality", Tag: contract.TagUse,
		Summary: "How well a stretch of time is known",
		Text: "Coverage and estimated share of each carrier of a meter, building, institution or group, with the parts that are known least; how lately its meters were read, gateways that are silent, and readings that are not plainly accepted, such as open unexplained falls; " +
			"and the readings of the whole server that wait or were rejected. For groups the stretch is whole days.",
	}, qualityTable, peer.Tolerant(s.Quality, withholdQuality))
}

// Quality answers GET /api/v1/quality.
func (s *Handlers) Quality(ctx context.Context, in *QualityInput) (*QualityAnswer, error) {
	if most := s.Limits.Worst; in.Limit > most {
		return nil, fmt.Errorf("%w: limit: got %d, want at most %d", problem.ErrQuestion, in.Limit, most)
	}
	about, err := in.Target()
	if err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	w, err := s.Ask(ctx, about, 0)
	if err != nil {
		return nil, err
	}
	c := census{s: s, w: w, in: in, about: about, zone: w.Calendar()}
	if err := c.take(ctx); err != nil {
		return nil, err
	}
	a := &QualityAnswer{
		Scope: about.Subject(c.name), From: query.Local(c.zone, in.From.At), To: query.Local(c.zone, in.To.At),
		TimeZone: c.zone.Location().String(), Carriers: c.totals, Worst: c.worst(in.Limit),
	}
	if s.Stream != nil {
		if err := s.stream(ctx, w, about, in, a); err != nil {
			return nil, err
		}
	}
	if !access.GrantOf(ctx).IsLimited() {
		err = s.countWaiting(ctx, a)
	}
	return a, err
}

// countWaiting adds what waits or was rejected.
func (s *Handlers) countWaiting(ctx context.Context, a *QualityAnswer) error {
	parked, err := s.Rejects.ParkedMeters(ctx)
	if err != nil {
		return fmt.Errorf("count parked readings: %w", err)
	}
	a.Parked = &ParkedCount{Meters: len(parked)}
	for _, n := range parked {
		a.Parked.Readings += n
	}
	rejected, err := s.Rejects.RejectedCounts(ctx)
	if err != nil {
		return fmt.Errorf("count rejected readings: %w", err)
	}
	a.Rejected = []RejectedCount{}
	for _, code := range slices.Sorted(maps.Keys(rejected)) {
		a.Rejected = append(a.Rejected, RejectedCount{code, rejected[code]})
	}
	return nil
}

// part is a part of a census with what orders it.
type part struct {
	QualityPart
	point consumption.Point
}

// worst gives the parts that are known least.
func (c *census) worst(most int) []QualityPart {
	slices.SortStableFunc(c.parts, func(a, b part) int {
		order := a.point.Coverage.Cmp(b.point.Coverage)
		if order == 0 && a.point.EstimatedShare != nil && b.point.EstimatedShare != nil {
			order = b.point.EstimatedShare.Cmp(a.point.EstimatedShare)
		}
		return cmp.Or(order, cmp.Compare(a.Institution, b.Institution), cmp.Compare(a.Meter, b.Meter))
	})
	worst := make([]QualityPart, min(most, len(c.parts)))
	for i := range worst {
		worst[i] = c.parts[i].QualityPart
	}
	return worst
}

func qualityTable(a *QualityAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{
			table.Text("part"), table.Text("scope"), table.Text("id"), table.Text("carrier"), table.Text("unit"), table.Decimal("quantity"),
			table.Number("coverage"), table.Number("estimated_share"), table.Integer("expected"), table.Integer("silent"),
			table.Text("code"), table.Integer("readings"), table.Instant("last_reading"), table.Integer("age_s"),
		},
		Rows: func(yield func([]any) bool) {
			whole := a.Scope.Cells()
			for i := range a.Carriers {
				t := &a.Carriers[i]
				if !yield([]any{query.WholePart, whole[0], whole[1], t.Carrier.String(), t.Unit.String(), t.Quantity.Cell(),
					table.Opt(t.Coverage), table.Opt(t.EstimatedShare), int64(t.Expected), int64(t.Silent), nil, nil, nil, nil}) {
					return
				}
			}
			for i := range a.Worst {
				p := &a.Worst[i]
				scope, id := query.KindMeter, p.Meter
				if id == "" {
					scope, id = string(indicator.ByInstitution), p.Institution
				}
				if !yield([]any{query.OnePart, scope, id, p.Carrier.String(), p.Carrier.Unit().String(), p.Quantity.Cell(),
					table.Opt(p.Coverage), table.Opt(p.EstimatedShare), nil, nil, nil, nil, nil, nil}) {
					return
				}
			}
			a.streamRows(yield)
		},
	}
}

// streamRows gives the rows of how readings come in: silent gateways, late
// meters, and readings that are not plainly accepted or were rejected.
func (a *QualityAnswer) streamRows(yield func([]any) bool) {
	row := func(part, scope, id string, cells ...any) bool {
		return yield(append([]any{part, scope, id, nil, nil, nil, nil, nil}, cells...))
	}
	if f := a.Freshness; f != nil {
		for _, g := range f.Gateways {
			if !row("silent_gateway", "gateway", g.Gateway, int64(g.Meters), int64(g.Meters), nil, nil, table.Opt(g.Last), nil) {
				return
			}
		}
		for _, m := range f.Oldest {
			if !row("late_meter", query.KindMeter, m.Meter, nil, nil, nil, nil, table.Opt(m.Last), table.Opt(m.AgeS)) {
				return
			}
		}
	}
	for _, n := range a.NotPlain {
		if !row("readings", "", "", n.Meters, nil, string(n.Code), n.Readings, nil, nil) {
			return
		}
	}
	for _, r := range a.Rejected {
		if !row("rejected", "", "", nil, nil, string(r.Code), r.Readings, nil, nil) {
			return
		}
	}
}
