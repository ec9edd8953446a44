package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jouleline/analytics/benchmark"
)

// Server answers requests. It is safe for concurrent use.
type Server struct {
	config  Config
	api     huma.API
	router  *router
	worlds  worlds
	changes changes
	// standards are the quotas that consumption standards set.
	standards *benchmark.Standards
	// contract is the document at /openapi.json.
	contract []byte
}

// New makes a server. The error names what the configuration lacks.
func New(config Config) (*Server, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	config, err := config.filled()
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	standards, err := benchmark.LoadStandards()
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	s := &Server{config: config, changes: make(changes, 1), standards: standards}
	s.router = &router{mux: http.NewServeMux(), server: s}
	s.api = humago.New(s.router, contractConfig(config.Version))
	s.registerReadings()
	s.registerRules()
	s.registerConsumption()
	s.registerIndicators()
	s.registerProgress()
	s.registerPlans()
	s.registerAllocation()
	s.registerForecast()
	s.registerDecomposition()
	s.registerBenchmark()
	s.registerSavings()
	s.registerQuality()
	s.registerExplain()
	s.registerReports()
	s.registerMidterm()
	s.registerFilledForms()
	s.registerAnomalies()
	s.registerMutes()
	s.registerRegistry()
	s.registerEvents()
	s.registerBills()
	s.registerForm()
	s.registerWork()
	s.registerTokens()
	s.registerVerify()
	s.registerRejected()
	s.registerInflux()
	s.mountPush()
	s.mountCopies()
	s.mountPeer()
	s.mountHealth()
	if err := s.mountPrometheus(); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	if err := s.mountPages(); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	s.finishContract()
	if s.contract, err = json.Marshal(s.api.OpenAPI()); err != nil {
		return nil, fmt.Errorf("api: write the contract: %w", err)
	}
	return s, nil
}

// Handler answers all routes.
func (s *Server) Handler() http.Handler {
	crossing := http.NewCrossOriginProtection()
	crossing.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, fmt.Errorf("%w: a page of another site sent this", ErrForbidden))
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

// Contract gives the OpenAPI document. It must not be written to.
func (s *Server) Contract() []byte { return s.contract }
