package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"jouleline/api/access"
	"jouleline/api/admin"
	"jouleline/api/monitor"
	"jouleline/api/panel"
	"jouleline/api/paper"
	"jouleline/api/promql"
	"jouleline/api/proof"
	"jouleline/api/world"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
)

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
	World   world.Source
	Books   world.Books
	Rejects monitor.Rejects
	Desk    admin.Desk
	Health  Health
	// Archive keeps frozen reports; nil answers 503.
	Archive paper.Archive
	// Mutes keeps which findings are muted; nil mutes nothing and answers 503.
	Mutes monitor.Mutes
	// Tokens keeps the tokens of callers; nil answers 503.
	Tokens admin.Tokens
	// Verifier holds the books against the readings; nil answers 503.
	Verifier proof.Verifier
	// Stream tells how readings come in; nil leaves that out of the quality.
	Stream monitor.Stream
	// Files reads bills and forms; nil answers 503.
	Files admin.Files
	// Forms fills in statistical forms; nil answers 503.
	Forms paper.Forms
	// KeptSince tells up to which moment readings may have been let go, while their
	// books stay; 0 where all are kept. Nil: all are.
	KeptSince func(ctx context.Context) (schema.Instant, error)
	// Vault makes copies of the books; nil answers 503.
	Vault admin.Vault
	// Panels gives the series of panels; nil answers 503.
	Panels panel.Source
	// Series bounds queries over them.
	Series promql.Limits
	// Publication is the publisher to InfluxDB; nil answers 503.
	Publication admin.Publication
	// Push takes POST /api/v1/readings, Write POST /api/v2/write. Where nil, the
	// route answers 503.
	Push, Write http.Handler
	// Peer answers POST /peer/v1/..., the questions of other instances, and keeps
	// others away by a token of its own; nil answers 503.
	Peer http.Handler
	// Metrics answers GET /metrics; nil likewise.
	Metrics http.Handler
	Watch   Watch
	// Access tells what a caller may do; nil means [access.Loopback].
	Access access.Authorizer
	// Factors and Plans are offered, the first of each being the default; nil
	// means those that ship with the program.
	Factors []*factor.Set
	Plans   []*plan.Plan
	Limits  access.Limits
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
		c.Access = access.Loopback{}
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
	c.Limits = c.Limits.Filled()
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
