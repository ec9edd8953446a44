package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// ExportCmd takes readings or the ledger out, a file a month.
type ExportCmd struct {
	Server string    `help:"Address of the server." default:"http://127.0.0.1:8080" placeholder:"URL"`
	Token  string    `help:"Access token (admin)." placeholder:"TOKEN"`
	Table  string    `arg:"" help:"readings: every stored version of every reading; ledger: what was booked, by day." enum:"readings,ledger"`
	From   time.Time `help:"First day, as 2023-01-01." format:"2006-01-02" required:""`
	To     time.Time `help:"End, which is not in it any more, as 2024-01-01." format:"2006-01-02" required:""`
	Form   string    `help:"parquet or csv." enum:"parquet,csv" default:"parquet"`
	Out    string    `help:"Folder for the files." type:"path" default:"."`
	Zone   string    `help:"Calendar of the days." default:"Asia/Shanghai" name:"time-zone"`
}

// Run asks for one month after the other. Files that are there already are left
// alone, so that a broken export goes on where it ended.
func (c *ExportCmd) Run(ctx context.Context, std streams) error {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return usageError{fmt.Errorf("time-zone: %w", err)}
	}
	from, to := midnight(c.From, zone), midnight(c.To, zone)
	if !from.Before(to) {
		return usageError{fmt.Errorf("from %s to %s: want from before to", c.From.Format(time.DateOnly), c.To.Format(time.DateOnly))}
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("folder for the files: %w", err)
	}
	remote := Remote{Server: c.Server, Token: c.Token}
	for begin := from; begin.Before(to); {
		end := time.Date(begin.Year(), begin.Month()+1, 1, 0, 0, 0, 0, zone)
		if end.After(to) {
			end = to
		}
		file := filepath.Join(c.Out, fmt.Sprintf("%s-%s.%s", c.Table, span(begin, end), c.Form))
		if _, err := os.Lstat(file); err == nil {
			fmt.Fprintf(std.out, "%s: there already\n", file)
		} else {
			query := url.Values{
				"table": {c.Table}, "format": {c.Form},
				"from": {begin.Format(time.RFC3339)}, "to": {end.Format(time.RFC3339)},
			}
			_, size, err := remote.download(ctx, "/api/v1/export", query, file)
			if err != nil {
				return err
			}
			fmt.Fprintf(std.out, "%s: %d bytes\n", file, size)
		}
		begin = end
	}
	return nil
}

// span names a month, or the days of a part of one.
func span(begin, end time.Time) string {
	if begin.Day() == 1 && end.Day() == 1 {
		return begin.Format("2006-01")
	}
	return begin.Format(time.DateOnly) + "-to-" + end.Format(time.DateOnly)
}

// midnight gives the beginning of a date in a zone.
func midnight(date time.Time, zone *time.Location) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
}
