package peer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"jouleline/metrics/consumption"
	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

var (
	_ consumption.Source = (*Client)(nil)
	_ indicator.Source   = (*Client)(nil)
)

// shares deals meters to the members that own them.
type shares struct {
	questions []*question
	numbers   [][]int32       // here, by member and position in the question
	place     map[int32]int32 // position in its question, by number here
	owner     map[int32]int   // member, by number here
	missing   []int           // partitions of meters that nobody owns
}

func (c *Client) deal(v *view, meters []int32) (*shares, error) {
	s := &shares{
		questions: make([]*question, len(v.members)), numbers: make([][]int32, len(v.members)),
		place: make(map[int32]int32, len(meters)), owner: make(map[int32]int, len(meters)),
	}
	for _, number := range meters {
		if _, ok := s.owner[number]; ok {
			continue
		}
		name, ok := c.self.World.Name(number)
		if !ok {
			return nil, fmt.Errorf("meter of number %d has no name", number)
		}
		p := v.partition(name)
		m := v.owner[p]
		s.owner[number] = m
		if m < 0 {
			s.missing = append(s.missing, p)
			continue
		}
		if s.questions[m] == nil {
			s.questions[m] = &question{}
		}
		q := s.questions[m]
		s.place[number] = int32(len(q.meters))
		q.meters, s.numbers[m] = append(q.meters, name), append(s.numbers[m], number)
	}
	return s, nil
}

// lack tells which partitions of the dealt meters were not asked or did not
// answer.
func (s *shares) lack(v *view, answers []*answer) *MissingError {
	e := &MissingError{Partitions: s.missing, Why: v.why}
	for m, q := range s.questions {
		if q == nil || answers[m] != nil {
			continue
		}
		for _, name := range q.meters {
			e.Partitions = append(e.Partitions, v.partition(name))
		}
	}
	if len(e.Partitions) == 0 {
		return nil
	}
	slices.Sort(e.Partitions)
	e.Partitions = slices.Compact(e.Partitions)
	return e
}

// ofMeters asks the owners of meters and gives all rows, sorted by the meters'
// numbers here. fill completes the question of one member.
func ofMeters[T any](ctx context.Context, c *Client, k kind, meters []int32, fill func(*question, *shares, int),
	rows func(*answer) []T, meter func(*T) *int32) ([]T, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	s, err := c.deal(v, meters)
	if err != nil {
		return nil, err
	}
	for m, q := range s.questions {
		if q != nil {
			fill(q, s, m)
		}
	}
	answers, err := v.put(ctx, k, s.questions, true)
	if err != nil {
		return nil, err
	}
	if err := tolerate(ctx, s.lack(v, answers), nil); err != nil {
		return nil, err
	}
	var all []T
	for m, a := range answers {
		if a == nil {
			continue
		}
		some := rows(a)
		for i := range some {
			n := meter(&some[i])
			if *n < 0 || int(*n) >= len(s.numbers[m]) {
				return nil, fmt.Errorf("an answer about %d meters speaks of number %d: %w", len(s.numbers[m]), *n, errShort)
			}
			*n = s.numbers[m][*n]
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(*meter(&a), *meter(&b)) })
	return all, nil
}

// Points gives the stored readings of the stretches, as [consumption.Source].
func (c *Client) Points(ctx context.Context, stretches []posting.Stretch, knownAt schema.Instant) ([]posting.Reading, error) {
	meters := make([]int32, len(stretches))
	for i := range stretches {
		meters[i] = stretches[i].Meter
	}
	return ofMeters(ctx, c, points, meters, func(q *question, s *shares, m int) {
		q.moment = knownAt
		for _, one := range stretches {
			if s.owner[one.Meter] == m {
				one.Meter = s.place[one.Meter]
				q.stretches = append(q.stretches, one)
			}
		}
	}, func(a *answer) []posting.Reading { return a.readings }, func(r *posting.Reading) *int32 { return &r.Meter })
}

// Codes gives the verdicts on readings of meters, as [consumption.Source].
func (c *Client) Codes(ctx context.Context, meters []int32, from, to schema.Instant) ([]posting.Code, error) {
	return ofMeters(ctx, c, codes, meters, func(q *question, _ *shares, _ int) { q.from, q.to = from, to },
		func(a *answer) []posting.Code { return a.codes }, func(r *posting.Code) *int32 { return &r.Meter })
}

// Booked gives the ledger of meters, as [consumption.Source].
func (c *Client) Booked(ctx context.Context, meters []int32, days schema.Validity, knownAt schema.Instant) ([]posting.Entry, error) {
	return ofMeters(ctx, c, ledger, meters, func(q *question, _ *shares, _ int) { q.days, q.moment = days, knownAt },
		func(a *answer) []posting.Entry { return a.entries }, func(r *posting.Entry) *int32 { return &r.Meter })
}

// ReceivedSince counts the readings of meters recorded after a moment.
func (c *Client) ReceivedSince(ctx context.Context, since schema.Instant, meters []int32) ([]frozen.Received, error) {
	return ofMeters(ctx, c, receivedSince, meters, func(q *question, _ *shares, _ int) { q.moment = since },
		func(a *answer) []frozen.Received { return a.received }, func(r *frozen.Received) *int32 { return &r.Meter })
}

