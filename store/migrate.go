package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"

	"jouleline/store/duck"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate runs the numbered scripts that the file has not seen, in their order,
// each in one transaction with its number.
func migrate(ctx context.Context, c *duck.Conn) error {
	if err := c.Script(ctx, `CREATE TABLE IF NOT EXISTS migrations (number INTEGER NOT NULL)`); err != nil {
		return err
	}
	done := map[int32]bool{}
	if err := each(ctx, c, func(b duck.Block) {
		for _, number := range duck.Column[int32](b, 0) {
			done[number] = true
		}
	}, `SELECT number FROM migrations`); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		number, err := strconv.ParseInt(name[len("migrations/"):][:4], 10, 32)
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
		if done[int32(number)] {
			delete(done, int32(number))
			continue
		}
		script, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		err = c.Transaction(ctx, func() error {
			if err := c.Script(ctx, string(script)); err != nil {
				return err
			}
			_, err := c.Exec(ctx, `INSERT INTO migrations VALUES ($1)`, number)
			return err
		})
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	for number := range done {
		return fmt.Errorf("open store: the file has migration %d, which this program does not know: it was written by a newer version", number)
	}
	return nil
}

// scalar gives the one BIGINT of a query.
func scalar(ctx context.Context, c *duck.Conn, sql string, args ...any) (value int64, err error) {
	err = each(ctx, c, func(b duck.Block) {
		switch values := duck.Column[int64](b, 0); {
		case len(values) > 0:
			value = values[0]
		}
	}, "SELECT CAST(v AS BIGINT) FROM ("+sql+") t(v)", args...)
	return value, err
}

// each runs a query and gives its blocks.
func each(ctx context.Context, c *duck.Conn, take func(duck.Block), sql string, args ...any) error {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		b, ok := rows.Next()
		if !ok {
			return nil
		}
		take(b)
	}
}
