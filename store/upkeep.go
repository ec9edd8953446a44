package store

import "context"

// foldAfter is the least number of roll-up rows that are worth folding: below it
// a query reads them all in milliseconds.
const foldAfter = 500_000

// Maintain folds the roll-ups where they have grown by half since the last time,
// and saves the heads. It is called now and then, while batches are posted.
func (s *Store) Maintain(ctx context.Context) error {
	s.write.Lock()
	rows, err := scalar(ctx, s.writer, `SELECT count(*) FROM rollup`)
	folded := s.folded
	s.write.Unlock()
	if err != nil {
		return err
	}
	if rows > folded+max(folded/2, foldAfter) {
		if err := s.Fold(ctx); err != nil {
			return err
		}
		s.write.Lock()
		s.folded, err = scalar(ctx, s.writer, `SELECT count(*) FROM rollup`)
		s.write.Unlock()
		if err != nil {
			return err
		}
	}
	return s.SaveHeads(ctx)
}
