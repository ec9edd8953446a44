package promql

import (
	"context"

	"github.com/prometheus/prometheus/model/labels"

	"jouleline/schema"
)

// Type is what kind of series a family has.
type Type string

// The types.
const (
	Counter Type = "counter"
	Gauge   Type = "gauge"
)

// Family is a metric: a row of the table of series. It never changes.
type Family struct {
	Name string
	Type Type
	// Unit is Prometheus' metadata of that name.
	Unit string
	Help string
	// Labels are the names that its series may have, in the table's order.
	Labels []string
	// Each tells where its samples lie and how long each holds, in words.
	Each string
}

// Labels are the labels of a series, without the family's name. They never
// change.
type Labels = labels.Labels

// Label is one of them.
type Label = labels.Label

// LabelsOf makes labels of names and values in turns. Empty values are left out.
func LabelsOf(pairs ...string) Labels {
	b := labels.NewScratchBuilder(len(pairs) / 2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			b.Add(pairs[i], pairs[i+1])
		}
	}
	b.Sort()
	return b.Labels()
}

// Selection asks for the samples of a family.
type Selection struct {
	Family *Family
	// Asked is what Matches and Sum are made of: selections with the same text have
	// the same ones. Empty means that it is not told.
	Asked   string
	Matches Matches
	// Exactly are the values that labels must have for Matches to be true, as far as
	// matchers name them: a source may look nowhere else.
	Exactly map[string]string
	// From and To are the first and the last instant at which somebody looks, both
	// included. Where Looking is set somebody looks at the latest sample, so the
	// one that holds at From is wanted too; else only samples in [From, To].
	From, To schema.Instant
	Looking  bool
	// Sum gives the labels of the sum that a series is part of; nil where the
	// series themselves are wanted. A source may give the series all the same.
	Sum func(Labels) Labels
	// MaxSeries and MaxSamples bound the answer. A source that has more gives an
	// error that wraps [ErrTooMany].
	MaxSeries, MaxSamples int
}

// Matches tells whether a series is asked for, by its labels. later are names of
// labels that it will have besides: what is asked of them does not count yet.
type Matches func(l Labels, later ...string) bool

// Listing asks for the labels of a family's series.
type Listing struct {
	Family  *Family
	Matches Matches
	Exactly map[string]string // as in a Selection
	// Wants are the names of the labels that are looked at; nil means all. A source
	// may give series that differ in no other label once, and without those labels.
	Wants []string
}

// Source gives series. Its methods are safe for concurrent use.
type Source interface {
	// Families gives the table, in its order. It is always the same.
	Families() []Family
	// Series visits the labels of the series that match, as far as the caller may
	// see them, until yield is false.
	Series(ctx context.Context, l Listing, yield func(Labels) bool) error
	// Select gives the samples of those series that are asked for. Labels that
	// differ come in series that differ.
	Select(ctx context.Context, s Selection) ([]Series, error)
}
