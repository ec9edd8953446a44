package store

import (
	"context"
	"strconv"
	"strings"

	"jouleline/store/duck"
)

// chosen stands in a query for the meters that it is about.
const chosen = "(SELECT meter FROM chosen)"

// withMeters fills the temporary table chosen with meters.
func withMeters(ctx context.Context, c *duck.Conn, meters []int32, work func() error) error {
	if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE chosen (meter INTEGER)`); err != nil {
		return err
	}
	err := c.Append("chosen", []duck.Type{duck.Int32}, len(meters), func(b duck.Block, from int) {
		copy(duck.Column[int32](b, 0), meters[from:])
	})
	if err != nil {
		return err
	}
	return work()
}

// fewMeters is how many meters are named in a statement itself: DuckDB then knows them
// when it plans, and need not make a table of them, which takes a millisecond.
const fewMeters = 16

// eachOf visits the blocks of a query of some meters, which names them as those chosen.
func eachOf(ctx context.Context, c *duck.Conn, meters []int32, visit func(duck.Block), sql string, args ...any) error {
	if len(meters) == 0 || len(meters) > fewMeters {
		return withMeters(ctx, c, meters, func() error { return each(ctx, c, visit, sql, args...) })
	}
	list := "("
	for i, meter := range meters {
		if i > 0 {
			list += ", "
		}
		args = append(args, meter)
		list += "$" + strconv.Itoa(len(args))
	}
	return each(ctx, c, visit, strings.ReplaceAll(sql, chosen, list+")"), args...)
}
