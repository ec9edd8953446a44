package monitor

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"
	"unicode/utf8"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/table"
	"jouleline/schema"
)

// Rejects gives what could not be understood, or waits for its meter.
type Rejects interface {
	// Rejected gives up to limit rejected rows after a sequence, in order.
	Rejected(ctx context.Context, after int64, limit int) ([]Reject, error)
	// RejectedCounts counts the rejected rows by code.
	RejectedCounts(ctx context.Context) (map[schema.Code]int64, error)
	// ParkedMeters counts the readings that wait, by meter.
	ParkedMeters(ctx context.Context) (map[string]int64, error)
}

// Reject is a rejected row.
type Reject struct {
	Sequence           int64
	Received, Recorded schema.Instant
	Source             string
	Partition          int
	Offset             int64
	Code               schema.Code
	Detail             string
	Original           []byte
}

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

func (s *Handlers) registerRejected(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "rejected", Route: "GET /api/v1/rejected", Tag: contract.TagUse,
		Summary: "Readings that were rejected",
		Text:    "What could not be understood, as it came, with the reason. Readings that are understood and not booked are at /api/v1/readings.",
	}, rejectedTable, s.rejected)
}

func (s *Handlers) rejected(ctx context.Context, in *RejectedInput) (*RejectedAnswer, error) {
	if most := s.Limits.Rejected; in.Limit > most {
		return nil, fmt.Errorf("%w: limit: got %d, want at most %d", problem.ErrQuestion, in.Limit, most)
	}
	reg, err := s.Source.Registry(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the registry: %w", err)
	}
	rows, err := s.Rejects.Rejected(ctx, in.After, in.Limit+1)
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

func rejectedTable(a *RejectedAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{
			table.Integer("sequence"), table.Instant("received"), table.Instant("recorded"), table.Text("source"), table.Integer("partition"),
			table.Integer("offset"), table.Text("code"), table.Text("detail"), table.Text("original"), table.Text("original_base64"),
		},
		Rows: func(yield func([]any) bool) {
			for i := range a.Rejected {
				r := &a.Rejected[i]
				if !yield([]any{r.Sequence, r.Received, r.Recorded, r.Source, int64(r.Partition), r.Offset, string(r.Code), r.Detail, r.Original, r.Base64}) {
					return
				}
			}
		},
	}
}
