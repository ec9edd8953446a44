package admin

import (
	"context"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// Desk changes what the books rest on. Its methods may take minutes.
type Desk interface {
	// Import makes tables part of the registry, all of them or none. The error is
	// a *registry.Errors where a row is bad.
	Import(ctx context.Context, tables registry.Tables, dryRun bool) (Imported, error)
	// Recompute computes the books of meters anew, nil meaning all, and gives the
	// number of those that changed. What is booked to other local days of the
	// buildings stays as it is.
	Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (changed int, err error)
	// Replay offers rejected rows again, as if they came now.
	Replay(ctx context.Context, q Replay) (Replayed, error)
}

// Imported tells what an import changed; see the pipeline's type of that name,
// to which it converts.
type Imported struct {
	Tables   []string       `json:"tables" doc:"Tables that changed" example:"[\"meters.csv\"]"`
	Meters   int            `json:"meters" doc:"Meters registered now" example:"1"`
	Added    int            `json:"added" doc:"Meters that are new" example:"1"`
	Rebooked int            `json:"rebooked" doc:"Meters whose books were computed anew" example:"1"`
	Unparked int            `json:"unparked" doc:"Readings that had waited for their meter" example:"7"`
	Recorded schema.Instant `json:"recorded,omitzero" doc:"Moment from which the new version holds in the books; left out where nothing changed" example:"2026-01-02T03:04:05Z"`
}

// Replay chooses the rejected rows that are offered again.
type Replay struct {
	// After is the sequence after which to begin; Limit bounds the rows.
	After int64
	Limit int
	// Codes limits the rows to these verdicts; nil means all.
	Codes []schema.Code
}

// Replayed tells what was offered again. What becomes of it is told where the
// verdicts of all readings are: by the time of the answer it is on the topic only.
type Replayed struct {
	Offered int   `json:"offered" doc:"Rejected rows that are on the topic again" example:"12"`
	Last    int64 `json:"last" doc:"Sequence of the last row that was looked at; go on after it" example:"4711"`
}
