package store

import (
	"context"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// Start reads the position of the books.
func (s *Store) Start(ctx context.Context) (start posting.Start, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		if err := each(ctx, c, func(b duck.Block) {
			for i, id := range duck.Column[int32](b, 0) {
				start.Meters = append(start.Meters, posting.Meter{ID: id, Key: b.Text(1, i)})
			}
		}, `SELECT id, key FROM meters ORDER BY id`); err != nil {
			return err
		}
		if err := each(ctx, c, func(b duck.Block) {
			carrier, use := duck.Column[uint8](b, 2), duck.Column[uint8](b, 3)
			for i, id := range duck.Column[int32](b, 0) {
				start.Accounts = append(start.Accounts, posting.Account{ID: id, Institution: b.Text(1, i), Carrier: schema.Carrier(carrier[i]), Use: schema.Use(use[i])})
			}
		}, `SELECT id, institution, carrier, use FROM accounts ORDER BY id`); err != nil {
			return err
		}
		if start.Known, err = knownOn(ctx, c); err != nil {
			return err
		}
		if err := each(ctx, c, func(b duck.Block) { start.Codes = appendCodeBlock(start.Codes, b) }, codesSQL+` WHERE code <> ''`); err != nil {
			return err
		}
		if start.Retired, err = retiredOn(ctx, c, retiredSQL); err != nil {
			return err
		}
		if err := each(ctx, c, func(b duck.Block) {
			start.Recompute = append(start.Recompute, duck.Column[int32](b, 0)...)
		}, `SELECT DISTINCT meter FROM recompute ORDER BY meter`); err != nil {
			return err
		}
		start.Log, err = logOf(ctx, c)
		return err
	})
	start.Offsets = s.Offsets()
	return start, err
}

// Log gives the log that the offsets belong to, nil before the first.
func (s *Store) Log(ctx context.Context) (log *posting.Log, err error) {
	err = s.read(ctx, func(c *duck.Conn) (err error) {
		log, err = logOf(ctx, c)
		return err
	})
	return log, err
}

func logOf(ctx context.Context, c *duck.Conn) (log *posting.Log, err error) {
	err = each(ctx, c, func(b duck.Block) {
		for i := range b.Rows() {
			log = &posting.Log{Cluster: b.Text(0, i), Topic: b.Text(1, i), Partitions: int(duck.Column[int32](b, 2)[i])}
		}
	}, `SELECT cluster, topic, partitions FROM log_identity`)
	return log, err
}

// knownOn gives the first and the latest reading of each meter on a connection.
func knownOn(ctx context.Context, c *duck.Conn) (known []posting.Known, err error) {
	err = each(ctx, c, func(b duck.Block) {
		first, seen := duck.Column[int64](b, 1), duck.Column[int64](b, 2)
		for i, meter := range duck.Column[int32](b, 0) {
			known = append(known, posting.Known{Meter: meter, First: schema.Instant(first[i]), Seen: schema.Instant(seen[i])})
		}
	}, knownSQL)
	return known, err
}

// knownSQL joins the saved heads with what was recorded since. They know whatever
// has settled: they are saved before it is moved.
const knownSQL = `
	SELECT meter, min(first), max(seen) FROM (
		SELECT meter, first, seen FROM heads
		UNION ALL
		SELECT meter, min(time), max(time) FROM readings
		WHERE recorded > (SELECT coalesce(max(recorded), -1) FROM heads_as_of) GROUP BY meter
	) GROUP BY meter`

// codesSQL gives the verdict that holds on each reading.
const codesSQL = `
	SELECT meter, time, start, kind, register, code FROM (
		SELECT meter, time, start, kind, register, arg_max(code, recorded) AS code FROM codes GROUP BY meter, time, start, kind, register
	)`

func appendCodeBlock(codes []posting.Code, b duck.Block) []posting.Code {
	meter, time, start := duck.Column[int32](b, 0), duck.Column[int64](b, 1), duck.Column[int64](b, 2)
	kind, register := duck.Column[uint8](b, 3), duck.Column[uint8](b, 4)
	for i := range meter {
		codes = append(codes, posting.Code{Meter: meter[i], CodeChange: books.CodeChange{
			Time: schema.Instant(time[i]), Start: schema.Instant(start[i]),
			Kind: schema.Kind(kind[i]), Register: register[i], Code: schema.Code(b.Text(5, i)),
		}})
	}
	return codes
}

// Offsets gives the next offset of each partition.
func (s *Store) Offsets() map[int]int64 {
	s.write.Lock()
	defer s.write.Unlock()
	offsets := make(map[int]int64, len(s.offsets))
	for p, next := range s.offsets {
		offsets[p] = next
	}
	return offsets
}

// SaveHeads keeps the first and latest reading of each meter, so that the next
// start need not read all readings.
func (s *Store) SaveHeads(ctx context.Context) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.writer.Transaction(ctx, func() error {
		for _, sql := range []string{
			`CREATE OR REPLACE TEMPORARY TABLE now AS ` + knownSQL,
			`DELETE FROM heads`,
			`DELETE FROM heads_as_of`,
			`INSERT INTO heads SELECT * FROM now`,
			`DROP TABLE now`,
		} {
			if _, err := s.writer.Exec(ctx, sql); err != nil {
				return err
			}
		}
		_, err := s.writer.Exec(ctx, `INSERT INTO heads_as_of VALUES ($1)`, int64(s.recorded))
		return err
	})
}
