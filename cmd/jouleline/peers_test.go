package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"jouleline/bench/sim"
	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// line is the way to an instance: an address that stays while the instance behind
// it comes and goes. Nobody behind it is a connection that breaks.
type line struct {
	*httptest.Server
	target atomic.Pointer[url.URL]
	// stuck, where it is set, keeps questions waiting until it is closed.
	stuck atomic.Pointer[chan struct{}]
}

func newLine(t testing.TB) *line {
	l := &line{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stuck := l.stuck.Load(); stuck != nil {
			select {
			case <-*stuck:
			case <-r.Context().Done():
			}
		}
		target := l.target.Load()
		if target == nil {
			panic(http.ErrAbortHandler)
		}
		// A question that is still being handed on when its answer begins would be
		// cut, and the answer with it.
		question, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(question))
		way := httputil.NewSingleHostReverseProxy(target)
		way.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) } // a process that is gone breaks it too
		way.ServeHTTP(w, r)
	}))
	t.Cleanup(l.Close)
	return l
}

// connect puts an instance behind the line, nil takes it away.
func (l *line) connect(s *testServer) {
	if s == nil {
		l.target.Store(nil)
		return
	}
	l.target.Store(&url.URL{Scheme: "http", Host: strings.TrimPrefix(s.Server, "http://")})
}

// trio is a single instance, and a and b, which own two partitions each of one
// topic. All three get the same.
type trio struct {
	t            *testing.T
	single, a, b *testServer
	lineA, lineB *line
	flagsB       ServerFlags
	startB       func(flags ServerFlags) *testServer
	then         string // a moment after all readings were booked, for known_at
}

const trioToken = "a-token-that-only-the-test-instances-share"

// newTrio starts the three on a's embedded broker, or on a cluster.
func newTrio(t *testing.T, cluster string) *trio {
	t.Helper()
	return newTrioWith(t, cluster, func(flags ServerFlags) *testServer { return mustServeWith(t, flags, os.Stderr) })
}

// newTrioWith is newTrio where b is started in a way of one's own.
func newTrioWith(t *testing.T, cluster string, startB func(ServerFlags) *testServer) *trio {
	t.Helper()
	tr := &trio{t: t, lineA: newLine(t), lineB: newLine(t), startB: startB}
	token := t.TempDir() + "/token"
	writeFile(t, token, trioToken+"\n")
	flags := func(partitions string, peer *line) ServerFlags {
		f := embedded(t.TempDir())
		f.Partitions, f.PeerToken, f.Peers = partitions, token, []string{peer.URL}
		if cluster != "" {
			f.Kafka = cluster
		}
		return f
	}
	tr.a = mustServeWith(t, flags("0-1", tr.lineB), os.Stderr)
	if cluster == "" {
		cluster = tr.a.broker.Addr()
	}
	tr.flagsB = flags("2-3", tr.lineA)
	tr.flagsB.Kafka = cluster
	tr.single = mustServe(t, t.TempDir())
	tr.lineA.connect(tr.a)
	tr.restartB()
	return tr
}

// killB ends b as its peers see it.
func (tr *trio) killB() {
	tr.lineB.connect(nil)
	tr.b.stop()
}

// restartB starts b, on the books that it left where it ran before.
func (tr *trio) restartB() {
	tr.t.Helper()
	tr.b = tr.startB(tr.flagsB)
	tr.lineB.connect(tr.b)
}

func (tr *trio) settle() {
	tr.t.Helper()
	for _, s := range []*testServer{tr.single, tr.a, tr.b, tr.a} { // what is forwarded is on the topic before its offset is stored
		s.settle()
	}
}

// importTables imports through one of the two, and into the single one.
func (tr *trio) importTables(through *testServer, tables registry.Tables) {
	tr.t.Helper()
	packed, err := zipTables(tables)
	if err != nil {
		tr.t.Fatal(err)
	}
	for _, s := range []*testServer{through, tr.single} {
		if _, err := s.send(tr.t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed)); err != nil {
			tr.t.Fatal(err)
		}
	}
}

// fetch gives the status and body of a GET, or of a POST where there is a body.
func (s *testServer) fetch(path string, body ...string) (int, string) {
	s.t.Helper()
	method, content := http.MethodGet, ""
	if len(body) > 0 {
		method, content = http.MethodPost, body[0]
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.Server+path, strings.NewReader(content))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// ownMoments are what each instance says of itself: when it took or recorded
// something, and under which number a rejected row stands.
var ownMoments = regexp.MustCompile(`"(received|recorded|asked|now|age_s|known_at|created|registry|sequence|next|offset|partition|instance)":("[^"]*"|[0-9]+|null)|recorded [0-9T:+.-]+`)

func withoutOwnMoments(text string) string { return ownMoments.ReplaceAllString(text, "") }

// same asks all three and wants one answer.
func (tr *trio) same(path string, body ...string) {
	tr.t.Helper()
	status, want := tr.single.fetch(path, body...)
	want = withoutOwnMoments(want)
	if status != http.StatusOK {
		tr.t.Errorf("%s: the single instance answers %d: %s", path, status, want)
	}
	for name, s := range map[string]*testServer{"a": tr.a, "b": tr.b} {
		gotStatus, got := s.fetch(path, body...)
		if got = withoutOwnMoments(got); gotStatus != status || got != want {
			tr.t.Errorf("%s of %s: got %d\n%s\nwant %d\n%s", path, name, gotStatus, around(got, want), status, around(want, got))
		}
	}
}

// around shows where a text begins to differ from another.
func around(text, other string) string {
	at := 0
	for at < len(text) && at < len(other) && text[at] == other[at] {
		at++
	}
	return fmt.Sprintf("(%d bytes, from byte %d) ...%s", len(text), at, text[max(0, at-120):min(len(text), at+240)])
}

// trioWorld is a simulated province and measured houses.
type trioWorld struct {
	province *sim.Province
	tables   registry.Tables
	readings []schema.Reading
}

// newTrioWorld draws a world with all that readings may have wrong: repeated,
// corrected, implausible, late, of unknown meters, of units that do not fit.
func newTrioWorld(t *testing.T, random *rand.Rand) *trioWorld {
	t.Helper()
	province, err := sim.NewProvince(random.Uint64(), 24)
	if err != nil {
		t.Fatal(err)
	}
	houses, err := loadHouses()
	if err != nil {
		t.Fatal(err)
	}
	w := &trioWorld{province: province}
	if w.tables, err = demoTables(province, houses); err != nil {
		t.Fatal(err)
	}
	w.readings = slices.Collect(province.Readings)
	for r := range houses.readings() {
		if r.Meter == meterOfHouse(0) || random.IntN(300) == 0 {
			w.readings = append(w.readings, r)
		}
	}
	for range 200 {
		r := w.readings[random.IntN(len(w.readings))]
		switch random.IntN(4) {
		case 0:
		case 1:
			r.Value, r.Revision = r.Value/2, 1
		case 2:
			r.Value *= 1000
		case 3:
			r.Meter = fmt.Sprintf("unknown-%d", random.IntN(9))
		}
		w.readings = append(w.readings, r)
	}
	return w
}

// partitionOfMeter is the partition of a meter on the test's topics.
func partitionOfMeter(meter string) int { return ingest.PartitionOf(meter, 4) }
