package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// changeRegistry stores a new version of the world inside a transaction.
func changeRegistry(ctx context.Context, c *duck.Conn, r *posting.Registry, recorded schema.Instant) error {
	if r == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(r.Tables)) {
		if _, err := c.Exec(ctx, `INSERT INTO registry_tables VALUES ($1, $2, $3)`, name, r.Tables[name], int64(recorded)); err != nil {
			return err
		}
	}
	err := c.Append("meters", []duck.Type{duck.Int32, duck.Text}, len(r.Meters), func(b duck.Block, from int) {
		id := duck.Column[int32](b, 0)
		for i := range b.Rows() {
			id[i] = r.Meters[from+i].ID
			b.SetText(1, i, r.Meters[from+i].Key)
		}
	})
	if err != nil {
		return err
	}
	err = c.Append("accounts", []duck.Type{duck.Int32, duck.Text, duck.Uint8, duck.Uint8}, len(r.Accounts), func(b duck.Block, from int) {
		id, carrier, use := duck.Column[int32](b, 0), duck.Column[uint8](b, 2), duck.Column[uint8](b, 3)
		for i := range b.Rows() {
			a := r.Accounts[from+i]
			id[i], carrier[i], use[i] = a.ID, uint8(a.Carrier), uint8(a.Use)
			b.SetText(1, i, a.Institution)
		}
	})
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, `DELETE FROM attribution`); err != nil {
		return err
	}
	if err := appendAttribution(c, "attribution", r.Attribution); err != nil {
		return err
	}
	for _, key := range r.Unparked {
		if _, err := c.Exec(ctx, `DELETE FROM parked WHERE meter = $1`, key); err != nil {
			return err
		}
	}
	return nil
}

func appendAttribution(c *duck.Conn, table string, rows []posting.Attribution) error {
	return c.Append(table, []duck.Type{duck.Int32, duck.Int32, duck.Int32, duck.Int32}, len(rows), func(b duck.Block, from int) {
		meter, first, end, account := duck.Column[int32](b, 0), duck.Column[int32](b, 1), duck.Column[int32](b, 2), duck.Column[int32](b, 3)
		for i := range b.Rows() {
			a := rows[from+i]
			meter[i], first[i], end[i], account[i] = a.Meter, int32(a.From), int32(a.To), a.Account
		}
	})
}

// rebuildRollup computes the roll-ups anew from the ledger.
func rebuildRollup(ctx context.Context, c *duck.Conn) error {
	if _, err := c.Exec(ctx, `DELETE FROM rollup`); err != nil {
		return err
	}
	_, err := c.Exec(ctx, `INSERT INTO rollup `+rollupOfLedger)
	return err
}

// rollupOfLedger is the definition of the roll-ups.
const rollupOfLedger = `
	SELECT a.account, year(d) * 12 + month(d) - 1, sum(quantity)::BIGINT, sum(known)::BIGINT, sum(estimated)::BIGINT
	FROM (SELECT meter, day, DATE '1970-01-01' + day AS d, quantity, known, estimated FROM ledger) l
	JOIN attribution a ON l.meter = a.meter AND l.day >= a.from_day AND l.day < a.to_day
	GROUP BY ALL ORDER BY 2, 1`

// changeLog stores gaps of the log, and a new log, to which no offset belongs.
func changeLog(ctx context.Context, c *duck.Conn, b *posting.Batch) error {
	for _, g := range b.Gaps {
		if _, err := c.Exec(ctx, `INSERT INTO gaps VALUES ($1, $2, $3, $4)`, g.Partition, g.First, g.Next, int64(b.Recorded)); err != nil {
			return err
		}
	}
	if b.Log == nil {
		return nil
	}
	for _, sql := range []string{`DELETE FROM offsets`, `DELETE FROM log_identity`} {
		if _, err := c.Exec(ctx, sql); err != nil {
			return err
		}
	}
	_, err := c.Exec(ctx, `INSERT INTO log_identity VALUES ($1, $2, $3)`, b.Log.Cluster, b.Log.Topic, b.Log.Partitions)
	return err
}

func changeRecompute(ctx context.Context, c *duck.Conn, b *posting.Batch) error {
	err := c.Append("recompute", []duck.Type{duck.Int32}, len(b.Recompute), func(block duck.Block, from int) {
		copy(duck.Column[int32](block, 0), b.Recompute[from:])
	})
	if err != nil || len(b.Recomputed) == 0 {
		return err
	}
	return withMeters(ctx, c, b.Recomputed, func() error {
		_, err := c.Exec(ctx, `DELETE FROM recompute WHERE meter IN `+chosen)
		return err
	})
}

// RegistryTables gives every registry table as it held at a moment (0: now), by
// file name, and when the youngest of them was recorded.
func (s *Store) RegistryTables(ctx context.Context, knownAt schema.Instant) (tables map[string][]byte, recorded schema.Instant, err error) {
	if knownAt == 0 {
		knownAt = schema.MaxInstant
	}
	tables = map[string][]byte{}
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			for i := range b.Rows() {
				tables[b.Text(0, i)] = []byte(b.Text(1, i))
				recorded = max(recorded, schema.Instant(duck.Column[int64](b, 2)[i]))
			}
		}, `SELECT name, arg_max(content, recorded), max(recorded) FROM registry_tables WHERE recorded <= $1 GROUP BY name`, int64(knownAt))
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read registry: %w", err)
	}
	return tables, recorded, nil
}
