package peer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// Recompute computes books anew where they are kept. With an instance that does
// not answer nothing is begun.
func (c *Client) Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (changed int, err error) {
	v, err := c.survey(ctx)
	if err != nil {
		return 0, err
	}
	questions := make([]*question, len(v.members))
	for i := range questions {
		questions[i] = &question{whole: meters == nil, days: days, dryRun: dryRun}
	}
	if missing := v.missing(); missing != nil {
		return 0, missing
	}
	for _, meter := range meters {
		q := questions[v.owner[v.partition(meter)]]
		q.meters = append(q.meters, meter)
	}
	answers, err := v.put(ctx, recompute, questions, true)
	if err != nil {
		return 0, err
	}
	for _, a := range answers {
		if a != nil {
			changed += int(a.number)
		}
	}
	if missing := v.missing(); missing != nil {
		return changed, missing
	}
	return changed, nil
}

// Import makes tables part of the registry of every instance. All of them get
// all tables, those that are not given being this instance's own, so that an
// import also brings an instance up to date that missed an earlier one.
//
// Every instance is asked first whether it would take the tables. Where one does
// not answer, nothing changes. Where one fails in between, the error says which
// ones took them: until the import is repeated, the books of the others count as
// missing.
func (c *Client) Import(ctx context.Context, tables registry.Tables, dryRun bool) (done Imported, err error) {
	stored, _, err := c.self.Books.RegistryTables(ctx, 0)
	if err != nil {
		return done, err
	}
	all := maps.Clone(registry.Tables(stored))
	maps.Copy(all, tables)
	q := &question{dryRun: true}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		q.tables = append(q.tables, file{name, all[name]})
	}
	if done, err = c.self.Work.Import(ctx, tables, true); err != nil {
		return done, err // what is wrong with the tables, in full
	}
	v, answers, err := c.everybody(ctx, importing, q, false)
	if err != nil {
		return done, err
	}
	if dryRun {
		return add(answers), nil
	}
	change := *q
	change.dryRun = false
	if answers, err = v.put(ctx, importing, v.all(&change), false); err != nil {
		return done, fmt.Errorf("%w: this instance did not take the tables, others may have: repeat the import: %w", ErrDivided, err)
	}
	if missing := v.missing(); missing != nil {
		return done, fmt.Errorf("%w: the tables were not taken for %s, and were for the others: repeat the import: %s",
			ErrDivided, Name(missing.Partitions), strings.Join(missing.Why, "; "))
	}
	return add(answers), nil
}

// add adds what an import changed at all instances. The tables, the meters and
// the moment are those of this one.
func add(answers []*answer) Imported {
	sum := answers[0].imported
	for _, a := range answers[1:] {
		sum.Rebooked += a.imported.Rebooked
		sum.Unparked += a.imported.Unparked
	}
	return sum
}
