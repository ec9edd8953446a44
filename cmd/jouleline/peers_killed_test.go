package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
)

// One of two instances is a process of its own and is killed while it takes
// readings, books them and hands on those of the other's partitions. The other
// names what it lacks; started again, the killed one catches up by itself, and both
// answer as a single instance does that nothing happened to.
func TestPeers_KilledProcess(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	tr := newTrioWith(t, "", func(flags ServerFlags) *testServer {
		c := startChild(t, flags.Data, "--kafka", flags.Kafka, "--partitions", flags.Partitions, "--peers", flags.Peers[0],
			"--peer-token-file", flags.PeerToken, "--memory", flags.Memory)
		c.Format = "json"
		b := &testServer{Remote: c.Remote, t: t, stop: sync.OnceFunc(func() { c.kill(t) })}
		t.Cleanup(b.stop)
		return b
	})
	w := newTrioWorld(t, random)
	tr.importTables(tr.a, w.tables)
	kills := 3
	if testing.Short() {
		kills = 1
	}
	rest := w.readings
	t.Logf("%d readings", len(rest))
	next := func(most int) (body []byte) {
		n := min(len(rest), most)
		body, rest = encode(rest[:n]), rest[n:]
		return body
	}
	share := len(rest) / (kills + 1)
	for round := range kills {
		tr.produce(round%2+2, next(share/4)) // of all meters: b hands on half of them
		tr.killUnderLoad(random, func() []byte { return next(1 + random.IntN(share/16)) })
		t.Logf("killed; %d readings are still to be sent", len(rest))
		tr.lacksB()
		tr.pushTo(tr.a, "application/x-ndjson", next(share/4)) // goes on through the one that is left
		tr.restartB()
		tr.catchUp(w, round)
	}
	for len(rest) > 0 {
		tr.pushTo([]*testServer{tr.a, tr.b}[random.IntN(2)], "application/x-ndjson", next(2000))
	}
	tr.catchUp(w, kills)
	for _, path := range []string{
		"/api/v1/progress?region=370000&year=2022", "/api/v1/progress/breakdown?region=370000&by=institution&year=2022",
		"/api/v1/consumption?region=370000&carrier=electricity&step=P1M&" + faultYear,
		"/api/v1/consumption?meter=" + meterOfHouse(0) + "&step=PT1H&from=2023-01-01T00:00:00-08:00&to=2023-02-01T00:00:00-08:00",
	} {
		tr.same(path)
	}
	for _, m := range w.province.Meters {
		tr.same("/api/v1/consumption?meter=" + m.ID + "&step=P1M&" + faultYear)
	}
	for name, s := range map[string]*testServer{"a": tr.a, "b": tr.b} {
		if _, text := s.fetch("/api/v1/verify", `{"seed":1}`); !strings.Contains(text, `"sound":true`) {
			t.Errorf("verify at %s: got %s", name, text)
		}
	}
}

// killUnderLoad kills b at some moment while a gateway pushes to it. What b did not
// acknowledge the gateway repeats, to a. The single instance gets everything once.
func (tr *trio) killUnderLoad(random *rand.Rand, next func() []byte) {
	tr.t.Helper()
	dead := make(chan struct{})
	time.AfterFunc(time.Duration(random.IntN(300))*time.Millisecond, func() { tr.b.stop(); close(dead) })
	body := next()
	for {
		if _, err := tr.b.send(tr.t.Context(), http.MethodPost, "/api/v1/readings", "application/x-ndjson", bytes.NewReader(body)); err != nil {
			break
		}
		select {
		case <-dead:
			continue // the same once more, which fails
		default:
		}
		if more := next(); len(more) > 0 {
			tr.single.push("application/x-ndjson", body)
			body = more
		}
	}
	<-dead
	tr.lineB.connect(nil) // its port may become another's
	tr.pushTo(tr.a, "application/x-ndjson", body)
}

// catchUp waits until all three have booked what is on their topics. Of b, which is
// another process, this shows by the last reading of each of its partitions.
func (tr *trio) catchUp(w *trioWorld, round int) {
	tr.t.Helper()
	tr.single.settle()
	tr.a.settle() // what it hands on is on the topic then
	last := schema.InstantOf(time.Date(2025, 3, 1, round, 0, 0, 0, time.UTC))
	marked := map[int]string{}
	for _, m := range w.province.Meters {
		if p := partitionOfMeter(m.ID); !tr.a.owns(m.ID) && marked[p] == "" {
			marked[p] = m.ID
			tr.pushTo(tr.a, "application/x-ndjson", encode([]schema.Reading{{Meter: m.ID, Time: last, Value: schema.Micro}}))
		}
	}
	if len(marked) != 2 {
		tr.t.Fatalf("got meters of %d partitions of b, want 2", len(marked))
	}
	ctx, cancel := context.WithTimeout(tr.t.Context(), patience)
	defer cancel()
	for _, meter := range marked {
		query := url.Values{"meter": {meter}, "from": {last.String()}, "to": {(last + schema.Instant(schema.Hour)).String()}}
		for {
			body, err := tr.b.get(ctx, "/api/v1/readings", query, "application/json")
			if err != nil {
				tr.t.Fatalf("b did not catch up: %v", err)
			}
			var found struct{ Readings []struct{ Time string } }
			if err := json.Unmarshal(body, &found); err != nil {
				tr.t.Fatal(fmt.Errorf("%w in %s", err, body))
			}
			if len(found.Readings) > 0 {
				break
			}
		}
	}
	tr.a.settle() // what b handed on
	tr.single.settle()
}
