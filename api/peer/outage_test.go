package peer

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// fewBooks are books of which only the counts are asked.
type fewBooks struct{ Books }

func (fewBooks) RejectedCounts(context.Context) (map[schema.Code]int64, error) {
	return map[schema.Code]int64{schema.BadTime: 1}, nil
}

func (fewBooks) ParkedMeters(context.Context) (map[string]int64, error) { return nil, nil }

// oneWorld has one registry.
type oneWorld struct {
	World
	registry *registry.Registry
}

func (w oneWorld) Registry(context.Context) (*registry.Registry, error) { return w.registry, nil }

// line leads to a handler, and breaks for the kinds of questions that it is told.
type line struct {
	to     http.Handler
	broken map[kind]bool // no answer at all
	late   map[kind]bool // an answer that comes when nobody waits any more
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	k := kind(strings.TrimPrefix(r.URL.Path, Path))
	if l.broken[k] {
		return nil, errors.New("connection reset")
	}
	if l.late[k] {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	w := httptest.NewRecorder()
	l.to.ServeHTTP(w, r)
	return w.Result(), nil
}

// A pair is a client and what it logs.
type pair struct {
	t   *testing.T
	log strings.Builder
	now time.Time
	line
	*Client
}

// newPair makes a client of one instance that asks another.
func newPair(t *testing.T) *pair {
	reg, err := registry.Build(registry.Tables{}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	instance := func(owned ...int) *Instance {
		return &Instance{
			Books: fewBooks{}, World: oneWorld{registry: reg}, Owned: owned,
			Log: posting.Log{Cluster: "c", Topic: "readings", Partitions: 2},
		}
	}
	p := &pair{t: t, now: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}
	if p.to, err = NewHandler(instance(1), "secret", slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	p.Client, err = NewClient(instance(0), Config{
		Peers: []string{"http://b:8080"}, Token: "secret", HTTP: &http.Client{Transport: &p.line},
		Log: slog.New(slog.NewTextHandler(&p.log, nil)), Now: func() time.Time { return p.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ask puts a question of each kind and wants what is logged meanwhile: the level
// and the question of each line.
func (p *pair) ask(want string, kinds ...kind) {
	p.t.Helper()
	p.log.Reset()
	ctx, _ := Tolerate(p.t.Context())
	for _, k := range kinds {
		if _, err := p.counts(ctx, k); err != nil {
			p.t.Fatal(err)
		}
	}
	var got []string
	for text := range strings.Lines(p.log.String()) {
		if !strings.Contains(text, " peer=http://b:8080 ") {
			p.t.Errorf("got %s, want the instance named", text)
		}
		level, question := cutOut(text, "level=", " "), strings.TrimSpace(cutOut(text, "question=", " "))
		got = append(got, level+" "+question)
	}
	if strings.Join(got, ", ") != want {
		p.t.Errorf("got %q logged, want %q:\n%s", strings.Join(got, ", "), want, p.log.String())
	}
}

// cutOut gives the text behind a mark, up to another or the end.
func cutOut(text, mark, end string) string {
	_, text, _ = strings.Cut(text, mark)
	text, _, _ = strings.Cut(text, end)
	return text
}

func TestClient_LogsAnInstanceOncePerChange(t *testing.T) {
	p := newPair(t)
	p.ask("", parked, rejectedCounts, parked)

	// lost in the middle of a question, gone for good, and back
	p.broken = map[kind]bool{parked: true}
	p.ask("WARN parked", parked)
	p.broken[hello] = true
	p.ask("", parked, rejectedCounts, parked)
	p.broken = nil
	p.ask("INFO hello", parked, rejectedCounts, parked)

	// it says hello, and breaks off one kind of question again and again
	p.broken = map[kind]bool{parked: true}
	p.ask("WARN parked", rejectedCounts, parked, rejectedCounts, parked, parked)
	p.broken = nil
	p.ask("INFO parked", rejectedCounts, parked, parked)

	// it broke off a question and answered since: that it is gone then is news
	p.broken = map[kind]bool{parked: true}
	p.ask("WARN parked", parked, rejectedCounts)
	p.broken[hello], p.broken[rejectedCounts] = true, true
	p.ask("WARN hello", rejectedCounts, rejectedCounts, parked)
	p.broken = nil
	p.ask("INFO hello", parked, rejectedCounts)
}

// What an instance that is not asked for a while did not answer is not news.
func TestClient_LogsSilenceOnce(t *testing.T) { synctest.Test(t, logsSilenceOnce) }

func logsSilenceOnce(t *testing.T) {
	p := newPair(t)
	p.late = map[kind]bool{parked: true}
	p.ask("WARN parked", parked, parked, parked)
	for range 3 {
		p.now = p.now.Add(silence)
		p.ask("", parked, parked)
	}
	p.now, p.late = p.now.Add(silence), nil
	p.ask("INFO parked", parked, parked)
}

// An instance of another registry than ours is told once too, as long as it is so.
func TestClient_LogsAnotherRegistryOnce(t *testing.T) {
	p := newPair(t)
	other, err := registry.Build(registry.Tables{"stations.csv": []byte("id,name,latitude,longitude\n54823,Jinan,36.6,117\n")}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, _ := Tolerate(t.Context())
	put := func(want string) {
		t.Helper()
		p.log.Reset()
		for range 3 {
			v, err := p.survey(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.put(ctx, parked, v.all(&question{}), true); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Count(p.log.String(), "level="); got != 1 || !strings.Contains(p.log.String(), want) {
			t.Errorf("got %s, want one line with %s", p.log.String(), want)
		}
	}
	ours := p.self.World
	p.self.World = oneWorld{registry: other}
	put("level=WARN")
	p.self.World = ours
	put("level=INFO")
}

// A registry that is imported here between the survey and the question: this
// instance's own part cannot be added to what the others sum by the old one.
func TestClient_RegistryChangesMeanwhile(t *testing.T) {
	p := newPair(t)
	v, err := p.survey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, err := registry.Build(registry.Tables{"stations.csv": []byte("id,name,latitude,longitude\n54823,Jinan,36.6,117\n")}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.self.World = oneWorld{registry: other}
	answers, err := v.put(t.Context(), parked, v.all(&question{}), true)
	if err != nil {
		t.Fatal(err)
	}
	missing := v.missing()
	if answers[0] != nil || answers[1] == nil || missing == nil || len(missing.Partitions) != 1 || missing.Partitions[0] != 0 || !strings.Contains(missing.Error(), "ask again") {
		t.Errorf("got answers %v, missing %v, want this instance's partition 0 missing only", answers, missing)
	}
}
