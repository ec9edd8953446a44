// Package influxtest is an InfluxDB 2.x for tests, as strict as the real one about
// what it is sent.
//
// It answers writes and deletions as 2.9.1 was measured to: a malformed line is 400
// and nothing of the request is written; a field of another type, or a point that is
// older than the retention, is 422 and the rest is written; a wrong token is 401, a
// missing bucket 404, a request that names no organization 400, a body that is too
// large 413. It refuses what 2.x refuses and
// knows no queries: tests look at its points. It fails on demand, before or after
// it has taken a request.
package influxtest

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the server accepts.
const (
	Org    = "jouleline"
	Bucket = "energy"
	Token  = "token-of-the-test"
)

// Failure is how a request goes wrong.
type Failure struct {
	// Status is answered; 0 closes the connection without an answer.
	Status int
	// RetryAfter is the header's seconds; 0 leaves it out.
	RetryAfter int
	// Taken tells that the request is carried out before it fails.
	Taken bool
	// Foreign tells that it is not InfluxDB that answers, but a proxy before it, in
	// a text of its own.
	Foreign bool
}

// Server is the fake. Its methods are safe for concurrent use.
type Server struct {
	*httptest.Server

	mu sync.Mutex // guards what follows
	// fail decides for each request, nil for none, whether it fails.
	fail      func() *Failure
	retention time.Time
	maxBody   int64
	slowAbove int // points of a request that takes slowFor; 0 is never
	slowFor   time.Duration
	points    map[string]map[string]any // series and timestamp -> fields
	types     map[string]string         // measurement and field -> type
	writes    int
}

// New starts a server; it ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{points: map[string]map[string]any{}, types: map[string]string{}, maxBody: 50 << 20}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v2/write", s.guard(s.write))
	mux.HandleFunc("POST /api/v2/delete", s.guard(s.erase))
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// Fail lets each request ask whether it fails; nil ends that.
func (s *Server) Fail(decide func() *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = decide
}

// Retain refuses points before a moment from now on.
func (s *Server) Retain(from time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retention = from
}

// LimitBody answers 413 to bodies, unpacked, of more bytes.
func (s *Server) LimitBody(bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.maxBody = bytes
}

// Slow lets writes of more than some points take a while, too long for their sender:
// they are not carried out.
func (s *Server) Slow(points int, while time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowAbove, s.slowFor = points, while
}

// Put writes a line as if another program had.
func (s *Server) Put(t testing.TB, line string) {
	t.Helper()
	p, err := parse(line)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if why := s.take(p); why != "" {
		t.Fatal(why)
	}
}

// Points gives all points, by series and timestamp as in line protocol.
func (s *Server) Points() map[string]map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]map[string]any, len(s.points))
	for key, fields := range s.points {
		all[key] = maps.Clone(fields)
	}
	return all
}

// Writes gives the number of write requests.
func (s *Server) Writes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// guard lets a request fail, or looks at its token, org and bucket first.
func (s *Server) guard(work func(http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		var failure *Failure
		if s.fail != nil {
			failure = s.fail()
		}
		if failure != nil {
			if failure.Taken {
				work(httptest.NewRecorder(), r)
			}
			if failure.Status == 0 {
				panic(http.ErrAbortHandler)
			}
			if failure.RetryAfter > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(failure.RetryAfter))
			}
			if failure.Foreign {
				http.Error(w, "Client sent an HTTP request to an HTTPS server.", failure.Status)
				return
			}
			refuse(w, failure.Status, "injected", "a failure that was asked for")
			return
		}
		work(w, r)
	}
}

// admits looks at who asks for what.
func admits(w http.ResponseWriter, r *http.Request) bool {
	q := r.URL.Query()
	switch {
	case r.Header.Get("Authorization") != "Token "+Token:
		refuse(w, http.StatusUnauthorized, "unauthorized", "unauthorized access")
	case q.Get("org") == "":
		refuse(w, http.StatusBadRequest, "invalid", "Please provide either orgID or org")
	case q.Get("org") != Org:
		refuse(w, http.StatusNotFound, "not found", fmt.Sprintf("organization name %q not found", q.Get("org")))
	case q.Get("bucket") != Bucket:
		refuse(w, http.StatusNotFound, "not found", fmt.Sprintf("bucket %q not found", q.Get("bucket")))
	default:
		return true
	}
	return false
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"code": code, "message": message}) // the test's client sees what arrives
}