// BookedSince sums by meter what was booked after a moment.
func (c *Client) BookedSince(ctx context.Context, since schema.Instant, days schema.Validity) ([]frozen.Booked, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := v.put(ctx, bookedSince, v.all(&question{moment: since, days: days}), true)
	if err != nil {
		return nil, err
	}
	if missing := v.missing(); missing != nil {
		return nil, missing
	}
	var all []frozen.Booked
	for _, a := range answers {
		for _, b := range a.booked {
			if b.Meter < 0 || int(b.Meter) >= len(a.names) {
				return nil, fmt.Errorf("what was booked names meter %d of %d: %w", b.Meter, len(a.names), errShort)
			}
			number, ok := c.self.World.Number(a.names[b.Meter])
			if !ok {
				return nil, fmt.Errorf("%w: meter %q is not known here", ErrDivided, a.names[b.Meter])
			}
			b.Meter = number
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b frozen.Booked) int { return cmp.Compare(a.Meter, b.Meter) })
	return all, nil
}

// Usage adds what institutions used, as [indicator.Source].
func (c *Client) Usage(ctx context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	ask := &question{
		days: schema.Validity{From: q.From, To: q.To}, moment: q.KnownAt, registry: c.self.prints.of(q.Registry),
		institutions: q.Institutions, whole: q.Institutions == nil,
	}
	answers, err := v.put(ctx, usages, v.all(ask), q.KnownAt == 0)
	if err != nil {
		return nil, err
	}
	if missing := v.missing(); missing != nil {
		if institutions := c.touched.by(v, missing.Partitions, &q); len(institutions) > 0 {
			if err := tolerate(ctx, missing, institutions); err != nil {
				return nil, err
			}
		}
	}
	var all []indicator.Usage
	for _, a := range answers {
		if a == nil {
			continue
		}
		for _, u := range a.usage {
			if u.Institution < 0 || int(u.Institution) >= len(q.Registry.InstitutionIDs) {
				return nil, fmt.Errorf("usage of institution %d of %d: %w", u.Institution, len(q.Registry.InstitutionIDs), errShort)
			}
		}
		all = addUsage(all, a.usage)
	}
	split, err := c.formulas(ctx, v, &q)
	if err != nil {
		return nil, err
	}
	return addUsage(all, split), nil
}

// addUsage merges two lists in the order of the books, adding what stands in
// both. What adds up to nothing is left out, as the books leave it out.
func addUsage(a, b []indicator.Usage) []indicator.Usage {
	if len(a) == 0 {
		return b
	}
	sum := make([]indicator.Usage, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch order := compareUsage(&a[0], &b[0]); {
		case order < 0:
			sum, a = append(sum, a[0]), a[1:]
		case order > 0:
			sum, b = append(sum, b[0]), b[1:]
		default:
			u := a[0]
			u.Quantity += b[0].Quantity
			u.Estimated += b[0].Estimated
			u.Known += b[0].Known
			if u.Quantity != 0 || u.Estimated != 0 || u.Known != 0 {
				sum = append(sum, u)
			}
			a, b = a[1:], b[1:]
		}
	}
	return append(append(sum, a...), b...)
}

func compareUsage(a, b *indicator.Usage) int {
	return cmp.Or(cmp.Compare(a.Institution, b.Institution), cmp.Compare(a.Carrier, b.Carrier), cmp.Compare(a.Use, b.Use))
}

// touched remembers which institutions have meters in which partitions, for the
// registry that was asked for last.
type touched struct {
	mu         sync.Mutex // guards what follows
	registry   *registry.Registry
	partitions [][]bool // by institution
}

// mark notes the institutions that a meter counts to at the partition of what it
// is computed from, which is its own but for a formula.
func (t *touched) mark(v *view, m *schema.Meter, from string) {
	p := v.partition(from)
	for _, claim := range t.registry.Claims(m) {
		index, ok := t.registry.InstitutionIndex(claim.Institution)
		if !ok {
			continue
		}
		if t.partitions[index] == nil {
			t.partitions[index] = make([]bool, len(v.owner))
		}
		t.partitions[index][p] = true
	}
}

// by gives the institutions of a question that have, or had, a meter in one of
// the partitions.
func (t *touched) by(v *view, missing []int, q *indicator.UsageQuery) (ids []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.registry != q.Registry {
		t.registry, t.partitions = q.Registry, make([][]bool, len(q.Registry.InstitutionIDs))
		for i := range q.Registry.Meters {
			if m := &q.Registry.Meters[i]; m.Formula == "" {
				t.mark(v, m, m.ID)
			}
		}
		for _, f := range q.Registry.Formulas() {
			for i := range f.Formula {
				t.mark(v, f.Meter, f.Formula[i].Meter)
			}
		}
	}
	touches := func(index int32) bool {
		has := t.partitions[index]
		return has != nil && slices.ContainsFunc(missing, func(p int) bool { return has[p] })
	}
	if q.Institutions == nil {
		for index, id := range q.Registry.InstitutionIDs {
			if touches(int32(index)) {
				ids = append(ids, id)
			}
		}
		return ids
	}
	for _, index := range q.Institutions {
		if touches(index) {
			ids = append(ids, q.Registry.InstitutionIDs[index])
		}
	}
	return ids
}
