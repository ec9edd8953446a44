package store

import (
	"context"

	"jouleline/schema"
	"jouleline/store/duck"
)

// monthRows bounds the rows of the roll-ups that are in memory at once while they
// are read; a row is 36 bytes.
const monthRows = 2_000_000

// monthRow tells how many rows the roll-ups have of a month.
type monthRow struct {
	month schema.Month
	rows  int64
}

// listMonths lists the months of [from, to) in the roll-ups, the latest first.
func listMonths(ctx context.Context, c *duck.Conn, from, to schema.Month) (list []monthRow, err error) {
	err = each(ctx, c, func(b duck.Block) {
		rows := duck.Column[int64](b, 1)
		for i, month := range duck.Column[int32](b, 0) {
			list = append(list, monthRow{schema.Month(month), rows[i]})
		}
	}, `SELECT month, count(*) FROM rollup WHERE month >= $1 AND month < $2 GROUP BY month ORDER BY month DESC`, int32(from), int32(to))
	return list, err
}

// eachMonth reads months of the roll-ups and visits them.
func eachMonth(ctx context.Context, c *duck.Conn, from, to schema.Month, visit func(schema.Month, *monthSums)) error {
	accounts, err := scalar(ctx, c, `SELECT count(*) FROM accounts`)
	if err != nil {
		return err
	}
	list, err := listMonths(ctx, c, from, to)
	if err != nil {
		return err
	}
	return readMonths(ctx, c, list, accounts, visit)
}

// readMonths reads the months of a list, some at a time, and visits them.
func readMonths(ctx context.Context, c *duck.Conn, list []monthRow, accounts int64, visit func(schema.Month, *monthSums)) error {
	for len(list) > 0 {
		n, rows := 1, list[0].rows
		for n < len(list) && rows+list[n].rows <= monthRows {
			rows += list[n].rows
			n++
		}
		months := make(map[schema.Month]*monthSums, n)
		for _, at := range list[:n] {
			months[at.month] = &monthSums{quantity: make([]int64, accounts), known: make([]uint32, accounts)}
		}
		err := each(ctx, c, func(b duck.Block) {
			account, month := duck.Column[int32](b, 0), duck.Column[int32](b, 1)
			quantity, known, estimated := duck.Column[int64](b, 2), duck.Column[int64](b, 3), duck.Column[int64](b, 4)
			var m *monthSums
			for i := range account {
				if i == 0 || month[i] != month[i-1] {
					m = months[schema.Month(month[i])]
				}
				if account[i] >= 0 {
					m.add(account[i], usageSum{quantity[i], known[i], estimated[i]})
				}
			}
		}, `SELECT account, month, quantity, known, estimated FROM rollup WHERE month >= $1 AND month <= $2`,
			int32(list[n-1].month), int32(list[0].month))
		if err != nil {
			return err
		}
		for month, m := range months {
			visit(month, m)
		}
		list = list[n:]
	}
	return nil
}