func (s *Server) write(w http.ResponseWriter, r *http.Request) {
	s.writes++
	if !admits(w, r) {
		return
	}
	if precision := r.URL.Query().Get("precision"); precision != "s" {
		refuse(w, http.StatusBadRequest, "invalid", fmt.Sprintf("the fake knows precision s, got %q", precision))
		return
	}
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			refuse(w, http.StatusBadRequest, "invalid", err.Error())
			return
		}
		body = unpacked
	}
	text, err := io.ReadAll(io.LimitReader(body, s.maxBody+1))
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest, "invalid", err.Error())
		return
	case int64(len(text)) > s.maxBody:
		refuse(w, http.StatusRequestEntityTooLarge, "request too large", fmt.Sprintf("unable to read data: points in batch is too large, limit %d", s.maxBody))
		return
	}
	var points []point
	for number, line := range strings.Split(string(text), "\n") {
		if line == "" {
			continue
		}
		p, err := parse(line)
		if err != nil { // nothing of the request is written
			refuse(w, http.StatusBadRequest, "invalid", fmt.Sprintf("unable to parse '%s': line %d: %v", line, number+1, err))
			return
		}
		points = append(points, p)
	}
	if s.slowAbove > 0 && len(points) > s.slowAbove {
		s.mu.Unlock() // others are answered meanwhile
		select {
		case <-r.Context().Done():
		case <-time.After(s.slowFor):
		}
		s.mu.Lock()
		panic(http.ErrAbortHandler)
	}
	dropped, why := 0, ""
	for _, p := range points {
		if reason := s.take(p); reason != "" {
			dropped++
			why = reason
		}
	}
	if dropped > 0 {
		refuse(w, http.StatusUnprocessableEntity, "unprocessable entity", fmt.Sprintf("failure writing points to database: partial write: %s dropped=%d", why, dropped))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// take writes a point, or tells why not.
func (s *Server) take(p point) (why string) {
	if p.at.Before(s.retention) {
		return "points beyond retention policy"
	}
	for name, value := range p.fields {
		key := p.measurement + " " + name
		kind := fmt.Sprintf("%T", value)
		if had, ok := s.types[key]; ok && had != kind {
			return fmt.Sprintf("field type conflict: input field %q on measurement %q is type %s, already exists as type %s", name, p.measurement, kind, had)
		}
	}
	key := p.key()
	if s.points[key] == nil {
		s.points[key] = map[string]any{}
	}
	for name, value := range p.fields {
		s.types[p.measurement+" "+name] = fmt.Sprintf("%T", value)
		s.points[key][name] = value
	}
	return ""
}

// erase deletes the points of a predicate from start to stop, both included.
func (s *Server) erase(w http.ResponseWriter, r *http.Request) {
	if !admits(w, r) {
		return
	}
	var q struct {
		Start, Stop time.Time
		Predicate   string
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		refuse(w, http.StatusBadRequest, "invalid", err.Error())
		return
	}
	want, err := parsePredicate(q.Predicate)
	if err != nil || q.Stop.Before(q.Start) {
		refuse(w, http.StatusBadRequest, "invalid", fmt.Sprintf("predicate %q from %s to %s: %v", q.Predicate, q.Start, q.Stop, err))
		return
	}
	for key := range s.points {
		p, err := parse(key[:strings.LastIndexByte(key, ' ')] + " x=1" + key[strings.LastIndexByte(key, ' '):])
		if err != nil {
			panic("influxtest: own key: " + err.Error())
		}
		if !p.at.Before(q.Start) && !p.at.After(q.Stop) && p.matches(want) {
			delete(s.points, key)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
