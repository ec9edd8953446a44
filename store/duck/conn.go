package duck

import (
	"context"
	"fmt"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// Conn is one connection: one transaction at a time. A closed one, as the zero
// value is, refuses with ErrInvalid.
type Conn struct{ conn mapping.Connection }

// check refuses what is asked of a closed connection.
func (c *Conn) check(doing string) error {
	if c.conn.Ptr == nil {
		return fmt.Errorf("%s: %w: the connection is closed", doing, ErrInvalid)
	}
	return nil
}

// Close ends the connection; an open transaction is rolled back.
func (c *Conn) Close() { mapping.Disconnect(&c.conn) }

// Exec runs one statement with parameters and gives the number of changed rows.
func (c *Conn) Exec(ctx context.Context, sql string, args ...any) (changed int64, err error) {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return 0, err
	}
	changed = int64(mapping.RowsChanged(&rows.result))
	rows.Close()
	return changed, nil
}

// Script runs statements without parameters, several or such as become several:
// migrations, copies. A cancelled context interrupts it.
func (c *Conn) Script(ctx context.Context, sql string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := c.check("run script"); err != nil {
		return err
	}
	var result mapping.Result
	defer mapping.DestroyResult(&result)
	stop := context.AfterFunc(ctx, func() { mapping.Interrupt(c.conn) })
	state := mapping.Query(c.conn, sql, &result)
	switch {
	case state != mapping.StateError:
		stop()
		return nil
	case !stop():
		return fmt.Errorf("run script %s: %w", short(sql), context.Cause(ctx))
	}
	return failure("run script "+short(sql), mapping.ResultError(&result))
}

// Query runs one statement with parameters ($1, $2, ...). The result must be
// closed. A cancelled context interrupts the statement.
func (c *Conn) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := c.check(short(sql)); err != nil {
		return nil, err
	}
	var statement mapping.PreparedStatement
	defer mapping.DestroyPrepare(&statement)
	if mapping.Prepare(c.conn, sql, &statement) == mapping.StateError {
		return nil, failure("prepare "+short(sql), mapping.PrepareError(statement))
	}
	for i, arg := range args {
		if err := bind(statement, mapping.IdxT(i+1), arg); err != nil {
			return nil, fmt.Errorf("%s: parameter %d: %w", short(sql), i+1, err)
		}
	}
	rows := &Rows{}
	stop := context.AfterFunc(ctx, func() { mapping.Interrupt(c.conn) })
	state := mapping.ExecutePrepared(statement, &rows.result)
	if !stop() && state == mapping.StateError {
		mapping.DestroyResult(&rows.result)
		return nil, fmt.Errorf("%s: %w", short(sql), context.Cause(ctx))
	}
	if state == mapping.StateError {
		err := failure(short(sql), mapping.ResultError(&rows.result))
		mapping.DestroyResult(&rows.result)
		return nil, err
	}
	return rows, nil
}

// Transaction runs work between BEGIN and COMMIT and rolls back where it fails.
func (c *Conn) Transaction(ctx context.Context, work func() error) error {
	if _, err := c.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
	err := work()
	if err == nil {
		_, err = c.Exec(context.WithoutCancel(ctx), "COMMIT")
	}
	if err != nil {
		// The rollback of a transaction that a failed commit ended already is an
		// error of its own that says nothing new.
		_, _ = c.Exec(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return err
}

func bind(statement mapping.PreparedStatement, i mapping.IdxT, arg any) error {
	var state mapping.State
	switch v := arg.(type) {
	case int64:
		state = mapping.BindInt64(statement, i, v)
	case int32:
		state = mapping.BindInt32(statement, i, v)
	case int:
		state = mapping.BindInt64(statement, i, int64(v))
	case string:
		state = mapping.BindVarchar(statement, i, v)
	case []byte:
		state = mapping.BindBlob(statement, i, v)
	case bool:
		state = mapping.BindBoolean(statement, i, v)
	case float64:
		state = mapping.BindDouble(statement, i, v)
	case nil:
		state = mapping.BindNull(statement, i)
	default:
		return fmt.Errorf("got %T, want an integer, text, bytes, bool or float64", arg)
	}
	if state == mapping.StateError {
		return fmt.Errorf("%T was not taken", arg)
	}
	return nil
}

func short(sql string) string {
	const most = 80
	if len(sql) > most {
		return sql[:most] + "..."
	}
	return sql
}
