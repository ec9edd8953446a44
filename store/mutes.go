package store

import (
	"context"
	"fmt"

	"jouleline/schema"
	"jouleline/store/duck"
)

// AddMute stores a mute and gives its id.
func (s *Store) AddMute(ctx context.Context, m schema.Mute) (id int64, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	err = s.writer.Transaction(ctx, func() error {
		last, err := scalar(ctx, s.writer, `SELECT coalesce(max(id), 0) FROM mutes`)
		if err != nil {
			return err
		}
		id = last + 1
		_, err = s.writer.Exec(ctx, `INSERT INTO mutes VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')`,
			id, m.Meter, m.Cause, m.Reason, m.Author, int64(m.Created), int64(m.Until))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store mute of %s at meter %s: %w", m.Cause, m.Meter, err)
	}
	return id, nil
}

// LiftMute takes a mute back. found is false where none of that id is in force.
func (s *Store) LiftMute(ctx context.Context, id int64, by string, at schema.Instant) (found bool, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	changed, err := s.writer.Exec(ctx, `UPDATE mutes SET lifted = $1, lifted_by = $2 WHERE id = $3 AND lifted = 0`, int64(at), by, id)
	if err != nil {
		return false, fmt.Errorf("lift mute %d: %w", id, err)
	}
	return changed > 0, nil
}

// Mutes gives all mutes, the youngest first, those that were lifted too.
func (s *Store) Mutes(ctx context.Context) (mutes []schema.Mute, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			created, until, lifted := duck.Column[int64](b, 5), duck.Column[int64](b, 6), duck.Column[int64](b, 7)
			for i, id := range duck.Column[int64](b, 0) {
				mutes = append(mutes, schema.Mute{
					ID: id, Meter: b.Text(1, i), Cause: b.Text(2, i), Reason: b.Text(3, i), Author: b.Text(4, i),
					Created: schema.Instant(created[i]), Until: schema.Instant(until[i]), Lifted: schema.Instant(lifted[i]), LiftedBy: b.Text(8, i),
				})
			}
		}, `SELECT id, meter, cause, reason, author, created, until, lifted, lifted_by FROM mutes ORDER BY id DESC`)
	})
	if err != nil {
		return nil, fmt.Errorf("read mutes: %w", err)
	}
	return mutes, nil
}
