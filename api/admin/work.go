package admin

import (
	"context"
	"fmt"

	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/schema"
)

// RecomputeInput asks for books to be computed anew.
type RecomputeInput struct {
	Body struct {
		Meters []string `json:"meters,omitempty" minItems:"1" nullable:"false" doc:"Ids of the meters" example:"[\"E1\"]"`
		All    bool     `json:"all,omitempty" doc:"All meters instead" example:"false"`
		From   string   `json:"from,omitempty" format:"date" doc:"First local day of the buildings whose bookings and verdicts may change; left out: from the first reading on" example:"2023-05-01"`
		To     string   `json:"to,omitempty" format:"date" doc:"First day that stays as it is again; left out: to the last reading" example:"2023-05-03"`
		DryRun bool     `json:"dry_run,omitempty" doc:"Compute and compare, and change nothing" example:"true"`
	}
}

// days gives the local days that are asked for.
func (in *RecomputeInput) days() (days schema.Validity, err error) {
	days = schema.Open
	if in.Body.From != "" {
		if days.From, err = schema.ParseDay(in.Body.From); err != nil {
			return days, fmt.Errorf("%w: body.from: %w", problem.ErrQuestion, err)
		}
	}
	if in.Body.To != "" {
		if days.To, err = schema.ParseDay(in.Body.To); err != nil {
			return days, fmt.Errorf("%w: body.to: %w", problem.ErrQuestion, err)
		}
	}
	if days.From >= days.To {
		return days, fmt.Errorf("%w: body.to: got %s, want a later day than %s", problem.ErrQuestion, days.To, days.From)
	}
	return days, nil
}

// RecomputeAnswer tells what computing anew changed.
type RecomputeAnswer struct {
	Changed int  `json:"changed" doc:"Meters whose books were other than they are computed from all readings; 0 on a healthy store" example:"0"`
	DryRun  bool `json:"dry_run" doc:"Nothing was changed" example:"true"`
}

// ReplayInput offers rejected rows again.
type ReplayInput struct {
	Body struct {
		After int64    `json:"after,omitempty" minimum:"0" doc:"Sequence after which to begin" example:"0"`
		Limit int      `json:"limit,omitempty" minimum:"1" doc:"Most rows at once; left out: as many as are allowed" example:"1000"`
		Codes []string `json:"codes,omitempty" maxItems:"50" nullable:"false" doc:"Codes of the rows; left out: all" example:"[\"unknown_unit\"]"`
	}
}

func (s *Handlers) registerWork(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "recompute", Route: "POST /api/v1/recompute", Tag: contract.TagWorld,
		Summary: "Compute books anew",
		Text: "Judges all readings of the meters at once, the plain way, and books the difference to what stands in the ledger. On a healthy store there is none. " +
			"With from and to, only what is booked to those local days and the verdicts on their readings are compared and changed; every other day stays as it is.",
		Body: s.Limits.Body,
	}, nil, s.recompute)
	contract.Register(b, contract.Operation{
		ID: "replay", Route: "POST /api/v1/replay", Tag: contract.TagWorld,
		Summary: "Offer rejected readings again",
		Text:    "After a mistake was mended (a unit in the registry, say), puts the original bytes of rejected rows on the topic again, with the reception they had. What was rejected stays on record, what is rejected again becomes a new row, and what is taken twice counts once.",
		Body:    s.Limits.Body,
	}, nil, s.replay)
}

func (s *Handlers) recompute(ctx context.Context, in *RecomputeInput) (*RecomputeAnswer, error) {
	meters := in.Body.Meters
	if in.Body.All == (len(meters) > 0) {
		return nil, fmt.Errorf("%w: body: want either meters or all", problem.ErrQuestion)
	}
	if got, most := len(meters), s.Limits.Meters; got > most {
		return nil, fmt.Errorf("%w: body.meters: got %d, want at most %d at once, or all", problem.ErrQuestion, got, most)
	}
	days, err := in.days()
	if err != nil {
		return nil, err
	}
	reg, err := s.Source.Registry(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the registry: %w", err)
	}
	for _, id := range meters {
		if reg.MeterVersions(id) == nil {
			return nil, fmt.Errorf("meter %q: %w", problem.Clip(id), problem.ErrUnknown)
		}
	}
	changed, err := s.Desk.Recompute(ctx, meters, days, in.Body.DryRun)
	if err != nil {
		return nil, fmt.Errorf("compute books anew: %w", err)
	}
	s.Logger.Info("books computed anew", "by", access.GrantOf(ctx).Subject, "dry_run", in.Body.DryRun, "meters", len(meters), "all", in.Body.All, "from", in.Body.From, "to", in.Body.To, "changed", changed)
	return &RecomputeAnswer{Changed: changed, DryRun: in.Body.DryRun}, nil
}

func (s *Handlers) replay(ctx context.Context, in *ReplayInput) (*Replayed, error) {
	most := s.Limits.Rejected
	q := Replay{After: in.Body.After, Limit: in.Body.Limit}
	switch {
	case q.Limit == 0:
		q.Limit = most
	case q.Limit > most:
		return nil, fmt.Errorf("%w: body.limit: got %d, want at most %d", problem.ErrQuestion, q.Limit, most)
	}
	for _, code := range in.Body.Codes {
		q.Codes = append(q.Codes, schema.Code(code))
	}
	done, err := s.Desk.Replay(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("offer rejected readings again: %w", err)
	}
	s.Logger.Info("rejected readings offered again", "by", access.GrantOf(ctx).Subject, "after", q.After, "offered", done.Offered, "last", done.Last)
	return &done, nil
}
