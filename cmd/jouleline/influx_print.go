package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"jouleline/api/admin"
	"jouleline/cmd/jouleline/columns"
)

// Run asks the server for the days.
func (c *InfluxBackfillCmd) Run(ctx context.Context, std streams) error {
	question, err := json.Marshal(map[string]string{"from": c.From, "to": c.To})
	if err != nil {
		return err
	}
	body, err := c.ask(ctx, http.MethodPost, "/api/v1/influx/backfill", question, "application/json")
	if err != nil {
		return err
	}
	return c.print(std, body, func(out io.Writer, body []byte) error {
		var a admin.InfluxBackfillAnswer
		if err := json.Unmarshal(body, &a); err != nil {
			return fmt.Errorf("read the server's answer: %w", err)
		}
		_, err := fmt.Fprintf(out, "backfill %d: %s to %s will be published; 'jouleline influx status' tells how far it is\n", a.ID, c.From, c.To)
		return err
	})
}

// print prints an answer that has no CSV.
func (r *Remote) print(std streams, body []byte, table func(io.Writer, []byte) error) error {
	switch r.Format {
	case "json":
		_, err := std.out.Write(body)
		return err
	case "csv":
		return usageError{errors.New("format: this answer is no table, want table or json")}
	}
	return table(std.out, body)
}

// printPublished prints how far the publisher is.
func printPublished(out io.Writer, body []byte) error {
	var a admin.Published
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	w := columns.New(out)
	fmt.Fprintln(w, "stream\tpublished until\tlag")
	for _, s := range a.Streams {
		until := "-"
		if !s.Until.IsZero() {
			until = s.Until.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Stream, until, time.Duration(s.LagSeconds*float64(time.Second)).Round(time.Second))
	}
	for _, b := range a.Backfills {
		state := "next " + b.Next
		if b.Done {
			state = "done"
		}
		fmt.Fprintf(w, "backfill %d\t%s to %s\t%s\n", b.ID, b.From, b.To, state)
	}
	return w.Flush()
}
