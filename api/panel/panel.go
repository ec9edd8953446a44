// Package panel gives the figures of the server as series for panels, which are
// asked for in PromQL: which figure is which series, by what labels, for whom.
//
// It computes nothing that the other rooms do not, and stores nothing. It refuses
// what would be too much to read at once. A sample that is not known is not there;
// a caller sees the series of what the grant reaches.
package panel

import (
	"context"
	"fmt"
	"slices"

	"jouleline/analytics/benchmark"
	"jouleline/api/access"
	"jouleline/api/problem"
	"jouleline/api/promql"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Source gives what the series of panels need beyond [world.Books], many figures in
// one question. Its methods are those of the store.
type Source interface {
	// UsageByMonth visits the usage of the months [from, to), in any order.
	UsageByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, visit func(schema.Month, *indicator.Usage)) error
	// SumByMonth adds up, by month and slot, the usage of the accounts that slot
	// gives a number below slots.
	SumByMonth(ctx context.Context, r *registry.Registry, from, to schema.Month, slots int, slot func(*indicator.Usage) int) (sums []exact.Sum, known []bool, err error)
	// BookedBefore sums the ledger of meters before a local day, by meter.
	BookedBefore(ctx context.Context, meters []int32, day schema.Day) (map[int32]schema.Quantity, error)
	// Seen gives the first and the latest reading of each meter.
	Seen(ctx context.Context) ([]posting.Known, error)
	// Rebooked gives the days of meters that were booked anew, in order of meters,
	// moments and days; days may be among them that were not over.
	Rebooked(ctx context.Context, q posting.RebookedQuery) ([]posting.Rebooked, error)
}

// Panels gives the figures of the server as series of samples; docs/series.md is
// their table. It computes nothing that another question does not: each family
// asks what the REST routes ask. It is safe for concurrent use.
type Panels struct {
	*world.Library
	source Source
	// standards are the quotas that consumption standards set.
	standards *benchmark.Standards
	families  []figure
	catalogs  catalogs
}

var _ promql.Source = (*Panels)(nil)

// figure is a family with what it takes to answer.
type figure struct {
	promql.Family
	// rows lists its series by their labels; where only is set, those are its series
	// of which it is true.
	rows func(*catalog) []entry
	only func(*entry) bool
	// grow, where it is set, makes the series of a row, which differ by the labels
	// that are named later: of a province they are too many to be made unasked.
	// Where mayBeNone is set there are rows without any.
	grow      func(*catalog, *entry) []entry
	later     []string
	mayBeNone bool
	// read reads the samples of some of them.
	read func(context.Context, *selection, []entry) ([]promql.Series, error)
	// sum, where it is set, does so instead; pick finds which rows.
	sum func(ctx context.Context, a *selection, pick func() ([]entry, error)) ([]promql.Series, error)
}

// selection is a selection of one caller at one moment.
type selection struct {
	promql.Selection
	s     *Panels
	w     *world.World
	cat   *catalog
	grant access.Grant
	now   schema.Instant
}

// New gives the series of what the library holds.
func New(l *world.Library, source Source, standards *benchmark.Standards) *Panels {
	p := &Panels{Library: l, source: source, standards: standards}
	for _, group := range [][]figure{
		infoFamilies(), clockFamilies(), counterFamilies(), courseFamilies(), accountFamilies(), indicatorFamilies(),
		progressFamilies(), forecastFamilies(), qualityFamilies(), freshFamilies(), eventFamilies(), correctionFamilies(), quotaFamilies(), weatherFamilies(),
	} {
		p.families = append(p.families, group...)
	}
	return p
}

// Families gives the table.
func (p *Panels) Families() []promql.Family {
	list := make([]promql.Family, len(p.families))
	for i := range p.families {
		list[i] = p.families[i].Family
	}
	return list
}

