package api

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"jouleline/analytics/benchmark"
	"jouleline/api/access"
	"jouleline/api/admin"
	"jouleline/api/contract"
	"jouleline/api/ledger"
	"jouleline/api/monitor"
	"jouleline/api/panel"
	"jouleline/api/paper"
	"jouleline/api/planner"
	"jouleline/api/problem"
	"jouleline/api/proof"
	"jouleline/api/world"
)

// Server answers requests. It is safe for concurrent use.
type Server struct {
	config   Config
	router   *router
	problems problem.Reporter
	build    *contract.Builder
	library  *world.Library
	planner  *planner.Handlers
	ledger   *ledger.Handlers
	proof    *proof.Handlers
	monitor  *monitor.Handlers
	panels   *panel.Panels
	// contract is the document at /openapi.json.
	contract []byte
}

//go:embed examples/*.json examples/*.txt
var examples embed.FS

// New makes a server. The error names what the configuration lacks.
func New(config Config) (*Server, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	config, err := config.filled()
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	s := &Server{config: config, problems: problem.Reporter{Logger: config.Logger}}
	standards, err := benchmark.LoadStandards()
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	s.library = &world.Library{
		KeptSince: config.KeptSince,
		Source:    config.World, Books: config.Books, Factors: config.Factors, Plans: config.Plans, Limits: config.Limits, Clock: config.Now,
	}
	s.router = &router{mux: http.NewServeMux(), server: s}
	s.panels = panel.New(s.library, config.Panels, standards)
	if err := s.answer(standards); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	return s, nil
}

// answer registers all routes and writes the contract.
func (s *Server) answer(standards *benchmark.Standards) error {
	found, err := fs.Sub(examples, "examples")
	if err != nil {
		return err
	}
	s.build = contract.New(contract.Config{
		Router: s.router, Scope: func(route string) access.Scope { return rules[route].scope },
		Problems: s.problems, Fail: s.fail, Examples: found, Version: s.config.Version,
	})
	c := &s.config
	s.ledger = ledger.Register(s.build, s.library)
	s.planner = planner.Register(s.build, s.library, standards)
	s.monitor = monitor.Register(s.build, s.library, monitor.Config{Rejects: c.Rejects, Stream: c.Stream, Mutes: c.Mutes, Logger: c.Logger})
	s.proof = proof.Register(s.build, s.library, proof.Config{Verifier: c.Verifier, Logger: c.Logger}, s.planner)
	paper.Register(s.build, s.library, paper.Config{Archive: c.Archive, Forms: c.Forms, Logger: c.Logger, Version: c.Version, Demo: c.Demo}, s.planner, s.monitor)
	admin.Register(s.build, s.library, admin.Config{
		Desk: c.Desk, Tokens: c.Tokens, Files: c.Files, Vault: c.Vault, Publication: c.Publication, Logger: c.Logger,
	})
	s.mountPush()
	s.mountPeer()
	s.mountHealth()
	if err := s.mountPrometheus(); err != nil {
		return err
	}
	if err := s.mountPages(); err != nil {
		return err
	}
	s.contract, err = s.build.Finish()
	return err
}

// Handler answers all routes.
func (s *Server) Handler() http.Handler {
	crossing := http.NewCrossOriginProtection()
	crossing.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, fmt.Errorf("%w: a page of another site sent this", problem.ErrForbidden))
	}))
	return s.watched(s.bounded(crossing.Handler(s.router)))
}

// HTTP gives a server for the handler with limits of its own: on headers, on the
// time in which they must come, and on how long an idle connection or a slow
// reader is kept. Its address is the caller's to set.
func (s *Server) HTTP() *http.Server {
	return &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		WriteTimeout:      s.config.Limits.Change + time.Minute, // longer than the longest work
		MaxHeaderBytes:    32 << 10,
	}
}

// Prepare makes ready what the first question about all institutions would have to,
// where that was not done yet.
func (s *Server) Prepare(ctx context.Context) error { return s.panels.Prepare(ctx) }

// Contract gives the OpenAPI document. It must not be written to.
func (s *Server) Contract() []byte { return s.contract }
