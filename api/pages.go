package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/swaggest/swgui/v5emb"
)

//go:embed page.html
var pageText string

// securityPolicy keeps pages to what this server gives: networks of public
// institutions have no way to others, and need none.
const securityPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

// mountPages mounts what people look at.
func (s *Server) mountPages() {
	page := template.Must(template.New("page").Parse(pageText))
	s.router.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { s.start(w, r, page) })
	s.mount(operation{
		id: "openapi", route: "GET /openapi.json", tag: tagServer,
		summary: "This document", text: "The contract of this API as OpenAPI 3.1.",
	}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		_, _ = w.Write(s.contract) // an error means that the caller is gone
	}), nil, describedOnly("The document"))
	docs := v5emb.New("Jouleline", "/openapi.json", "/docs/")
	withPolicy := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", securityPolicy)
		docs.ServeHTTP(w, r)
	})
	s.router.Handle("GET /docs", withPolicy)
	s.router.Handle("GET /docs/", withPolicy)
}

// start is the page at the root: what this is, whether it works, where to go.
func (s *Server) start(w http.ResponseWriter, r *http.Request, page *template.Template) {
	var body bytes.Buffer
	err := page.Execute(&body, map[string]any{
		"Version": s.config.Version,
		"Reasons": s.config.Health.NotReady(r.Context()),
		"Year":    s.config.Now().Year() - 1,
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", securityPolicy)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = body.WriteTo(w) // an error means that the caller is gone
}

// describedOnly documents an answer that has no schema.
func describedOnly(description string) *huma.Response {
	return &huma.Response{Description: description}
}
