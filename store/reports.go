package store

import (
	"context"
	"fmt"

	"jouleline/metrics/frozen"
	"jouleline/schema"
	"jouleline/store/duck"
)

// AddReport stores a report and gives its id. A stored report is never changed.
func (s *Store) AddReport(ctx context.Context, r frozen.Report) (id int64, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	err = s.writer.Transaction(ctx, func() error {
		last, err := scalar(ctx, s.writer, `SELECT coalesce(max(id), 0) FROM reports`)
		if err != nil {
			return err
		}
		id = last + 1
		_, err = s.writer.Exec(ctx, `INSERT INTO reports VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, r.Name, r.Author, int64(r.Created), int64(r.KnownAt), string(r.Question), string(r.Versions), string(r.Figures))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store report %q: %w", r.Name, err)
	}
	return id, nil
}

// Report gives a report; ok is false where there is none of that id.
func (s *Store) Report(ctx context.Context, id int64) (r frozen.Report, ok bool, err error) {
	found, err := s.reports(ctx, `SELECT id, name, author, created, known_at, question, versions, figures FROM reports WHERE id = $1`, id)
	if err != nil || len(found) == 0 {
		return r, false, err
	}
	return found[0], true, nil
}

// Reports gives up to limit reports before an id (0: the latest), the youngest
// first, without their figures.
func (s *Store) Reports(ctx context.Context, before int64, limit int) ([]frozen.Report, error) {
	return s.reports(ctx, `SELECT id, name, author, created, known_at, question, versions, '' FROM reports
		WHERE $1 = 0 OR id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

// ReportsAfter gives up to limit whole reports after an id, the eldest first.
func (s *Store) ReportsAfter(ctx context.Context, after int64, limit int) ([]frozen.Report, error) {
	return s.reports(ctx, `SELECT id, name, author, created, known_at, question, versions, figures FROM reports
		WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// CopyReports stores reports of another instance under their ids. One that is
// here already stays; another one under its id is an error.
func (s *Store) CopyReports(ctx context.Context, reports []frozen.Report) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		for i := range reports {
			r := &reports[i]
			same, err := scalar(ctx, s.writer, `SELECT count(*) FROM reports WHERE id = $1 AND name = $2 AND created = $3 AND known_at = $4`,
				r.ID, r.Name, int64(r.Created), int64(r.KnownAt))
			if err != nil {
				return err
			}
			other, err := scalar(ctx, s.writer, `SELECT count(*) FROM reports WHERE id = $1`, r.ID)
			if err != nil {
				return err
			}
			switch {
			case same > 0:
				continue
			case other > 0:
				return fmt.Errorf("copy report %d: another one has its number here", r.ID)
			}
			if _, err := s.writer.Exec(ctx, `INSERT INTO reports VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				r.ID, r.Name, r.Author, int64(r.Created), int64(r.KnownAt), string(r.Question), string(r.Versions), string(r.Figures)); err != nil {
				return fmt.Errorf("copy report %d: %w", r.ID, err)
			}
		}
		return nil
	})
}

func (s *Store) reports(ctx context.Context, sql string, args ...any) (list []frozen.Report, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			created, knownAt := duck.Column[int64](b, 3), duck.Column[int64](b, 4)
			for i, id := range duck.Column[int64](b, 0) {
				list = append(list, frozen.Report{
					ID: id, Name: b.Text(1, i), Author: b.Text(2, i), Created: schema.Instant(created[i]), KnownAt: schema.Instant(knownAt[i]),
					Question: []byte(b.Text(5, i)), Versions: []byte(b.Text(6, i)), Figures: []byte(b.Text(7, i)),
				})
			}
		}, sql, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	return list, nil
}
