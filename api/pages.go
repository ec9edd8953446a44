package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/swaggest/swgui/v5emb"

	"jouleline/api/contract"
	site "jouleline/api/page"
	"jouleline/api/problem"
)

// docsPolicy keeps the documentation to what this server gives: networks of
// public institutions have no way to others, and need none. The viewer has
// scripts and styles in its page, so they are allowed there and nowhere else.
const docsPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

// mountPages mounts what people look at.
func (s *Server) mountPages() error {
	config := site.Config{
		Answers: pageAnswers{s}, Plan: s.config.Plans[0], Now: s.config.Now, Version: s.config.Version, FinePoints: s.config.Limits.Fine, Demo: s.config.Demo,
		Problem: func(r *http.Request, err error) (int, string, string) {
			if errors.Is(err, site.ErrForm) {
				err = fmt.Errorf("%w: %w", problem.ErrQuestion, err)
			}
			p := s.problems.Of(r.Context(), err)
			return p.Status, p.Code, p.Detail
		},
	}
	pages, err := site.New(config)
	if err != nil {
		return err
	}
	s.router.pages = pages
	for pattern, handler := range pages.Routes() {
		s.router.Handle(pattern, handler)
	}
	s.build.Mount(contract.Operation{
		ID: "openapi", Route: "GET /openapi.json", Tag: contract.TagServer,
		Summary: "This document", Text: "The contract of this API as OpenAPI 3.1.",
	}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		_, _ = w.Write(s.contract) // an error means that the caller is gone
	}), nil, contract.DescribedOnly("The document"))
	docs := v5emb.New("Jouleline", "/openapi.json", "/docs/")
	withPolicy := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", docsPolicy)
		docs.ServeHTTP(w, r)
	})
	s.router.Handle("GET /docs", withPolicy)
	s.router.Handle("GET /docs/", withPolicy)
	return nil
}
