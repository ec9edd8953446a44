package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"jouleline/api/problem"
)

// fail answers a request with a problem.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problems.Of(r.Context(), err)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	allow(w, err)
	if strings.HasPrefix(r.URL.Path, prometheusPrefix) {
		failPrometheus(w, p)
		return
	}
	w.Header().Set("Content-Type", problem.MediaType)
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(p) // an error means that the caller is gone
	}
}

// allow names the methods that a path knows, where the error is that it was asked by
// another.
func allow(w http.ResponseWriter, err error) {
	if e, ok := errors.AsType[*problem.MethodError](err); ok {
		w.Header().Set("Allow", e.Allowed)
	}
}
