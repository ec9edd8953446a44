package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/ingest"
	"jouleline/ingest/pipeline"
	"jouleline/metrics/books/model"
	"jouleline/metrics/calendar"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/codec"
	"jouleline/schema/registry"
	"jouleline/store"
)

// lives are random histories of meters that share a registry, a log and a store.
type lives []model.History

func lifeName(i int) string { return fmt.Sprintf("H%02d", i) }

// tables is the registry when the first share of each history is known.
func (l lives) tables(zone *calendar.Zone, share func(steps int) int) registry.Tables {
	profiles := "meter,valid_from,day_type,hour,weight,version,author,reason\n"
	meters := "id,building,carrier,kind,unit,multiplier,register_max,max_rate\n"
	events := "meter,time,event,final,initial,multiplier\n"
	given := func(q schema.Quantity, ok bool) string {
		if !ok {
			return ""
		}
		return q.String()
	}
	for i, h := range l {
		unit := schema.KilowattHour
		if h.Kind == schema.Power {
			unit = schema.Kilowatt
		}
		meters += fmt.Sprintf("%s,B,electricity,%s,%s,%d,%s,%s\n", lifeName(i), h.Kind, unit, h.Multiplier,
			given(h.RegisterMax, h.RegisterMax > 0), given(h.MaxRate, h.MaxRate > 0))
		for _, p := range h.Profiles(zone) {
			from := max(p.From, schema.DayOf(2000, 1, 1)) // before every reading
			for day := range p.Weights {
				for hour, weight := range p.Weights[day] {
					profiles += fmt.Sprintf("%s,%s,%s,%d,%s,%s,a,b\n", lifeName(i), from, schema.DayType(day), hour, weight, p.Version)
				}
			}
		}
		for k := range h.Steps[:share(len(h.Steps))] {
			if s := &h.Steps[k]; s.Do == model.Enter {
				e := s.EventOf(lifeName(i))
				multiplier := ""
				if s.Multiplier != 0 {
					multiplier = fmt.Sprint(s.Multiplier)
				}
				events += fmt.Sprintf("%s,%s,%s,%s,%s,%s\n", e.Meter, e.Time, e.Kind, given(e.Final, e.HasFinal), given(e.Initial, e.HasInitial), multiplier)
			}
		}
	}
	return registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nI,x,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nB,I,b\n"),
		registry.MetersFile:       []byte(meters),
		registry.EventsFile:       []byte(events),
		registry.ProfilesFile:     []byte(profiles),
	}
}

// send appends the readings of a share of each history to the log, the meters
// taking turns.
func (l lives) send(log *memoryLog, from, to func(steps int) int) {
	for k := 0; ; k++ {
		more := false
		for i, h := range l {
			at := from(len(h.Steps)) + k
			if at >= to(len(h.Steps)) {
				continue
			}
			more = true
			if s := &h.Steps[at]; s.Do == model.Read {
				p := h.Point(s)
				r := schema.Reading{Meter: lifeName(i), Time: p.Time, Value: p.Value, Revision: p.Revision, Deleted: p.Deleted}
				if h.Kind.HasStart() {
					r.Start, r.HasStart = p.Start, true
				}
				log.add(ingest.PartitionOf(r.Meter, len(log.partitions)), ingest.Record{Value: codec.AppendJSON(nil, &r), ContentType: ingest.JSON, Received: p.Received})
			}
		}
		if !more {
			return
		}
	}
}

// takeAll runs a pipeline until everything on the log is stored.
func takeAll(t *testing.T, s *store.Store, log *memoryLog, identity posting.Log, batchReadings int) {
	t.Helper()
	w := &watched{batches: make(chan pipeline.Stats, 1000)}
	var owned []int
	want := 0
	for p, records := range log.partitions {
		owned = append(owned, p)
		want += len(records)
	}
	stop := start(t, pipeline.New(s, log, pipeline.Config{Log: identity, Owned: owned, Watch: w, BatchReadings: batchReadings, Linger: time.Millisecond}))
	defer stop()
	for taken(s) < want {
		select {
		case <-w.batches:
		case <-t.Context().Done():
			t.Fatal("the pipeline did not take all records")
		}
	}
}

// Through the log, the pipeline and the store, closed and opened again in
// between, with events that are entered when readings are booked already: the
// books of every meter are those of the model.
func TestModel_ThroughTheStore(t *testing.T) {
	const stages = 4
	seed := chance.Seed(t)
	location, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	zone := calendar.NewZone(location)
	for n := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, n))
		l := make(lives, 24)
		for i := range l {
			l[i] = model.Random(random)
		}
		log := &memoryLog{partitions: make([][]ingest.Record, 3)}
		identity := posting.Log{Cluster: "c", Topic: "t", Partitions: 3}
		path := filepath.Join(t.TempDir(), "books.duckdb")
		for stage := range stages {
			from := func(steps int) int { return steps * stage / stages }
			to := func(steps int) int { return steps * (stage + 1) / stages }
			s := mustOpenStore(t, path)
			importOnly(t, s, l.tables(zone, to), identity)
			l.send(log, from, to)
			takeAll(t, s, log, identity, 1+random.IntN(60))
			if stage == stages-1 {
				l.check(t, s, zone, fmt.Sprintf("seed %d, world %d", seed, n))
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// check compares what is stored of every meter with the model.
func (l lives) check(t *testing.T, s *store.Store, zone *calendar.Zone, where string) {
	t.Helper()
	start, err := s.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range start.Meters {
		var i int
		if _, err := fmt.Sscanf(m.Key, "H%d", &i); err != nil {
			t.Fatal(err)
		}
		h := &l[i]
		want := model.Book(h.Facts(zone, len(h.Steps)), h.Points())
		booked, err := s.Booked(t.Context(), []int32{m.ID}, schema.Open, 0)
		if err != nil {
			t.Fatal(err)
		}
		codes, err := s.Codes(t.Context(), []int32{m.ID}, schema.MinInstant, schema.MaxInstant+1)
		if err != nil {
			t.Fatal(err)
		}
		var wrong []string
		for _, e := range booked {
			k := model.Key{Day: e.Day, Cause: e.Cause}
			if e.Entry != want.Ledger[k] && !e.IsZero() {
				wrong = append(wrong, fmt.Sprintf("ledger: got %+v, want %+v", e.Entry, want.Ledger[k]))
			}
			delete(want.Ledger, k)
		}
		for _, e := range want.Ledger {
			wrong = append(wrong, fmt.Sprintf("ledger: lacks %+v", e))
		}
		for _, c := range codes {
			id := model.ID{Time: c.Time, Kind: c.Kind, Register: c.Register, Start: c.Start}
			if c.Code != want.Codes[id] {
				wrong = append(wrong, fmt.Sprintf("code of %+v: got %q, want %q", id, c.Code, want.Codes[id]))
			}
			delete(want.Codes, id)
		}
		for id, code := range want.Codes {
			wrong = append(wrong, fmt.Sprintf("code of %+v: got none, want %q", id, code))
		}
		if len(wrong) > 0 {
			t.Fatalf("%s, meter %s:\n%s\n%s", where, m.Key, strings.Join(wrong, "\n"), h)
		}
	}
}
