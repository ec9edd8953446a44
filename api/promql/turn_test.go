package promql

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// gated is a source that answers nobody before it is opened.
type gated struct {
	oneSeries
	asked chan struct{} // hears of each selection
	open  chan struct{}
}

func (g gated) Select(ctx context.Context, s Selection) ([]Series, error) {
	g.asked <- struct{}{}
	select {
	case <-g.open:
		return g.oneSeries.Select(ctx, s)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// As many queries as are allowed read at once, the next waits for its turn, and gives
// up when its caller does or its time is over, as in Prometheus' own queue.
func TestHandler_QueriesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := gated{asked: make(chan struct{}, 10), open: make(chan struct{})}
		h, err := New(Config{Source: source, Limits: Limits{AtOnce: 2, Timeout: time.Minute}, Now: func() time.Time { return time.Unix(3600, 0) }})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(ctx context.Context, more string) chan int {
			status := make(chan int, 1)
			go func() {
				w := httptest.NewRecorder()
				h.Query(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/query?query=g"+more, nil))
				status <- w.Code
			}()
			synctest.Wait()
			return status
		}
		first, second := ask(t.Context(), ""), ask(t.Context(), "")
		third := ask(t.Context(), "")
		ctx, cancel := context.WithCancel(t.Context())
		gone, late := ask(ctx, ""), ask(t.Context(), "&timeout=1s")
		if got := len(source.asked); got != 2 {
			t.Errorf("%d queries read at once, want 2", got)
		}
		cancel()
		if got := <-gone; got != canceled {
			t.Errorf("whose caller is gone is answered with status %d, want %d", got, canceled)
		}
		if got := <-late; got != http.StatusServiceUnavailable {
			t.Errorf("whose time is over is answered with status %d, want %d", got, http.StatusServiceUnavailable)
		}
		close(source.open)
		for i, status := range []chan int{first, second, third} {
			if got := <-status; got != http.StatusOK {
				t.Errorf("query %d is answered with status %d, want %d", i+1, got, http.StatusOK)
			}
		}
		if got := len(source.asked); got != 3 {
			t.Errorf("%d queries read, want the three that were not given up", got)
		}
	})
}
