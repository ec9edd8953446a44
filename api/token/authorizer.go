package token

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"jouleline/api/access"
	"jouleline/api/problem"
	"jouleline/schema"
)

// Fresh is how old the list of tokens may be that a request is held against.
const Fresh = 2 * time.Second

// Keeper gives the stored tokens.
type Keeper interface {
	Tokens(ctx context.Context) ([]Token, error)
}

// Authorizer lets requests in by their bearer token. It is safe for concurrent
// use.
type Authorizer struct {
	keeper Keeper
	// fallback decides on requests without a token; nil refuses them.
	fallback access.Authorizer
	perSec   rate.Limit
	now      func() time.Time

	mu     sync.Mutex // guards what follows
	read   time.Time
	tokens map[string]Token
	limits map[string]*rate.Limiter
}

// NewAuthorizer makes an authorizer. Each token may make so many requests a
// second; 0 means no limit. now nil means time.Now.
func NewAuthorizer(keeper Keeper, fallback access.Authorizer, requestsPerSecond float64, now func() time.Time) *Authorizer {
	if now == nil {
		now = time.Now
	}
	return &Authorizer{keeper: keeper, fallback: fallback, perSec: rate.Limit(requestsPerSecond), now: now, limits: map[string]*rate.Limiter{}}
}

// Authorize tells what the sender of a request may do.
func (a *Authorizer) Authorize(r *http.Request) (access.Grant, error) {
	text := bearer(r)
	if text == "" {
		if a.fallback == nil {
			return access.Grant{}, problem.ErrUnauthorized
		}
		return a.fallback.Authorize(r)
	}
	id, secret, ok := split(text)
	if !ok {
		return access.Grant{}, problem.ErrUnauthorized
	}
	t, limiter, err := a.find(r.Context(), id)
	switch {
	case err != nil:
		return access.Grant{}, err
	case !t.matches(secret) || !t.inForce(schema.InstantOf(a.now())):
		return access.Grant{}, problem.ErrUnauthorized
	case limiter != nil && !limiter.AllowN(a.now(), 1):
		return access.Grant{}, fmt.Errorf("%w: more than %g requests a second", problem.ErrTooMany, float64(a.perSec))
	}
	return t.Grant, nil
}

// find gives a token and its limiter, from a list that is fresh.
func (a *Authorizer) find(ctx context.Context, id string) (Token, *rate.Limiter, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tokens == nil || a.now().Sub(a.read) > Fresh {
		tokens, err := a.keeper.Tokens(ctx)
		if err != nil {
			return Token{}, nil, fmt.Errorf("read tokens: %w", err)
		}
		a.tokens, a.read = map[string]Token{}, a.now()
		for _, t := range tokens {
			a.tokens[t.ID] = t
		}
	}
	t := a.tokens[id] // an unknown one matches no secret
	if a.perSec == 0 || t.ID == "" {
		return t, nil, nil
	}
	limiter := a.limits[id]
	if limiter == nil {
		limiter = rate.NewLimiter(a.perSec, max(1, int(2*a.perSec)))
		a.limits[id] = limiter
	}
	return t, limiter, nil
}

// bearer gives the token that a request shows: as a bearer, or as Influx clients
// do ("Token ...").
func bearer(r *http.Request) string {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "token") {
		return strings.TrimSpace(text)
	}
	return ""
}
