package peer

import (
	"context"
	"fmt"

	"jouleline/metrics/frozen"
	"jouleline/schema"
)

// keeper is the partition whose owner numbers the reports. The others copy them:
// a report never changes, and every instance must keep apart what was recorded
// before and after each.
const keeper = 0

// reportsAtOnce bounds the reports of one copy.
const reportsAtOnce = 16

// RegistryTables gives this instance's registry; all are equal.
func (c *Client) RegistryTables(ctx context.Context, knownAt schema.Instant) (map[string][]byte, schema.Instant, error) {
	return c.self.Books.RegistryTables(ctx, knownAt)
}

// Recorded gives a moment up to which everything that is recorded at any
// instance is fixed: each sees to it that it records later from then on.
func (c *Client) Recorded(ctx context.Context) (schema.Instant, error) {
	at := schema.Instant(0)
	for range 2 { // where each stands, then the greatest of them
		_, answers, err := c.everybody(ctx, seal, &question{moment: at}, false)
		if err != nil {
			return 0, err
		}
		for _, a := range answers {
			at = max(at, a.moment)
		}
	}
	return at, nil
}

// AddReport lets the keeper number and keep a report, and copies it here.
func (c *Client) AddReport(ctx context.Context, r frozen.Report) (id int64, err error) {
	v, err := c.survey(ctx)
	if err != nil {
		return 0, err
	}
	a, err := v.askKeeper(ctx, addReport, &question{report: r})
	if err != nil {
		return 0, err
	}
	return a.number, c.CopyReports(ctx)
}

// askKeeper puts a question to the owner of the keeper's partition.
func (v *view) askKeeper(ctx context.Context, k kind, q *question) (*answer, error) {
	if v.owner[keeper] < 0 {
		return nil, &MissingError{Partitions: []int{keeper}, Why: v.why}
	}
	questions := make([]*question, len(v.members))
	at := v.owner[keeper]
	questions[at] = q
	answers, err := v.put(ctx, k, questions, false)
	if err != nil {
		return nil, err
	}
	if answers[at] == nil {
		return nil, &MissingError{Partitions: []int{keeper}, Why: v.why}
	}
	return answers[at], nil
}

// CopyReports takes over the reports that the keeper has and this instance has
// not. It is called before reports are read, and before the ledger is folded.
func (c *Client) CopyReports(ctx context.Context) error {
	v, err := c.survey(ctx)
	if err != nil {
		return err
	}
	if v.owner[keeper] == 0 {
		return nil
	}
	latest, err := c.self.Books.Reports(ctx, 0, 1)
	if err != nil {
		return err
	}
	last := int64(0)
	if len(latest) > 0 {
		last = latest[0].ID
	}
	for {
		a, err := v.askKeeper(ctx, reportsAfter, &question{after: last, limit: reportsAtOnce})
		if err != nil {
			return fmt.Errorf("copy reports: %w", err)
		}
		if len(a.reports) == 0 {
			return nil
		}
		if err := c.self.Books.CopyReports(ctx, a.reports); err != nil {
			return err
		}
		if next := a.reports[len(a.reports)-1].ID; next > last {
			last = next
		} else {
			return fmt.Errorf("copy reports: got report %d after %d: %w", next, last, errShort)
		}
	}
}

// Report gives a report. One that is copied already needs no keeper.
func (c *Client) Report(ctx context.Context, id int64) (r frozen.Report, ok bool, err error) {
	if r, ok, err = c.self.Books.Report(ctx, id); ok || err != nil {
		return r, ok, err
	}
	if err := c.CopyReports(ctx); err != nil {
		return r, false, err
	}
	return c.self.Books.Report(ctx, id)
}

// Reports gives reports before an id, the youngest first, without figures.
func (c *Client) Reports(ctx context.Context, before int64, limit int) ([]frozen.Report, error) {
	if err := c.CopyReports(ctx); err != nil {
		return nil, err
	}
	return c.self.Books.Reports(ctx, before, limit)
}
