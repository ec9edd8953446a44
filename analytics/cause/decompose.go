package cause

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"jouleline/analytics"
	"jouleline/analytics/decompose"
	"jouleline/analytics/progress"
	"jouleline/analytics/variant"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Decompose answers a question. The error wraps [ErrQuery] or
// [indicator.ErrUnknownScope] where the question is at fault, else it is the
// source's.
func Decompose(ctx context.Context, w *indicator.World, source indicator.Source, q Query) (*Answer, error) {
	if err := q.validate(w); err != nil {
		return nil, err
	}
	w, err := q.byCarrier(w)
	if err != nil {
		return nil, err
	}
	source = variant.Remember(source)
	if !q.NoWeather {
		q.air = newAir(w.Registry(), q.From, q.To)
	}
	p, err := q.readPair(ctx, w, source, q.From, q.To)
	if err != nil {
		return nil, err
	}
	a := q.frame(w, p)
	if reason := p.known.lacks(&q); reason != "" {
		a.State, a.Reason = NotEnoughData, reason
		return a, nil
	}
	q.separated = p.weather != nil && p.weather.Models > 0
	e, owner, parts, err := p.effects(&q)
	if err != nil {
		if !isRefusal(err) {
			return nil, err
		}
		a.State, a.Reason = NotEnoughData, err.Error()
		return a, nil
	}
	change := e.VT - e.V0
	a.State, a.V0, a.VT, a.Change = OK, &e.V0, &e.VT, &change
	a.Effects = q.named(e.Additive, e.Multiplicative, e.V0)
	a.partsOf(&q, p, e, owner, parts)
	a.label(&q, p, e, parts)
	if q.Chained {
		return a, a.chain(ctx, w, source, &q)
	}
	return a, nil
}

// byCarrier gives a world in which no institution declares totals where carriers
// are weighed apart: a declared total tells nothing of its carriers, and who has
// nothing else is not known.
func (q *Query) byCarrier(w *indicator.World) (*indicator.World, error) {
	if q.Of == Energy && q.Activity == People {
		return w, nil
	}
	isTotal := func(d schema.Declared) bool {
		return d.Quantity.Carrier == schema.CarrierNone && (d.Quantity.Name == "energy" || d.Quantity.Name == "carbon")
	}
	if !slices.ContainsFunc(w.Registry().Declared, isTotal) {
		return w, nil
	}
	reg := *w.Registry()
	reg.Declared = slices.DeleteFunc(slices.Clone(reg.Declared), isTotal)
	return indicator.NewWorld(&reg)
}

// frame fills in what does not depend on the effects.
func (q *Query) frame(w *indicator.World, p *pair) *Answer {
	day := indicator.YearStretch(q.To).Days.To - 1
	a := &Answer{
		Scope: progress.ScopeOf(indicator.Group{Scope: q.Scope, Name: w.Name(q.Scope, day)}), By: string(q.By), Of: q.Of, Activity: q.Activity,
		From: q.From, To: q.To, Panel: string(q.Panel), Boundary: string(q.Boundary), Unit: q.unit(),
		Factors:      progress.Factors{Set: q.Factors.Name, Version: q.Factors.Version, Mode: string(q.Mode)},
		ExpectedFrom: p.known.institutions[0], CountedFrom: p.known.counted[0], ExpectedTo: p.known.institutions[1], CountedTo: p.known.counted[1],
		Effects: []Effect{}, Parts: []Part{}, Warnings: []analytics.Warning{},
	}
	if p.grid != nil {
		value, _ := p.grid.Value.Float64()
		a.Factors.GridRegion, a.Factors.GridYear, a.Factors.GridValue = &p.grid.Region, &p.grid.Year, &value
	}
	return a
}

// lacks tells why too little is known of a year (rule 15), "" where enough is.
func (k *knowledge) lacks(q *Query) string {
	least, _ := q.MinCoverage.Float64()
	most, _ := q.MaxGap.Float64()
	var share [2]float64
	for side, year := range [2]int{q.From, q.To} {
		switch {
		case k.institutions[side] == 0:
			return fmt.Sprintf("no institution exists in %d", year)
		case big.NewRat(int64(k.counted[side]), int64(k.institutions[side])).Cmp(q.MinCoverage) < 0:
			return fmt.Sprintf("in %d %d of %d institutions are fully known, want a share of %v", year, k.counted[side], k.institutions[side], least)
		case k.coverage[side] != nil && *k.coverage[side] < least:
			return fmt.Sprintf("in %d %.3f of the expected readings are known, want %v", year, *k.coverage[side], least)
		}
		share[side] = float64(k.counted[side]) / float64(k.institutions[side])
	}
	if gap := math.Abs(share[1] - share[0]); gap > most {
		return fmt.Sprintf("the shares of institutions that are known differ by %.3f between %d and %d, want at most %v", gap, q.From, q.To, most)
	}
	return ""
}

// isRefusal tells an error about the numbers from one of the source.
func isRefusal(err error) bool {
	var input *analytics.InputError
	var few *analytics.NotEnoughError
	return errors.As(err, &input) || errors.As(err, &few)
}

// named gives effects by factor.
func (q *Query) named(additive, multiplicative []float64, v0 float64) []Effect {
	var list []Effect
	for k, name := range q.factorNames() {
		e := Effect{Factor: name, Additive: additive[k]}
		if multiplicative != nil {
			e.Multiplicative = &multiplicative[k]
		}
		if v0 > 0 {
			share := 100 * additive[k] / v0
			e.SharePct = &share
		}
		list = append(list, e)
	}
	return list
}

// partsOf sums the effects of the rows of each part.
func (a *Answer) partsOf(q *Query, p *pair, e *decompose.Effects, owner []int, parts []*part) {
	sums := make([][]float64, len(parts))
	for row, effects := range e.BySector {
		if sums[owner[row]] == nil {
			sums[owner[row]] = make([]float64, len(effects))
		}
		for k, v := range effects {
			sums[owner[row]][k] += v
		}
	}
	for i, x := range parts {
		out := Part{Scope: progress.ScopeOf(x.group)}
		for side, v := range [2]*float64{&out.V0, &out.VT} {
			amounts := x.energy[side]
			if q.Of == Carbon {
				amounts = x.emission[side]
			}
			for _, amount := range amounts {
				*v += amount
			}
		}
		out.Effects = q.named(sums[i], nil, out.V0)
		a.Parts = append(a.Parts, out)
	}
}

// label says what a reader must know.
func (a *Answer) label(q *Query, p *pair, e *decompose.Effects, parts []*part) {
	if q.NoWeather {
		a.warn(CodeWeather, 0, 1, "weather is part of intensity, as was asked for")
	} else {
		a.weatherOf(p.weather)
	}
	if _, left := p.usable(); len(left) > 0 {
		a.warn(CodePartsLeft, float64(len(left)), 0, "parts of which a year is not known are on neither side: "+strings.Join(left, ", "))
	}
	if p.lacking > 0 {
		a.warn(CodeNoActivity, float64(p.lacking), 0, "institutions without area or headcount count as if they had that of the others at the same intensity")
	}
	if len(parts) == 1 {
		a.warn(CodeOnePart, 1, 2, "one part has no structure that could change")
	}
	if e.Multiplicative == nil {
		a.warn(CodeZero, math.Min(e.V0, e.VT), 0, "a total is zero: there is no multiplicative form")
	}
}

func (a *Answer) warn(code analytics.Code, got, want float64, detail string) {
	a.Warnings = append(a.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
}
