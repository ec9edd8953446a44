package gateway

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

func TestNew_RefusesWhatLacks(t *testing.T) {
	f := func(change func(*Config)) {
		t.Helper()
		config := new(world).config()
		change(&config)
		if _, err := New(config); err == nil {
			t.Error("got no error")
		}
	}
	f(func(c *Config) { c.Producer = nil })
	f(func(c *Config) { c.Registry = nil })
	f(func(c *Config) { c.Rejects = nil })
	f(func(c *Config) { c.Partitions = 0 })
	f(func(c *Config) { c.MaxBody = -1 })
	f(func(c *Config) { c.MaxReadings = -1 })
	f(func(c *Config) { c.Timeout = -1 })
}

func TestGateway_NeedsNoOptions(t *testing.T) {
	w := new(world)
	g := open(t, Config{Producer: w, Registry: w, Rejects: w, Partitions: partitions})
	if got := post(g.Readings(), "/", []byte(reading("E1", "")+`{}`)); got.Code != http.StatusOK {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
	if got := post(g.Write(), "/", []byte("m,meter=E1 value=1,x=1")); got.Code != http.StatusNoContent {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
	if got := post(g.Write(), "/", nil); got.Code != http.StatusBadRequest {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
	if ahead := w.records[0].Received.Sub(schema.InstantOf(time.Now())); ahead > 0 || ahead < -schema.Minute {
		t.Errorf("received is %d ms off the wall clock", ahead)
	}
}

// A gateway must not take a refusal for good that only means "not yet".
func TestGateway_CannotTellWhoMayPush(t *testing.T) {
	w := new(world)
	config := w.config()
	config.Allow = func(context.Context, string) (bool, error) { return false, errors.New("no registry yet") }
	got := post(open(t, config).Readings(), "/", []byte("["+reading("E1", "")+"]"))
	if got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") == "" || len(w.records) > 0 || len(w.rejected) > 0 {
		t.Errorf("got %d %v, %d records, %d rejected; want 503 to be sent again, and nothing kept", got.Code, got.Header(), len(w.records), len(w.rejected))
	}
}

func TestGateway_AcknowledgesNothingThatIsNotStored(t *testing.T) {
	f := func(produceErr, rejectErr error, body string, status int) {
		t.Helper()
		w := &world{produceErr: produceErr, rejectErr: rejectErr}
		g := open(t, w.config())
		got := post(g.Readings(), "/", []byte(body))
		if got.Code != status || status == http.StatusServiceUnavailable && got.Header().Get("Retry-After") == "" {
			t.Errorf("%s: got %d %v %s, want %d", body, got.Code, got.Header(), got.Body, status)
		}
		if status == http.StatusServiceUnavailable && (strings.Contains(got.Body.String(), "accepted") || strings.Contains(got.Body.String(), "broker") || len(w.counts) > 0 || w.refused[503] != 1) {
			t.Errorf("%s: got %s, counted %v %v", body, got.Body, w.counts, w.refused)
		}
		meter := "E1"
		if strings.Contains(body, "{}") {
			meter = ""
		}
		line := post(g.Write(), "/", []byte("m,meter="+meter+" value=1"))
		want := map[int]int{http.StatusOK: http.StatusNoContent}[status]
		if want == 0 {
			want = status
			if line.Header().Get("Retry-After") == "" || !strings.Contains(line.Body.String(), `"code":"unavailable"`) {
				t.Errorf("write: got %v %s", line.Header(), line.Body)
			}
		} else if meter == "" {
			want = http.StatusBadRequest
		}
		if line.Code != want {
			t.Errorf("write: got %d, want %d", line.Code, want)
		}
	}
	down := errors.New("broker 1: connection refused")
	f(nil, nil, reading("E1", ""), http.StatusOK)
	f(down, nil, reading("E1", ""), http.StatusServiceUnavailable)
	f(nil, down, reading("E1", ""), http.StatusOK) // nothing to reject
	f(nil, down, "{}", http.StatusServiceUnavailable)
	f(down, nil, "{}", http.StatusOK) // nothing to produce
}

func TestGateway_GivesKafkaOnlySoLong(t *testing.T) {
	w := new(world)
	config := w.config()
	config.Timeout = time.Minute
	left := make(chan time.Duration, 1)
	config.Producer = produceFunc(func(ctx context.Context, _ []ingest.Record) error {
		deadline, _ := ctx.Deadline()
		left <- time.Until(deadline)
		return ctx.Err()
	})
	if got := post(open(t, config).Readings(), "/", []byte(reading("E1", ""))); got.Code != http.StatusOK {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
	if got := <-left; got <= 0 || got > time.Minute {
		t.Errorf("got %v for Kafka, want at most a minute", got)
	}
}

type produceFunc func(ctx context.Context, records []ingest.Record) error

func (f produceFunc) Produce(ctx context.Context, records []ingest.Record) error {
	return f(ctx, records)
}

func TestGateway_RejectsInPartsThatFitAMessage(t *testing.T) {
	f := func(elements int, padding string) {
		t.Helper()
		w := new(world)
		body := "[" + strings.Repeat(`{"x":"`+padding+`"},`, elements) + reading("E1", "") + "]"
		if got := post(open(t, w.config()).Readings(), "/", []byte(body)); got.Code != http.StatusOK {
			t.Fatalf("got %d %.200s", got.Code, got.Body)
		}
		if len(w.rejected) != elements || w.mostRejects > 1000 || w.mostOriginals > 256<<10 {
			t.Errorf("got %d rejected, at most %d at once with %d bytes", len(w.rejected), w.mostRejects, w.mostOriginals)
		}
	}
	f(2500, "")
	f(100, strings.Repeat("x", codec.MaxElement-20))
	f(20, strings.Repeat("x", 2*codec.MaxElement))
}

func TestGateway_MayBeCalledAtOnce(t *testing.T) {
	w := new(world)
	g := open(t, w.config())
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				post(g.Readings(), "/", []byte(reading("E1", "")+reading("E2", "")+"{}"))
				post(g.Write(), "/", []byte("m,meter=E3 value=1"))
			}
		})
	}
	wait.Wait()
	if got := len(w.meters(t)); got != 8*20*3 || len(w.rejected) != 8*20 {
		t.Errorf("got %d readings and %d rejected, want %d and %d", got, len(w.rejected), 8*20*3, 8*20)
	}
}
