package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"jouleline/api/promql"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// World gives the registry and the numbers of its meters.
type World interface {
	// Registry gives the version that holds now. Equal versions are one pointer.
	Registry(ctx context.Context) (*registry.Registry, error)
	// RegistryAt gives the version that held at a moment, likewise; see
	// [History].
	RegistryAt(ctx context.Context, knownAt schema.Instant) (*registry.Registry, error)
	// Number gives the number under which the books keep a meter. It also knows
	// meters that are not registered any more.
	Number(meter string) (number int32, ok bool)
}

// Books gives what is stored. Its methods are those of the store.
type Books interface {
	consumption.Source
	indicator.Source
}

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
	Recorded schema.Instant `json:"recorded" doc:"Moment from which the new version holds in the books" example:"2026-01-02T03:04:05Z"`
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

// Health tells whether the program can do its work.
type Health interface {
	// NotReady gives the reasons why it cannot, none where it can.
	NotReady(ctx context.Context) []string
}

// Watch takes what the server has to tell of a request; see api/telemetry.
// Pattern is the route's, "" where none matched.
type Watch interface {
	Request(pattern string, status int, seconds float64)
}

// Config is what a server needs. World, Books, Rejects, Desk and Health are
// required; the rest has useful zero values.
type Config struct {
	World   World
	Books   Books
	Rejects Rejects
	Desk    Desk
	Health  Health
	// Archive keeps frozen reports; nil answers 503.
	Archive Archive
	// Mutes keeps which findings are muted; nil mutes nothing and answers 503.
	Mutes Mutes
	// Tokens keeps the tokens of callers; nil answers 503.
	Tokens Tokens
	// Verifier holds the books against the readings; nil answers 503.
	Verifier Verifier
	// Stream tells how readings come in; nil leaves that out of the quality.
	Stream Stream
	// Files reads bills and forms; nil answers 503.
	Files Files
	// Forms fills in statistical forms; nil answers 503.
	Forms Forms
	// KeptSince tells up to which moment readings may have been let go, while their
	// books stay; 0 where all are kept. Nil: all are.
	KeptSince func(ctx context.Context) (schema.Instant, error)
	// Vault makes copies of the books; nil answers 503.
	Vault Vault
	// Panels gives the series of panels; nil answers 503.
	Panels Panels
	// Series bounds queries over them.
	Series promql.Limits
	// Publication is the publisher to InfluxDB; nil answers 503.
	Publication Publication
	// Push takes POST /api/v1/readings, Write POST /api/v2/write. Where nil, the
	// route answers 503.
	Push, Write http.Handler
	// Peer answers POST /peer/v1/..., the questions of other instances, and keeps
	// others away by a token of its own; nil answers 503.
	Peer http.Handler
	// Metrics answers GET /metrics; nil likewise.
	Metrics http.Handler
	Watch   Watch
	// Access tells what a caller may do; nil means [Loopback].
	Access Authorizer
	// Factors and Plans are offered, the first of each being the default; nil
	// means those that ship with the program.
	Factors []*factor.Set
	Plans   []*plan.Plan
	Limits  Limits
	Logger  *slog.Logger // nil is silent
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Version is the program's, shown in the document and on the start page.
	Version string
	// Demo tells that much of what is shown was made up; the pages say so.
	Demo bool
}

func (c *Config) validate() error {
	if c.World == nil || c.Books == nil || c.Rejects == nil || c.Desk == nil || c.Health == nil {
		return errors.New("api: World, Books, Rejects, Desk and Health are required")
	}
	return nil
}

// filled gives the configuration with its zero values replaced.
func (c Config) filled() (Config, error) {
	if c.Access == nil {
		c.Access = Loopback{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Watch == nil {
		c.Watch = silence{}
	}
	if c.Version == "" {
		c.Version = "development"
	}
	c.Limits = c.Limits.filled()
	var err error
	if c.Factors == nil {
		if c.Factors, err = shipped(factor.Default, factor.Names(), factor.Load); err != nil {
			return c, err
		}
	}
	if c.Plans == nil {
		c.Plans, err = plan.Shipped()
	}
	return c, err
}

// shipped loads everything that ships, the default first.
func shipped[T any](first string, names []string, load func(string) (T, error)) ([]T, error) {
	var list []T
	for _, name := range append([]string{first}, names...) {
		if name == first && len(list) > 0 {
			continue
		}
		one, err := load(name)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

type silence struct{}

func (silence) Request(string, int, float64) {}
