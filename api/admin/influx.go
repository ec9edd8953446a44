package admin

import (
	"context"
	"fmt"
	"time"

	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/table"
	"jouleline/schema"
)

// Publication is what the publisher to InfluxDB has done and has to do.
type Publication interface {
	// Published tells how far it is.
	Published(ctx context.Context) (Published, error)
	// RefusedPoints gives up to limit points that InfluxDB refused for themselves
	// after a sequence, in order.
	RefusedPoints(ctx context.Context, after int64, limit int) ([]RefusedPoint, error)
	// Backfill asks for local days to be published again, and gives its number.
	Backfill(ctx context.Context, days schema.Validity) (id int64, err error)
}

// Published tells how far the publisher is.
type Published struct {
	Streams   []PublishedStream   `json:"streams" doc:"Consumption is meters and buildings, indicators is institutions and regions"`
	Backfills []PublishedBackfill `json:"backfills" doc:"Stretches of days that were asked for again, the oldest first"`
}

// PublishedStream is one part of what is published.
type PublishedStream struct {
	Stream string `json:"stream" example:"consumption"`
	// Until is zero before the first pass.
	Until      time.Time `json:"until" doc:"What was booked until then is in InfluxDB, or refused"`
	LagSeconds float64   `json:"lag_seconds" doc:"How long ago the oldest change was booked that is not published; 0 where there is none" example:"0"`
}

// PublishedBackfill is a stretch of days that was asked for again.
type PublishedBackfill struct {
	ID   int64  `json:"id" example:"1"`
	From string `json:"from" example:"2024-01-01"`
	To   string `json:"to" doc:"The day after the last" example:"2025-01-01"`
	Next string `json:"next" doc:"First day that is not published yet" example:"2024-03-01"`
	Done bool   `json:"done"`
}

// RefusedPoint is a point that InfluxDB refused for itself.
type RefusedPoint struct {
	Sequence int64     `json:"sequence" example:"12"`
	Recorded time.Time `json:"recorded" doc:"When it was refused"`
	Status   int       `json:"status" doc:"Of InfluxDB's answer" example:"422"`
	Reason   string    `json:"reason" doc:"Why, as InfluxDB says"`
	Line     string    `json:"line" doc:"The point in line protocol, or the deletion in InfluxQL"`
}

// InfluxInput asks how far the publisher is.
type InfluxInput struct{}

// InfluxRejectedInput asks for refused points.
type InfluxRejectedInput struct {
	After int64 `query:"after" default:"0" minimum:"0" doc:"Sequence after which to begin" example:"0"`
	Limit int   `query:"limit" default:"100" minimum:"1" doc:"Most points of a page" example:"100"`
}

// InfluxRejectedAnswer lists refused points.
type InfluxRejectedAnswer struct {
	Rejected []RefusedPoint `json:"rejected" doc:"In the order in which they were refused; the latest 100,000 are kept"`
	Next     *int64         `json:"next" doc:"Sequence after which the next page begins, null where this is the last"`
}

// InfluxBackfillInput asks for days to be published again.
type InfluxBackfillInput struct {
	Body struct {
		From string `json:"from" format:"date" doc:"First local day" example:"2024-01-01"`
		To   string `json:"to" format:"date" doc:"The day after the last" example:"2025-01-01"`
	}
}

// InfluxBackfillAnswer tells what will be published again.
type InfluxBackfillAnswer struct {
	ID int64 `json:"id" doc:"Number of the backfill; GET /api/v1/influx tells how far it is" example:"1"`
}

