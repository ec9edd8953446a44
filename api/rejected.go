package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"
	"unicode/utf8"

	"jouleline/schema"
)

// RejectedInput asks for rejected rows.
type RejectedInput struct {
	After int64 `query:"after" default:"0" minimum:"0" doc:"Sequence after which to begin" example:"0"`
	Limit int   `query:"limit" default:"100" minimum:"1" doc:"Most rows of a page" example:"100"`
}

// RejectedAnswer lists what could not be understood.
type RejectedAnswer struct {
	Rejected []RejectedRow `json:"rejected" doc:"In the order in which they were stored"`
	Next     *int64        `json:"next" doc:"Sequence after which the next page begins, null where this is the last"`
}

// RejectedRow is a rejected element as it came.
type RejectedRow struct {
	Sequence  int64       `json:"sequence" example:"4711"`
	Received  time.Time   `json:"received" doc:"When it was received"`
	Recorded  time.Time   `json:"recorded" doc:"When it was stored"`
	Source    string      `json:"source" doc:"Who sent it, or by which way it came" example:"http"`
	Partition int         `json:"partition" doc:"Place on the topic, -1 where it never came there"`
	Offset    int64       `json:"offset"`
	Code      schema.Code `json:"code" doc:"Why it was rejected" example:"unknown_unit"`
	Detail    string      `json:"detail" doc:"Why, in words"`
	Original  string      `json:"original" doc:"The bytes as they came, where they are text"`
	Base64    string      `json:"original_base64,omitempty" doc:"The bytes as they came, where they are no text"`
}

func (s *Server) registerRejected() {
	register(s, operation{
		id: "rejected", route: "GET /api/v1/rejected", tag: tagUse,
		summary: "Readings that were rejected",
		text:    "What could not be understood, as it came, with the reason. Readings that are understood and not booked are at /api/v1/readings.",
	}, rejectedTable, s.rejected)
}

func (s *Server) rejected(ctx context.Context, in *RejectedInput) (*RejectedAnswer, error) {
	if most := s.config.Limits.Rejected; in.Limit > most {
		return nil, fmt.Errorf("%w: limit: got %d, want at most %d", errQuestion, in.Limit, most)
	}
	reg, err := s.config.World.Registry(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the registry: %w", err)
	}
	rows, err := s.config.Rejects.Rejected(ctx, in.After, in.Limit+1)
	if err != nil {
		return nil, fmt.Errorf("rejected rows after %d: %w", in.After, err)
	}
	a := &RejectedAnswer{Rejected: []RejectedRow{}}
	for i := range rows {
		if i == in.Limit {
			a.Next = &rows[i-1].Sequence
			break
		}
		r := &rows[i]
		row := RejectedRow{
			Sequence: r.Sequence, Received: r.Received.Time().In(reg.TimeZone), Recorded: r.Recorded.Time().In(reg.TimeZone),
			Source: r.Source, Partition: r.Partition, Offset: r.Offset, Code: r.Code, Detail: r.Detail,
		}
		if utf8.Valid(r.Original) {
			row.Original = string(r.Original)
		} else {
			row.Base64 = base64.StdEncoding.EncodeToString(r.Original)
		}
		a.Rejected = append(a.Rejected, row)
	}
	return a, nil
}

func rejectedTable(a *RejectedAnswer) table {
	return table{
		columns: []column{
			{"sequence", integer}, {"received", instant}, {"recorded", instant}, {"source", text}, {"partition", integer},
			{"offset", integer}, {"code", text}, {"detail", text}, {"original", text}, {"original_base64", text},
		},
		rows: func(yield func([]any) bool) {
			for i := range a.Rejected {
				r := &a.Rejected[i]
				if !yield([]any{r.Sequence, r.Received, r.Recorded, r.Source, int64(r.Partition), r.Offset, string(r.Code), r.Detail, r.Original, r.Base64}) {
					return
				}
			}
		},
	}
}
