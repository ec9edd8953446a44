package proof

import (
	"context"
	"fmt"
	"slices"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// opened is the meters of a course that is explained.
type opened struct {
	*world.Circle
	// shares are the parts of meters that count, by meter.
	shares map[string][]explain.Share
}

// explainConsumption opens the consumption of a meter, building or institution
// here, and that of a group elsewhere.
func (s *Handlers) explainConsumption(ctx context.Context, in *ExplainInput, about query.Target) (*ExplainAnswer, error) {
	if !slices.Contains([]string{query.KindMeter, query.KindBuilding, string(indicator.ByInstitution)}, about.Kind) {
		return s.explainGroup(ctx, in, about)
	}
	stretch, err := in.stretch()
	if err != nil {
		return nil, err
	}
	knownAt, err := in.Then(s.Now())
	if err != nil {
		return nil, err
	}
	w, err := s.World(ctx, knownAt)
	if err != nil {
		return nil, err
	}
	o, err := newOpened(w, about, in.Carrier)
	if err != nil {
		return nil, err
	}
	course := &explain.Course{
		Label: "consumption of " + about.String(), Carrier: o.Carrier, From: stretch.From.At, To: stretch.To.At, Zone: o.Zone, Depth: explain.Depth(in.Depth),
	}
	isWhole := o.Zone.Start(o.Zone.DayOf(course.From)) == course.From && o.Zone.Start(o.Zone.DayOf(course.To)) == course.To
	if err := o.check(course, isWhole, s.Limits.Explained); err != nil {
		return nil, err
	}
	if err := s.CheckKept(ctx, o.Zone, calendar.DayStep, course.From, course.To); err != nil {
		return nil, err
	}
	if course.Kept, err = s.Kept(ctx); err != nil {
		return nil, err
	}
	until := s.Now()
	if knownAt != 0 {
		until = knownAt
	}
	if err := s.openMeters(ctx, o, course, course.Depth >= explain.Spans || !isWhole, knownAt, until); err != nil {
		return nil, err
	}
	tree, err := explain.Consumption(course)
	if err != nil {
		return nil, err
	}
	a := explained(tree, o.Zone, in, knownAt)
	a.Scope, a.Carrier = about.Subject(o.Name), o.Carrier.String()
	return a, nil
}

// check bounds the answer, and finds the depth where none was asked for.
func (o *opened) check(c *explain.Course, isWhole bool, most int) error {
	if !isWhole {
		if len(o.Virtuals) > 0 {
			return fmt.Errorf("%w: from and to: want whole days: formulas are opened day by day", problem.ErrQuestion)
		}
		if len(o.shares) > 0 {
			return fmt.Errorf("%w: from and to: want whole days: the institution shares meters, which are divided day by day", problem.ErrQuestion)
		}
		for i := range o.Members {
			if o.Members[i].Facts.Zone != o.Zone {
				return consumption.ErrPartialDay
			}
		}
	}
	days := int(c.Zone.DayOf(c.To-1)-c.Zone.DayOf(c.From)) + 1
	spans := 0
	members := slices.Clone(o.Members)
	for i := range o.Virtuals {
		members = append(members, o.Virtuals[i].Members...)
	}
	for i := range members {
		interval := schema.Hour
		if era := members[i].Facts.EraAt(c.To - 1); era != nil && era.Interval > 0 {
			interval = era.Interval
		}
		spans += days + int(c.To.Sub(c.From)/interval)
	}
	sizes := map[explain.Depth]int{explain.Whole: 1, explain.Meters: len(o.Members) + len(o.Virtuals), explain.Days: days * len(members), explain.Spans: spans}
	if c.Depth == 0 {
		for c.Depth = explain.Spans; c.Depth > explain.Whole && sizes[c.Depth] > most; c.Depth-- {
		}
		return nil
	}
	if got := sizes[c.Depth]; got > most && c.Depth > explain.Whole {
		return fmt.Errorf("%w: depth %d: got about %d parts of %d meters over %d days, want at most %d: ask for a shorter stretch or less depth",
			problem.ErrQuestion, c.Depth, got, len(members), days, most)
	}
	return nil
}

// openMeters reads what the books and the readings say of each meter, those of
// formulas among them.
func (s *Handlers) openMeters(ctx context.Context, o *opened, c *explain.Course, evident bool, knownAt, until schema.Instant) error {
	reading := &meterReading{s: s, c: c, evident: evident, knownAt: knownAt, until: until}
	if err := reading.ledger(ctx, o); err != nil {
		return err
	}
	for i := range o.Members {
		m, err := reading.meter(ctx, &o.Members[i], o.IDs[i])
		if err != nil {
			return err
		}
		m.Shares = o.shares[m.ID]
		c.Meters = append(c.Meters, m)
	}
	for i := range o.Virtuals {
		v := &o.Virtuals[i]
		f := explain.Formula{ID: o.Formulas[i], Days: v.Days, Terms: v.Terms}
		for k := range v.Members {
			m, err := reading.meter(ctx, &v.Members[k], v.Terms[k].Meter)
			if err != nil {
				return err
			}
			f.Meters = append(f.Meters, m)
		}
		c.Formulas = append(c.Formulas, f)
	}
	return nil
}

// meterReading reads the meters of one course.
type meterReading struct {
	s              *Handlers
	c              *explain.Course
	evident        bool // readings are wanted too
	knownAt, until schema.Instant
	days           schema.Validity
	booked         map[int32][]posting.Entry
}

// ledger reads the books of all meters at once.
func (r *meterReading) ledger(ctx context.Context, o *opened) error {
	var numbers []int32
	for i := range o.Members {
		numbers = append(numbers, o.Members[i].Number)
	}
	for i := range o.Virtuals {
		for k := range o.Virtuals[i].Members {
			numbers = append(numbers, o.Virtuals[i].Members[k].Number)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	r.days = schema.Validity{From: r.c.Zone.DayOf(r.c.From), To: r.c.Zone.DayOf(r.c.To-1) + 1}
	entries, err := r.s.Books.Booked(ctx, numbers, r.days, r.knownAt)
	if err != nil {
		return fmt.Errorf("ledger of %d meters: %w", len(numbers), err)
	}
	r.booked = map[int32][]posting.Entry{}
	for _, e := range entries {
		r.booked[e.Meter] = append(r.booked[e.Meter], e)
	}
	return nil
}

// meter gives one meter with its ledger, and its readings where they are wanted.
func (r *meterReading) meter(ctx context.Context, member *consumption.Member, id string) (m explain.Meter, err error) {
	m = explain.Meter{ID: id, Facts: member.Facts, Counts: member.Counts, Booked: r.booked[member.Number]}
	if !r.evident {
		return m, nil
	}
	from, to := min(r.c.From, member.Facts.Zone.Start(r.days.From)), max(r.c.To, member.Facts.Zone.Start(r.days.To))
	if m.Evidence, err = consumption.Trace(ctx, r.s.Books, member, from, to, r.knownAt, r.until); err != nil {
		return m, fmt.Errorf("readings of meter %s: %w", id, err)
	}
	return m, nil
}

// newOpened finds the meters of a subject. Of an institution that shares meters it
// finds those that it has a part of.
func newOpened(w *world.World, about query.Target, carrier string) (*opened, error) {
	c, err := w.Circle(about, carrier)
	if err != nil {
		return nil, err
	}
	o := &opened{Circle: c}
	if about.Kind != string(indicator.ByInstitution) || !w.SharesMeters(about.ID) {
		return o, nil
	}
	c.Members, c.IDs, c.Virtuals, c.Formulas, o.shares = nil, nil, nil, nil, map[string][]explain.Share{}
	for i := 0; i < len(w.Meters); {
		versions := w.MeterVersions(w.Meters[i].ID)
		i += len(versions)
		if versions[0].Carrier != c.Carrier {
			continue
		}
		if err := o.claimFormulas(w, about.ID, versions); err != nil {
			return nil, err
		}
		o.claim(w, about.ID, slices.DeleteFunc(slices.Clone(versions), func(m schema.Meter) bool { return m.Formula != "" }))
	}
	return o, nil
}

// claimFormulas adds the versions of a virtual meter that an institution has the
// whole of.
func (o *opened) claimFormulas(w *world.World, institution string, versions []schema.Meter) error {
	for v := range versions {
		for _, claim := range w.Claims(&versions[v]) {
			switch {
			case versions[v].Formula == "" || claim.Institution != institution:
			case !claim.IsWhole():
				return fmt.Errorf("%w: formula %s is divided among institutions: ask for meter=%s, and see its shares", problem.ErrQuestion, versions[v].ID, versions[v].ID)
			default:
				m := versions[v]
				m.Validity = claim.Validity
				w.GatherFormula(o.Circle, &m)
			}
		}
	}
	return nil
}

// claim adds a meter that an institution has the whole or a part of.
func (o *opened) claim(w *world.World, institution string, versions []schema.Meter) {
	if len(versions) == 0 {
		return
	}
	id := versions[0].ID
	number, ok := w.Number(id)
	facts, known := w.Facts(id)
	if !ok || !known {
		return
	}
	m := consumption.Member{Number: number, Facts: facts}
	var shares []explain.Share
	for v := range versions {
		claims := w.Claims(&versions[v])
		for from := 0; from < len(claims); {
			to := from + 1
			for to < len(claims) && claims[to].Validity == claims[from].Validity {
				to++
			}
			division := posting.Division{Meter: number, Validity: claims[from].Validity}
			at := -1
			for k, claim := range claims[from:to] {
				division.Shares = append(division.Shares, claim.Share)
				if claim.Institution == institution {
					at = k
				}
			}
			switch {
			case at >= 0 && claims[from+at].IsWhole():
				m.Counts = append(m.Counts, division.Validity)
			case at >= 0:
				shares = append(shares, explain.Share{Division: division, At: at})
			}
			from = to
		}
	}
	if m.Counts != nil || shares != nil {
		o.Members, o.IDs, o.shares[id] = append(o.Members, m), append(o.IDs, id), shares
	}
}
