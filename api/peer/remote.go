package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// remote is another instance, reached over HTTP.
type remote struct {
	url, token string
	http       *http.Client
	now        func() time.Time
	// timeout bounds questions that are no work.
	timeout time.Duration
	log     *slog.Logger

	mu     sync.Mutex // guards what follows
	head   *head      // as last told; nil where it is not known
	resume time.Time  // when to ask again after it kept silent
	reason error      // why it was not asked until then
	outage outage
}

// silence is how long an instance that let a question time out is not asked, so
// that it does not hold up every answer.
const silence = 5 * time.Second

// errSilent tells that an instance did not answer in time.
var errSilent = errors.New("it does not answer in time")

// known gives what the instance last told of itself, nil where that is not known.
func (r *remote) known() *head {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.head
}

func (r *remote) note(h *head, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.head = h
	if errors.Is(err, errSilent) {
		r.resume, r.reason = r.now().Add(silence), err
	}
}

// ask puts a question. The answer's head is remembered. That it failed is logged
// here, where it is known whether the instance was asked at all; that it was
// answered by the caller, who knows whether the answer is of use.
func (r *remote) ask(ctx context.Context, k kind, q *question) (*answer, error) {
	r.mu.Lock()
	resume, reason := r.resume, r.reason
	r.mu.Unlock()
	if r.now().Before(resume) && !k.isWork() {
		return nil, reason
	}
	asking, cancel := ctx, context.CancelFunc(func() {})
	if !k.isWork() {
		asking, cancel = context.WithTimeout(ctx, r.timeout)
	}
	defer cancel()
	a, err := r.exchange(asking, k, q)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx) // the caller's own end says nothing of the instance
	case err != nil && asking.Err() != nil:
		err = fmt.Errorf("%s: %w (%s)", r.url, errSilent, r.timeout)
	case err != nil:
		err = fmt.Errorf("%s: %w", r.url, err)
	}
	if err != nil {
		r.note(nil, err)
		r.failed(k, err)
		return nil, err
	}
	r.note(&a.head, nil)
	return a, nil
}

// refusalBytes bounds what is read of a refusal.
const refusalBytes = 4 << 10

func (r *remote) exchange(ctx context.Context, k kind, q *question) (*answer, error) {
	out := newWriter()
	q.code(out)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(r.url, "/")+Path+string(k), bytes.NewReader(out.buf))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	response, err := r.http.Do(request)
	if err != nil {
		return nil, errors.Unwrap(err) // the outer one repeats the address
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		refusal, _ := io.ReadAll(io.LimitReader(response.Body, refusalBytes)) // what came of it will do
		return nil, fmt.Errorf("it refuses with status %d: %s", response.StatusCode, strings.TrimSpace(string(refusal)))
	}
	message, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("read its answer: %w", err)
	}
	if len(message) > maxAnswer {
		return nil, fmt.Errorf("its answer is longer than %d bytes: ask for less at once", maxAnswer)
	}
	in := newReader(message)
	a := &answer{}
	a.code(in)
	if err := in.finish(); err != nil {
		return nil, fmt.Errorf("read its answer: %w", err)
	}
	return a, nil
}
