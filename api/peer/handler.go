package peer

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
)

// Path is where a [Handler] is mounted; the kind of question follows it.
const Path = "/peer/v1/"

// Bounds of messages. A question names at most all meters, or brings all
// registry tables; an answer holds at most the readings of a page of meters, or
// the usage of every account.
const (
	maxQuestion = 128 << 20
	maxAnswer   = 512 << 20
)

// questionsAtOnce bounds the questions that are answered at the same time: more
// would only wait for the store's connections.
const questionsAtOnce = 4

// Handler answers the questions of other instances. It is safe for concurrent
// use.
type Handler struct {
	instance *Instance
	token    [sha256.Size]byte
	log      *slog.Logger
	free     chan struct{}
}

// NewHandler makes a handler for who shows the token, which must not be empty.
func NewHandler(instance *Instance, token string, log *slog.Logger) (*Handler, error) {
	if token == "" {
		return nil, errors.New("peer: no token, so that anybody might ask")
	}
	return &Handler{instance: instance, token: sha256.Sum256([]byte(token)), log: log, free: make(chan struct{}, questionsAtOnce)}, nil
}

// ServeHTTP answers POST requests below [Path].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.knows(r) {
		http.Error(w, "want the token of the instances", http.StatusUnauthorized)
		return
	}
	select {
	case h.free <- struct{}{}:
		defer func() { <-h.free }()
	case <-r.Context().Done():
		return
	}
	k := kind(strings.TrimPrefix(r.URL.Path, Path))
	message, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuestion))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	reply, err := h.reply(r.Context(), k, message)
	switch {
	case errors.Is(err, errUnknownKind):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		h.log.Warn("a question of another instance could not be answered", "question", string(k), "error", err)
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(reply) // an error means that the caller is gone
	}
}

// knows compares the token in constant time.
func (h *Handler) knows(r *http.Request) bool {
	shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	sum := sha256.Sum256([]byte(shown))
	return ok && subtle.ConstantTimeCompare(sum[:], h.token[:]) == 1
}

// reply answers a message by a message.
func (h *Handler) reply(ctx context.Context, k kind, message []byte) ([]byte, error) {
	var q question
	in := newReader(message)
	q.code(in)
	if err := in.finish(); err != nil {
		return nil, fmt.Errorf("read the question: %w", err)
	}
	a, err := h.instance.answer(ctx, k, &q)
	if err != nil {
		return nil, err
	}
	out := newWriter()
	a.code(out)
	return out.buf, out.err
}
