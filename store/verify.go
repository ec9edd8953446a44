package store

import (
	"context"
	"fmt"

	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/store/duck"
)

var _ verify.Source = (*Store)(nil)

// Numbers gives the numbers of all meters and accounts, and how many readings
// are stored.
func (s *Store) Numbers(ctx context.Context) (meters []posting.Meter, accounts []posting.Account, readings int64, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		if err := each(ctx, c, func(b duck.Block) {
			for i, id := range duck.Column[int32](b, 0) {
				meters = append(meters, posting.Meter{ID: id, Key: b.Text(1, i)})
			}
		}, `SELECT id, key FROM meters ORDER BY id`); err != nil {
			return err
		}
		if err := each(ctx, c, func(b duck.Block) {
			carrier, use := duck.Column[uint8](b, 2), duck.Column[uint8](b, 3)
			for i, id := range duck.Column[int32](b, 0) {
				accounts = append(accounts, posting.Account{ID: id, Institution: b.Text(1, i), Carrier: schema.Carrier(carrier[i]), Use: schema.Use(use[i])})
			}
		}, `SELECT id, institution, carrier, use FROM accounts ORDER BY id`); err != nil {
			return err
		}
		readings, err = readingsIn(ctx, c, "")
		return err
	})
	if err != nil {
		return nil, nil, 0, fmt.Errorf("read the numbers of meters and accounts: %w", err)
	}
	return meters, accounts, readings, nil
}

// Evidence gives all that is stored of meters, in one snapshot.
func (s *Store) Evidence(ctx context.Context, meters []int32) (e verify.Evidence, err error) {
	stretches := make([]posting.Stretch, len(meters))
	for i, id := range meters {
		stretches[i] = posting.Stretch{Meter: id, From: schema.MinInstant, To: schema.MaxInstant}
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error {
			if e.World, err = registryRecorded(ctx, c); err != nil {
				return err
			}
			if err := each(ctx, c, func(b duck.Block) {
				e.Waiting = append(e.Waiting, duck.Column[int32](b, 0)...)
			}, `SELECT DISTINCT meter FROM recompute ORDER BY meter`); err != nil {
				return err
			}
			if e.Retired, err = retiredOn(ctx, c, retiredSQL); err != nil {
				return err
			}
			if e.Readings, err = pointsOn(ctx, c, stretches, schema.MaxInstant); err != nil {
				return err
			}
			if e.Booked, err = bookedOn(ctx, c, meters, schema.Open, schema.MaxInstant); err != nil {
				return err
			}
			e.Codes, err = codesOn(ctx, c, meters, schema.MinInstant, schema.MaxInstant+1)
			return err
		})
	})
	if err != nil {
		return verify.Evidence{}, fmt.Errorf("read all of %d meters: %w", len(meters), err)
	}
	return e, nil
}

// registryRecorded tells when the youngest registry table was recorded.
func registryRecorded(ctx context.Context, c *duck.Conn) (schema.Instant, error) {
	recorded, err := scalar(ctx, c, `SELECT coalesce(max(recorded), 0) FROM registry_tables`)
	return schema.Instant(recorded), err
}

// sumsSQL puts the months of the ledger beside those of the roll-ups.
const sumsSQL = `
	WITH want AS (
		SELECT a.account, (year(d) * 12 + month(d) - 1)::INTEGER AS month,
			sum(quantity)::BIGINT AS quantity, sum(known)::BIGINT AS known, sum(estimated)::BIGINT AS estimated
		FROM (SELECT meter, day, DATE '1970-01-01' + day AS d, quantity, known, estimated FROM ledger) l
		JOIN attribution_verified a ON l.meter = a.meter AND l.day >= a.from_day AND l.day < a.to_day
		GROUP BY ALL
	), have AS (
		SELECT account, month, sum(quantity)::BIGINT AS quantity, sum(known)::BIGINT AS known, sum(estimated)::BIGINT AS estimated
		FROM rollup WHERE $1 OR account IN (SELECT account FROM attribution_verified) GROUP BY ALL
	)
	SELECT coalesce(w.account, h.account), coalesce(w.month, h.month),
		coalesce(w.quantity, 0), coalesce(w.estimated, 0), coalesce(w.known, 0),
		coalesce(h.quantity, 0), coalesce(h.estimated, 0), coalesce(h.known, 0)
	FROM want w FULL JOIN have h ON w.account = h.account AND w.month = h.month ORDER BY 1, 2`

// Sums compares the roll-ups with the sums of the ledger, in one snapshot.
func (s *Store) Sums(ctx context.Context, attribution []posting.Attribution, whole bool) (sums verify.Sums, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return c.Transaction(ctx, func() error {
			if sums.World, err = registryRecorded(ctx, c); err != nil {
				return err
			}
			if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE attribution_verified AS SELECT * FROM attribution LIMIT 0`); err != nil {
				return err
			}
			if err := appendAttribution(c, "attribution_verified", attribution); err != nil {
				return err
			}
			return each(ctx, c, func(b duck.Block) {
				account, month := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
				quantity, estimated, known := duck.Column[int64](b, 2), duck.Column[int64](b, 3), duck.Column[int64](b, 4)
				hasQuantity, hasEstimated, hasKnown := duck.Column[int64](b, 5), duck.Column[int64](b, 6), duck.Column[int64](b, 7)
				for i := range account {
					sums.Compared++
					if quantity[i] == hasQuantity[i] && estimated[i] == hasEstimated[i] && known[i] == hasKnown[i] {
						continue
					}
					sums.Differ = append(sums.Differ, verify.Sum{
						Account: account[i], Month: schema.Month(month[i]),
						Quantity: schema.Quantity(quantity[i]), Estimated: schema.Quantity(estimated[i]), Known: known[i],
						HasQuantity: schema.Quantity(hasQuantity[i]), HasEstimated: schema.Quantity(hasEstimated[i]), HasKnown: hasKnown[i],
					})
				}
			}, sumsSQL, whole)
		})
	})
	if err != nil {
		return verify.Sums{}, fmt.Errorf("compare roll-ups: %w", err)
	}
	return sums, nil
}
