package standing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"jouleline/analytics"
	"jouleline/analytics/benchmark"
	"jouleline/analytics/orderstat"
	"jouleline/analytics/progress"
	"jouleline/analytics/variant"
	"jouleline/metrics/indicator"
)

// Compare answers a question. The error wraps [ErrQuery] or
// [indicator.ErrUnknownScope] where the question is at fault, else it is the
// source's.
func Compare(ctx context.Context, w *indicator.World, source indicator.Source, q Query) (*Answer, error) {
	if err := q.settle(w); err != nil {
		return nil, err
	}
	if err := q.checkWithin(w); err != nil {
		return nil, err
	}
	source = variant.Remember(source)
	set := q.Factors.WithMode(q.Mode)
	members, err := q.members(ctx, w, source, q.Year, set, q.Measure)
	if err != nil {
		return nil, err
	}
	a := &Answer{
		Class: string(q.Class), Within: q.Within, Zone: q.Zone, Year: q.Year, Indicator: q.Measure.String(), Unit: q.Measure.Unit(), Level: q.Level,
		Factors: progress.Factors{Set: q.Factors.Name, Version: q.Factors.Version, Mode: string(q.Mode)},
		State:   OK, Ranking: []Row{}, LeftOut: []LeftOut{}, Quotas: []Quota{}, Warnings: []analytics.Warning{},
	}
	known := a.sift(&q, members)
	if err := a.quotas(ctx, w, source, &q, members); err != nil {
		return nil, err
	}
	if a.State != OK {
		return a, nil
	}
	values := make([]float64, len(known))
	for i, x := range known {
		values[i] = x.value
	}
	peers, err := benchmark.NewPeers(values, orderstat.Hazen, q.Level)
	if err != nil {
		a.State, a.Reason = NotEnoughData, err.Error()
		return a, nil
	}
	a.Peers = &Peers{peers.N, peers.P25, peers.P50, peers.P75, peers.P25Interval, peers.P50Interval, peers.P75Interval}
	if q.Institution != "" {
		return a, a.place(&q, peers, known)
	}
	a.Warnings = append(a.Warnings, peers.Warnings...)
	return a, a.rank(ctx, w, source, &q, peers, known)
}

// minPeers is the least number of members that is called a group.
const minPeers = 3

// sift parts those that are known from those that are not.
func (a *Answer) sift(q *Query, members []member) (known []member) {
	asked := false
	for _, x := range members {
		if !x.known {
			a.LeftOut = append(a.LeftOut, LeftOut{x.id, x.name, x.reason})
			if x.id == q.Institution {
				asked = true
				a.State, a.Reason = NotEnoughData, fmt.Sprintf("the institution is not known well enough in %d: %s", q.Year, x.reason)
			}
			continue
		}
		asked = asked || x.id == q.Institution
		known = append(known, x)
	}
	switch {
	case a.State != OK:
	case q.Institution != "" && !asked:
		a.State, a.Reason = NotEnoughData, fmt.Sprintf("the institution is none of the peers: it does not exist in %d, or lies outside the region or zone", q.Year)
	case len(known) < minPeers:
		a.State, a.Reason = NotEnoughData, fmt.Sprintf("%d institutions of the class are known well enough in %d, want %d", len(known), q.Year, minPeers)
	}
	if 4*len(a.LeftOut) > len(members) {
		a.warn(CodeManyLeftOut, float64(len(a.LeftOut)), float64(len(members)), fmt.Sprintf("%d of %d institutions are not known well enough; the rest may not be like them", len(a.LeftOut), len(members)))
	}
	if q.Institution != "" { // whose names are nobody else's business
		a.LeftOut = slices.DeleteFunc(a.LeftOut, func(l LeftOut) bool { return l.Institution != q.Institution })
	}
	return known
}

func (a *Answer) place(q *Query, peers *benchmark.Peers, known []member) error {
	at := slices.IndexFunc(known, func(x member) bool { return x.id == q.Institution })
	p, err := peers.Place(known[at].value)
	if err != nil {
		return fmt.Errorf("place %s: %w", q.Institution, err)
	}
	a.Place = &Place{known[at].id, known[at].name, known[at].value, p.Percentile, p.Interval, string(p.Band), p.Better, p.Worse}
	a.Warnings = append(a.Warnings, p.Warnings...)
	a.Reason = fmt.Sprintf("%d peers", peers.N)
	return nil
}

const (
	// maxDraws and minDraws bound the draws of a ranking, drawWork draws x members:
	// a second of work.
	maxDraws, minDraws = 1000, 100
	drawWork           = 2_000_000
)

// rank orders the class.
func (a *Answer) rank(ctx context.Context, w *indicator.World, source indicator.Source, q *Query, peers *benchmark.Peers, known []member) error {
	spread, err := q.spread(ctx, w, source, known)
	if err != nil {
		return err
	}
	var ranks []benchmark.Rank
	if spread > 0 {
		values, errors := make([]float64, len(known)), make([]float64, len(known))
		for i, x := range known {
			values[i], errors[i] = x.value, spread*x.value
		}
		draws := min(max(drawWork/len(known), minDraws), maxDraws)
		if ranks, err = benchmark.Ranking(values, errors, q.Level, draws, rand.NewPCG(q.Seed, 0)); err != nil {
			return err
		}
	} else {
		a.warn(CodeNoRankInterval, 0, 0, fmt.Sprintf("fewer than %d institutions are known in the year before too: how much ranks move by chance is not known", benchmark.MinPeers))
	}
	for i, x := range known {
		p, err := peers.Place(x.value)
		if err != nil {
			return fmt.Errorf("place %s: %w", x.id, err)
		}
		row := Row{Institution: x.id, Name: x.name, Value: x.value, Rank: p.Better + 1, Percentile: p.Percentile, Band: string(p.Band)}
		if ranks != nil {
			row.RankLow, row.RankHigh = &ranks[i].Interval[0], &ranks[i].Interval[1]
		}
		a.Ranking = append(a.Ranking, row)
	}
	slices.SortStableFunc(a.Ranking, func(x, y Row) int {
		return cmp.Or(cmp.Compare(x.Rank, y.Rank), cmp.Compare(x.Institution, y.Institution))
	})
	if q.Limit > 0 && len(a.Ranking) > q.Limit {
		a.Ranking, a.More = a.Ranking[:q.Limit], true
	}
	a.Reason = fmt.Sprintf("%d institutions", peers.N)
	return nil
}

// spread is how much a figure moves by chance, relative to itself: the robust
// spread of the changes of all members from the year before, over the root of 2,
// since both years move. 0 where too few are known in both.
func (q *Query) spread(ctx context.Context, w *indicator.World, source indicator.Source, known []member) (float64, error) {
	before, err := q.members(ctx, w, source, q.Year-1, q.Factors.WithMode(q.Mode), q.Measure)
	if err != nil {
		return 0, err
	}
	was := map[string]float64{}
	for _, x := range before {
		if x.known && x.value > 0 {
			was[x.id] = x.value
		}
	}
	var changes []float64
	for _, x := range known {
		if v := was[x.id]; v > 0 && x.value > 0 {
			changes = append(changes, math.Log(x.value/v))
		}
	}
	if len(changes) < benchmark.MinPeers {
		return 0, nil
	}
	_, mad := orderstat.MAD(changes)
	return orderstat.NormalMAD * mad / math.Sqrt2, nil
}

func (a *Answer) warn(code analytics.Code, got, want float64, detail string) {
	a.Warnings = append(a.Warnings, analytics.Warning{Code: code, Got: got, Want: want, Detail: detail})
}
