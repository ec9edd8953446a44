package admin

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// EventsInput adds meter events.
type EventsInput struct {
	DryRun bool         `query:"dry_run" default:"false" doc:"Check everything and change nothing" example:"true"`
	Body   []MeterEvent `minItems:"1" nullable:"false" doc:"Events; one of the same meter, time and kind is replaced, so that the same may be sent again" example:"[{\"meter\":\"E1\",\"time\":\"2023-06-01T09:30:00+08:00\",\"event\":\"swap\",\"final\":4711.5,\"initial\":0,\"note\":\"battery\"}]"`
}

// MeterEvent is something that happened to a meter and explains its register.
type MeterEvent struct {
	Meter      string       `json:"meter" minLength:"1" maxLength:"128" doc:"Id of the meter" example:"E1"`
	Time       query.Moment `json:"time" doc:"When it happened" example:"2023-06-01T09:30:00+08:00"`
	Event      string       `json:"event" enum:"swap,reset,rollover,multiplier" doc:"What happened" example:"swap"`
	Final      *digits      `json:"final,omitempty" doc:"What the register showed before, in the meter's unit" example:"4711.5"`
	Initial    *digits      `json:"initial,omitempty" doc:"What it shows after" example:"0"`
	Multiplier *digits      `json:"multiplier,omitempty" doc:"Multiplier that holds from then on" example:"40"`
	Note       string       `json:"note,omitempty" maxLength:"500" doc:"For people" example:"battery"`
	_          struct{}     `json:"-" additionalProperties:"false"`
}

// digits is a JSON number as it was written: it never passes through a float.
type digits string

// UnmarshalJSON keeps the text.
func (d *digits) UnmarshalJSON(text []byte) error {
	if _, err := schema.ParseDecimal(text); err != nil {
		return err
	}
	*d = digits(text)
	return nil
}

// Schema describes the number.
func (digits) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeNumber} }

func (d *digits) text() string {
	if d == nil {
		return ""
	}
	return string(*d)
}

func (s *Handlers) registerEvents(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "events", Route: "POST /api/v1/events", Tag: contract.TagWorld,
		Summary: "Add meter events",
		Text:    "Swaps, resets, rollovers and changes of the multiplier, which explain what a register shows. They become part of meter_events.csv, and the books of their meters are computed anew. All of them hold, or none.",
		Body:    s.Limits.Body,
	}, nil, s.events)
}

func (s *Handlers) events(ctx context.Context, in *EventsInput) (*Imported, error) {
	if got, most := len(in.Body), s.Limits.Events; got > most {
		return nil, fmt.Errorf("%w: body: got %d events, want at most %d at once", problem.ErrQuestion, got, most)
	}
	reg, unlock, err := s.alone(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	content, err := reg.Table(registry.EventsFile)
	if err != nil {
		return nil, err
	}
	merged, err := mergeEvents(content, in.Body)
	if err != nil {
		return nil, err
	}
	done, err := s.importAlone(ctx, registry.Tables{registry.EventsFile: merged.content}, in.DryRun)
	if err != nil {
		return nil, merged.locate(err)
	}
	return done, nil
}