// earliest and latest bound what is looked at: the local year of either lies
// within the instants there are, whatever the calendar. Nothing was metered before.
const (
	earliest = schema.MinInstant + schema.Instant(367*24*schema.Hour)
	latest   = schema.MaxInstant - schema.Instant(367*24*schema.Hour)
)

// ask prepares a selection.
func (p *Panels) ask(ctx context.Context, name string, q promql.Selection) (*figure, *selection, error) {
	w, err := p.World(ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	now := p.Now()
	q.From, q.To = max(q.From, earliest), min(q.To, latest)
	cat := p.catalog(w, w.Calendar().DayOf(now))
	for i := range p.families {
		if p.families[i].Name == name {
			return &p.families[i], &selection{Selection: q, s: p, w: w, cat: cat, grant: access.GrantOf(ctx), now: now}, nil
		}
	}
	return nil, nil, fmt.Errorf("series %q: %w", problem.Clip(name), problem.ErrUnknown)
}

// Series visits the labels of a family's series that match and that the caller
// may see.
func (p *Panels) Series(ctx context.Context, l promql.Listing, yield func(promql.Labels) bool) error {
	f, ask, err := p.ask(ctx, l.Family.Name, promql.Selection{Matches: l.Matches, Exactly: l.Exactly})
	if err != nil {
		return err
	}
	f.visit(ask, l.Wants, func(row *entry) bool { return yield(row.labels) })
	return nil
}

// Select reads the samples of a family's series that match and that the caller
// may see.
func (p *Panels) Select(ctx context.Context, q promql.Selection) ([]promql.Series, error) {
	f, ask, err := p.ask(ctx, q.Family.Name, q)
	if err != nil {
		return nil, err
	}
	if ask.From > ask.To {
		return nil, nil
	}
	pick := func() (rows []entry, err error) {
		f.visit(ask, nil, func(row *entry) bool {
			rows = append(rows, *row)
			return true
		})
		if q.Sum == nil && len(rows) > q.MaxSeries {
			return nil, fmt.Errorf("%w: got %d series, want at most %d; name more labels", promql.ErrTooMany, len(rows), q.MaxSeries)
		}
		return rows, nil
	}
	if f.sum != nil {
		return f.sum(ctx, ask, pick)
	}
	rows, err := pick()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return f.read(ctx, ask, rows)
}

// visit visits the rows of a family that match and that the caller may see, until
// yield is false. Where wants is set, rows that differ in none of those labels may
// be given once, without the labels that are named later.
func (f *figure) visit(a *selection, wants []string, yield func(*entry) bool) {
	reach := a.cat.reach(a.grant)
	isLater := func(name string) bool { return slices.Contains(f.later, name) }
	isGrown := f.grow != nil && (wants == nil || f.mayBeNone || slices.ContainsFunc(wants, isLater))
	see := func(row *entry) (goesOn bool) {
		switch {
		case f.only != nil && !f.only(row) || !a.Matches(row.labels, f.later...) || !reach.has(row):
		case !isGrown:
			return yield(row)
		default:
			for _, one := range f.grow(a.cat, row) {
				if a.Matches(one.labels) && !yield(&one) {
					return false
				}
			}
		}
		return true
	}
	table := f.rows(a.cat)
	if found, ok := a.cat.indexes.find(table, a.Exactly); ok {
		for _, i := range found {
			if !see(&table[i]) {
				return
			}
		}
		return
	}
	for i := range table {
		if !see(&table[i]) {
			return
		}
	}
}

// fits refuses rows that would have more samples together than they may, one in
// each bucket.
func (a *selection) fits(rows []entry, buckets []calendar.Bucket) error {
	if n := len(rows) * len(buckets); n > a.MaxSamples {
		return tooMany("samples", n, a.MaxSamples)
	}
	return nil
}

// tooMany refuses what would be too much to read.
func tooMany(what string, got, most int) error {
	return fmt.Errorf("%w: got %d %s, want at most %d: name more labels, or ask for less time", promql.ErrTooMany, got, what, most)
}
