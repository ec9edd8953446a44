package promql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"

	"jouleline/schema"
)

// ErrTooMany tells that a query asks for more than it may.
var ErrTooMany = errors.New("asks for too much")

// shelf is a [Source] as the engine sees it, for one query: it looks back by
// lookback.
type shelf struct {
	source     Source
	families   []Family
	lookback   time.Duration
	maxSeries  int
	maxSamples int
}

var _ storage.Queryable = shelf{}

// Querier counts what is found for one query: what is wanted is told with each
// selection.
func (s shelf) Querier(int64, int64) (storage.Querier, error) { return &reader{shelf: s}, nil }

// reader is a shelf as one query reads it. Its selectors are read one after the
// other, and what they find is held until the query is answered.
type reader struct {
	shelf
	held int // samples, and labels as many as weigh the same
}

var _ storage.Querier = (*reader)(nil)

// labelSamples is how many samples weigh as much as the labels of a series: 25 of
// 16 bytes are the 400 that eleven labels take.
const labelSamples = 25

// Close has nothing to release.
func (shelf) Close() error { return nil }

// named is a name of which the engine tells families apart.
const named = model.MetricNameLabel

// split gives the families whose names match, and what the other matchers say of
// which labels.
func (s shelf) split(matchers []*labels.Matcher) (found []*Family, matches Matches, names []string) {
	var rest []*labels.Matcher
	isNamed := func(name string) bool {
		for _, m := range matchers {
			if m.Name == named && !m.Matches(name) {
				return false
			}
		}
		return true
	}
	for _, m := range matchers {
		if m.Name != named {
			rest, names = append(rest, m), append(names, m.Name)
		}
	}
	for i := range s.families {
		if isNamed(s.families[i].Name) {
			found = append(found, &s.families[i])
		}
	}
	return found, func(l Labels, later ...string) bool {
		for _, m := range rest {
			if !slices.Contains(later, m.Name) && !m.Matches(l.Get(m.Name)) {
				return false
			}
		}
		return true
	}, names
}

// exactly gives the values that matchers want of labels.
func exactly(matchers []*labels.Matcher) map[string]string {
	values := map[string]string{}
	for _, m := range matchers {
		if m.Type == labels.MatchEqual && m.Value != "" && m.Name != named {
			values[m.Name] = m.Value
		}
	}
	return values
}

// Select asks the source for the series that match.
func (s *reader) Select(ctx context.Context, sorted bool, hints *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	list, err := s.entries(ctx, hints, matchers)
	if sorted {
		slices.SortFunc(list, func(a, b entry) int { return labels.Compare(a.labels, b.labels) })
	}
	return &set{list: list, err: err}
}

func (s *reader) entries(ctx context.Context, hints *storage.SelectHints, matchers []*labels.Matcher) ([]entry, error) {
	families, matches, _ := s.split(matchers)
	asked := textOf(matchers)
	var list []entry
	samples, maxSamples := 0, s.maxSamples-s.held
	for _, family := range families {
		q := Selection{
			Family: family, Asked: asked, Matches: matches, Exactly: exactly(matchers), From: schema.Instant(hints.Start), To: schema.Instant(hints.End),
			MaxSeries: s.maxSeries - len(list), MaxSamples: maxSamples - samples,
		}
		if hints.Range == 0 {
			// The engine wants everything from the lookback on; who looks back finds
			// only the latest sample.
			q.Looking, q.From = true, q.From+schema.Instant(s.lookback.Milliseconds())-1
		}
		sums := hints.Func == "sum" && hints.By && len(families) == 1 && hints.Range == 0 && !slices.Contains(hints.Grouping, named)
		if sums {
			q.Sum = grouping(hints.Grouping)
			q.Asked += fmt.Sprintf("%q", slices.Sorted(slices.Values(hints.Grouping)))
		}
		found, err := s.source.Select(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", family.Name, blame(ctx, err))
		}
		for i := range found {
			samples += found[i].Samples()
			list = append(list, entry{withName(found[i].Labels, family.Name), found[i].samples})
		}
		if len(list) > s.maxSeries || samples > maxSamples {
			return nil, fmt.Errorf("%s: %w: got %d series with %d samples, want at most %d and %d; name more labels, or ask for less time",
				family.Name, ErrTooMany, len(list), samples, s.maxSeries, maxSamples)
		}
	}
	if s.held += samples + labelSamples*len(list); s.held > s.maxSamples {
		return nil, fmt.Errorf("%w: the selectors up to %s hold %d samples, each series counted as %d more, want at most %d; name more labels, or ask for less time",
			ErrTooMany, clip(asked), s.held, labelSamples, s.maxSamples)
	}
	return list, nil
}

// textOf tells matchers by text; the order in which they are given does not
// count.
func textOf(matchers []*labels.Matcher) string {
	parts := make([]string, len(matchers))
	for i, m := range matchers {
		parts[i] = m.String() // values are quoted
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ",") + "}"
}

// grouping keeps the labels by which is summed.
func grouping(by []string) func(Labels) Labels {
	by = slices.Sorted(slices.Values(by))
	return func(l Labels) Labels {
		b := labels.NewScratchBuilder(len(by))
		for _, name := range by {
			if v := l.Get(name); v != "" {
				b.Add(name, v)
			}
		}
		return b.Labels()
	}
}

func withName(l Labels, name string) labels.Labels {
	b := labels.NewScratchBuilder(l.Len() + 1)
	b.Add(named, name)
	l.Range(func(x labels.Label) { b.Add(x.Name, x.Value) })
	b.Sort()
	return b.Labels()
}

// sourceError tells that the source could not answer, whatever was asked.
type sourceError struct{ error }

func (e sourceError) Unwrap() error { return e.error }

// blame tells why a source gave an error: the query asks for too much, it was
// ended, or the source is at fault.
func blame(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("%w: %w", ended, err)
	}
	if errors.Is(err, ErrTooMany) {
		return err
	}
	return sourceError{err}
}
