package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"jouleline/api/admin"
	"jouleline/api/telemetry"
	"jouleline/metrics/calendar"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
	"jouleline/store"
	"jouleline/store/influx"
)

// InfluxFlags name the InfluxDB that is published to; off by default.
type InfluxFlags struct {
	InfluxURL             string        `name:"influx-url" help:"Address of an InfluxDB that consumption and indicators are published to, as http://127.0.0.1:8086; empty publishes nothing."`
	InfluxOrg             string        `help:"Its organization."`
	InfluxBucket          string        `help:"Its bucket; on 1.8 database/retention-policy." default:"jouleline"`
	InfluxTokenFile       string        `help:"File with a token that may write to the bucket; on 1.8 user:password. JOULELINE_INFLUX_TOKEN holds one where no file does." type:"existingfile"`
	InfluxToken           string        `hidden:"" help:"The token itself, for the environment."`
	InfluxStep            string        `help:"Step of the meters' points: PT15M or PT1H." enum:"PT15M,PT1H" default:"PT1H"`
	InfluxEvery           time.Duration `help:"Pause between two looks for changes." default:"10s"`
	InfluxIndicatorsEvery time.Duration `help:"The same for institutions and regions." default:"5m"`
}

// publisher makes the publisher of a store; nil where none is configured.
func (f *InfluxFlags) publisher(s *server, watch *telemetry.Telemetry) (*influx.Publisher, error) {
	if f.InfluxURL == "" {
		return nil, nil
	}
	step, err := calendar.ParseStep(f.InfluxStep)
	if err != nil {
		return nil, usageError{fmt.Errorf("influx-step: %w", err)}
	}
	token := f.InfluxToken
	if f.InfluxTokenFile != "" {
		if token, err = readSecret(f.InfluxTokenFile); err != nil {
			return nil, fmt.Errorf("influx-token-file: %w", err)
		}
	}
	factors, err := factor.Load(factor.Default)
	if err != nil {
		return nil, err
	}
	official, err := plan.Load(plan.Default)
	if err != nil {
		return nil, err
	}
	p, err := influx.New(influx.Config{
		URL: f.InfluxURL, Org: f.InfluxOrg, Bucket: f.InfluxBucket, Token: token, Step: step,
		Every: f.InfluxEvery, IndicatorsEvery: f.InfluxIndicatorsEvery,
		Store: s.store, Registry: registry.Options{TimeZone: s.flags.TimeZone}, Factors: factors, MinCoverage: official.MinCoverage,
		Watch: watch.Influx(), Log: s.log,
	})
	if errors.Is(err, influx.ErrConfig) {
		return nil, usageError{err}
	}
	return p, err
}

// publication tells the API of the publisher.
type publication struct {
	store *store.Store
	audit func(ctx context.Context, action, detail string)
}

func (p publication) Published(ctx context.Context) (done admin.Published, err error) {
	for _, stream := range []string{influx.Consumption, influx.Indicators} {
		row := admin.PublishedStream{Stream: stream}
		cursor, begun, err := p.store.Cursor(ctx, stream)
		if err != nil {
			return done, err
		}
		if begun {
			row.Until = cursor.Time()
		}
		oldest, waits, err := p.store.Waiting(ctx, stream)
		if err != nil {
			return done, err
		}
		if waits {
			row.LagSeconds = time.Since(oldest.Time()).Seconds()
		}
		done.Streams = append(done.Streams, row)
	}
	done.Backfills = []admin.PublishedBackfill{}
	list, err := p.store.Backfills(ctx)
	for _, b := range list {
		done.Backfills = append(done.Backfills, admin.PublishedBackfill{ID: b.ID, From: b.From.String(), To: b.To.String(), Next: b.Next.String(), Done: b.Next >= b.To})
	}
	return done, err
}

func (p publication) RefusedPoints(ctx context.Context, after int64, limit int) ([]admin.RefusedPoint, error) {
	rows, err := p.store.RefusedPoints(ctx, after, limit)
	list := make([]admin.RefusedPoint, len(rows))
	for i, r := range rows {
		list[i] = admin.RefusedPoint{Sequence: r.Sequence, Recorded: r.Recorded.Time(), Status: r.Status, Reason: r.Reason, Line: r.Line}
	}
	return list, err
}

func (p publication) Backfill(ctx context.Context, days schema.Validity) (int64, error) {
	id, err := p.store.AddBackfill(ctx, days)
	if err == nil {
		p.audit(ctx, "influx backfill", fmt.Sprintf("%s to %s", days.From, days.To))
	}
	return id, err
}

// InfluxCmd speaks of the publisher to InfluxDB.
type InfluxCmd struct {
	Status   InfluxStatusCmd   `cmd:"" help:"Show how far the publisher is."`
	Rejected InfluxRejectedCmd `cmd:"" help:"List points that InfluxDB refused, with the reason."`
	Backfill InfluxBackfillCmd `cmd:"" help:"Publish a stretch of days again."`
}

// InfluxStatusCmd shows how far the publisher is.
type InfluxStatusCmd struct{ Remote }

// InfluxRejectedCmd lists refused points.
type InfluxRejectedCmd struct {
	Remote
	After int64 `help:"Only points after this sequence."`
	Limit int   `help:"Most points." default:"100"`
}

// InfluxBackfillCmd asks for days again.
type InfluxBackfillCmd struct {
	Remote
	From string `help:"First local day, as 2024-01-01." required:""`
	To   string `help:"The day after the last." required:""`
}

// Help teaches what --help of the command shows below the flags.
func (c *InfluxBackfillCmd) Help() string {
	return `A server that is told of an InfluxDB for the first time publishes what is booked from
then on. This asks it for what is older:

  jouleline influx backfill --from 2020-01-01 --to 2026-01-01

The stretch is published month by month, beside what is new, and goes on after a
restart. Points are overwritten, never doubled: asking twice does no harm.
'jouleline influx status' tells how far it is.`
}

// Run asks the server and prints what it answers.
func (c *InfluxStatusCmd) Run(ctx context.Context, std streams) error {
	body, err := c.get(ctx, "/api/v1/influx", nil, "application/json")
	if err != nil {
		return err
	}
	return c.print(std, body, printPublished)
}

// Run asks the server and prints the points.
func (c *InfluxRejectedCmd) Run(ctx context.Context, std streams) error {
	query := url.Values{"after": {fmt.Sprint(c.After)}, "limit": {fmt.Sprint(c.Limit)}}
	return c.show(ctx, std, "/api/v1/influx/rejected", query, nil)
}