func (s *Handlers) registerInflux(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "influx", Route: "GET /api/v1/influx", Tag: contract.TagUse,
		Summary: "How far the publisher to InfluxDB is",
		Text:    "What was booked until when is published, and how far backfills are. 503 where no InfluxDB is configured.",
	}, nil, s.influx)
	contract.Register(b, contract.Operation{
		ID: "influx-rejected", Route: "GET /api/v1/influx/rejected", Tag: contract.TagUse,
		Summary: "Points that InfluxDB refused",
		Text:    "Points that were refused for themselves (older than the bucket's retention, or of another type than what is there), as they were sent, with the reason.",
	}, influxRejectedTable, s.influxRejected)
	contract.Register(b, contract.Operation{
		ID: "influx-backfill", Route: "POST /api/v1/influx/backfill", Tag: contract.TagUse,
		Summary: "Publish days to InfluxDB again",
		Text:    "Notes a stretch of days; the publisher sends its consumption, month by month, with the indicators of its months and years, beside what is new. It outlives a restart. Points are overwritten, none is deleted.",
		Body:    s.Limits.Body,
	}, nil, s.influxBackfill)
}

// publication gives the publisher's books, or tells that there is none.
func (s *Handlers) publication() (Publication, error) {
	if s.Publication == nil {
		return nil, fmt.Errorf("%w: no InfluxDB is configured: see --influx-url", problem.ErrUnavailable)
	}
	return s.Publication, nil
}

func (s *Handlers) influx(ctx context.Context, _ *InfluxInput) (*Published, error) {
	p, err := s.publication()
	if err != nil {
		return nil, err
	}
	done, err := p.Published(ctx)
	if err != nil {
		return nil, fmt.Errorf("find how far the publisher is: %w", err)
	}
	return &done, nil
}

func (s *Handlers) influxRejected(ctx context.Context, in *InfluxRejectedInput) (*InfluxRejectedAnswer, error) {
	p, err := s.publication()
	if err != nil {
		return nil, err
	}
	if most := s.Limits.Rejected; in.Limit > most {
		return nil, fmt.Errorf("%w: limit: got %d, want at most %d", problem.ErrQuestion, in.Limit, most)
	}
	rows, err := p.RefusedPoints(ctx, in.After, in.Limit+1)
	if err != nil {
		return nil, fmt.Errorf("refused points after %d: %w", in.After, err)
	}
	a := &InfluxRejectedAnswer{Rejected: rows}
	if len(rows) > in.Limit {
		a.Rejected = rows[:in.Limit]
		a.Next = &a.Rejected[in.Limit-1].Sequence
	}
	if a.Rejected == nil {
		a.Rejected = []RefusedPoint{}
	}
	return a, nil
}

func influxRejectedTable(a *InfluxRejectedAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{table.Integer("sequence"), table.Instant("recorded"), table.Integer("status"), table.Text("reason"), table.Text("line")},
		Rows: func(yield func([]any) bool) {
			for i := range a.Rejected {
				r := &a.Rejected[i]
				if !yield([]any{r.Sequence, r.Recorded, int64(r.Status), r.Reason, r.Line}) {
					return
				}
			}
		},
	}
}

func (s *Handlers) influxBackfill(ctx context.Context, in *InfluxBackfillInput) (*InfluxBackfillAnswer, error) {
	p, err := s.publication()
	if err != nil {
		return nil, err
	}
	from, err := schema.ParseDay(in.Body.From)
	if err != nil {
		return nil, fmt.Errorf("%w: body.from: %w", problem.ErrQuestion, err)
	}
	to, err := schema.ParseDay(in.Body.To)
	if err != nil {
		return nil, fmt.Errorf("%w: body.to: %w", problem.ErrQuestion, err)
	}
	if from >= to || from < schema.DayOf(1900, time.January, 1) || to > schema.DayOf(2200, time.January, 1) {
		return nil, fmt.Errorf("%w: body: got %s to %s, want from before to, between 1900 and 2200", problem.ErrQuestion, from, to)
	}
	id, err := p.Backfill(ctx, schema.Validity{From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("ask for %s to %s again: %w", from, to, err)
	}
	s.Logger.Info("days are published to InfluxDB again", "by", access.GrantOf(ctx).Subject, "from", from, "to", to, "id", id)
	return &InfluxBackfillAnswer{ID: id}, nil
}
