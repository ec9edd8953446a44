package api

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"jouleline/api/problem"
)

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status  int
	bytes   int64
	pattern string
}

// WriteHeader remembers the first status.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts what is written.
func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// watched counts and logs every request, without its query, which may hold a
// secret, and turns a panic into a problem.
func (s *Server) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := rand.Text()[:12]
		r = r.WithContext(problem.WithRequest(r.Context(), id))
		seen := &recorder{ResponseWriter: w}
		seen.Header().Set("X-Request-Id", id)
		seen.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			if broken := recover(); broken != nil {
				if broken == http.ErrAbortHandler {
					panic(broken)
				}
				s.config.Logger.Error("panic in a handler", "request", id, "path", r.URL.Path, "panic", fmt.Sprint(broken), "stack", string(debug.Stack()))
				if seen.status == 0 {
					s.fail(seen, r, problem.ErrBroken)
				}
			}
			took := time.Since(start)
			s.config.Watch.Request(seen.pattern, seen.status, took.Seconds())
			s.config.Logger.Debug("request", "request", id, "method", r.Method, "path", r.URL.Path,
				"status", seen.status, "bytes", seen.bytes, "took", took)
		}()
		next.ServeHTTP(seen, r)
	})
}

// bounded refuses requests whose query is too long.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, most := len(r.URL.RawQuery), s.config.Limits.Query; got > most {
			s.fail(w, r, fmt.Errorf("%w: got %d bytes of query, want at most %d", problem.ErrTooLong, got, most))
			return
		}
		next.ServeHTTP(w, r)
	})
}
