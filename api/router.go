package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"jouleline/api/access"
	"jouleline/api/contract"
	site "jouleline/api/page"
	"jouleline/api/peer"
	"jouleline/api/problem"
	"jouleline/api/table"
)

// router finds the handler of a request and lets nobody past without a grant for
// it. It is what the OpenAPI library registers its operations at.
type router struct {
	mux      *http.ServeMux
	server   *Server
	patterns []string
	// pages answer requests for pages that cannot be answered.
	pages interface {
		Refuse(w http.ResponseWriter, r *http.Request, err error)
	}
}

// HandleFunc registers a handler; see Handle.
func (r *router) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	r.Handle(pattern, http.HandlerFunc(handler))
}

// Handle registers a handler. A pattern without a rule is a broken promise.
func (r *router) Handle(pattern string, handler http.Handler) {
	if _, ok := rules[pattern]; !ok {
		panic(fmt.Sprintf("api: route %q has no rule", pattern))
	}
	r.patterns = append(r.patterns, pattern)
	r.mux.Handle(pattern, handler)
}

// ServeHTTP answers a request: not found, not allowed, or by its handler within
// its time.
func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	_, pattern := r.mux.Handler(req)
	rule, ok := rules[pattern]
	if !ok {
		r.turnAway(w, req)
		return
	}
	if seen, ok := w.(*recorder); ok {
		seen.pattern = pattern
	}
	req = fromCookie(req, rule)
	grant, err := r.grant(req, rule)
	if err != nil && rule.page {
		r.pages.Refuse(w, req, err)
		return
	}
	if err != nil {
		r.server.fail(w, req, err)
		return
	}
	ctx := access.WithGrant(req.Context(), grant)
	limit := r.server.config.Limits.Ask
	if rule.changes {
		limit = r.server.config.Limits.Change
	}
	if rule.scope != access.Push { // the gateway keeps its own time
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	req = req.WithContext(ctx)
	if strings.HasPrefix(req.URL.Path, "/api/") {
		req = byAddress(req)
		req.Header.Set("Accept", contract.Negotiate(req.Header.Get("Accept")))
	}
	r.mux.ServeHTTP(w, req)
}

// fromCookie takes the token of a browser that has signed in, for requests that
// change nothing and for forms of pages.
func fromCookie(req *http.Request, rule rule) *http.Request {
	isReading := req.Method == http.MethodGet || req.Method == http.MethodHead
	cookie, err := req.Cookie(site.TokenCookie)
	if err != nil || !isReading && !rule.form || req.Header.Get("Authorization") != "" {
		return req
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+cookie.Value)
	return req
}

// formats are the encodings that an address itself can ask for, since a link of a
// page sends no header of its own.
var formats = map[string]string{"json": contract.JSONType, "csv": contract.CSVType, "xlsx": table.XLSXType}

// byAddress takes the parameter as of a question in place of its Accept header.
// Another value stays, and is refused as an unknown parameter is.
func byAddress(req *http.Request) *http.Request {
	q := req.URL.Query()
	mediaType, ok := formats[q.Get("as")]
	if !ok || req.Method != http.MethodGet {
		return req
	}
	q.Del("as")
	req = req.Clone(req.Context())
	req.URL.RawQuery = q.Encode()
	req.Header.Set("Accept", mediaType)
	return req
}

// grant finds out whether the sender may use a route.
func (r *router) grant(req *http.Request, rule rule) (access.Grant, error) {
	if rule.scope == access.Public {
		return access.Grant{Scope: access.Public}, nil
	}
	grant, err := r.server.config.Access.Authorize(req)
	switch {
	case err != nil:
		return access.Grant{}, err
	case !grant.Scope.Covers(rule.scope):
		return access.Grant{}, fmt.Errorf("%w: got scope %s, want %s", problem.ErrForbidden, grant.Scope, rule.scope)
	case rule.whole && grant.IsLimited():
		return access.Grant{}, fmt.Errorf("%w: this speaks of everything, and your token of a part", problem.ErrForbidden)
	}
	return grant, nil
}

// turnAway answers what no route takes: who looks at pages with a page, all others
// with a problem. What lies below the addresses of programs is theirs, whoever asks.
func (r *router) turnAway(w http.ResponseWriter, req *http.Request) {
	err := r.unmatched(req)
	w.Header().Add("Vary", "Accept")
	for _, prefix := range []string{"/api/", prometheusPrefix, peer.Path} {
		if strings.HasPrefix(req.URL.Path, prefix) {
			r.server.fail(w, req, err)
			return
		}
	}
	if !contract.WantsPage(req.Header.Get("Accept")) {
		r.server.fail(w, req, err)
		return
	}
	allow(w, err)
	r.pages.Refuse(w, req, err)
}

// unmatched tells an unknown path from a known one with another method.
func (r *router) unmatched(req *http.Request) error {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := req.Clone(req.Context())
		other.Method = method
		if _, pattern := r.mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		return &problem.MethodError{Got: req.Method, Allowed: strings.Join(allowed, ", ")}
	}
	return fmt.Errorf("%w: %s; see /docs", problem.ErrNoRoute, problem.Clip(req.URL.Path))
}
