package main

import (
	"context"
	"fmt"
	"time"

	"jouleline/api/access"
	"jouleline/api/admin"
	"jouleline/api/problem"
	"jouleline/api/token"
	"jouleline/schema"
	"jouleline/store"
)

// tokenKeeper lets tokens be kept in the store.
type tokenKeeper struct{ store *store.Store }

func (k tokenKeeper) Tokens(ctx context.Context) ([]token.Token, error) {
	rows, err := k.store.Tokens(ctx)
	tokens := make([]token.Token, len(rows))
	for i, r := range rows {
		tokens[i] = token.Token{
			ID: r.ID, Name: r.Name, Hash: r.Hash, Created: r.Created, Expires: r.Expires, Revoked: r.Revoked,
			Grant: access.Grant{Scope: access.Scope(r.Scope), Region: r.Region, Institution: r.Institution, Gateway: r.Gateway, Subject: "token " + r.ID},
		}
	}
	return tokens, err
}

func (k tokenKeeper) add(ctx context.Context, t token.Token) error {
	return k.store.AddToken(ctx, store.Token{
		ID: t.ID, Name: t.Name, Hash: t.Hash, Scope: string(t.Scope), Region: t.Region, Institution: t.Institution,
		Gateway: t.Gateway, Created: t.Created, Expires: t.Expires,
	})
}

// Create makes a token and gives the text that its bearer shows.
func (k tokenKeeper) Create(ctx context.Context, name string, grant access.Grant, expires schema.Instant) (t token.Token, text string, err error) {
	t, text, err = token.New(name, grant, schema.InstantOf(time.Now()), expires)
	if err != nil {
		return t, "", err
	}
	return t, text, k.add(ctx, t)
}

// Revoke ends a token.
func (k tokenKeeper) Revoke(ctx context.Context, id string) (found bool, err error) {
	return k.store.RevokeToken(ctx, id, schema.InstantOf(time.Now()))
}

// apiTokens lets administrators keep tokens over HTTP.
type apiTokens struct {
	keeper tokenKeeper
	audit  func(ctx context.Context, action, detail string)
}

// List gives all tokens without what is kept of their secrets.
func (a apiTokens) List(ctx context.Context) ([]admin.TokenKept, error) {
	tokens, err := a.keeper.Tokens(ctx)
	list := make([]admin.TokenKept, len(tokens))
	for i := range tokens {
		list[i] = keptToken(&tokens[i])
	}
	return list, err
}

// Create makes a token.
func (a apiTokens) Create(ctx context.Context, name string, grant access.Grant, expires time.Time) (admin.TokenKept, string, error) {
	var until schema.Instant
	if !expires.IsZero() {
		until = schema.InstantOf(expires)
	}
	t, text, err := a.keeper.Create(ctx, name, grant, until)
	if err != nil {
		return admin.TokenKept{}, "", err
	}
	a.audit(ctx, "create token", fmt.Sprintf("%s (%s) %s", t.ID, t.Scope, t.Name))
	return keptToken(&t), text, nil
}

// Revoke ends a token.
func (a apiTokens) Revoke(ctx context.Context, id string) (found bool, err error) {
	if found, err = a.keeper.Revoke(ctx, id); found {
		a.audit(ctx, "revoke token", id)
	}
	return found, err
}

func keptToken(t *token.Token) admin.TokenKept {
	when := func(at schema.Instant) *time.Time {
		if at == 0 {
			return nil
		}
		moment := at.Time()
		return &moment
	}
	return admin.TokenKept{
		ID: t.ID, Name: t.Name, Scope: t.Scope, Region: t.Region, Institution: t.Institution, Gateway: t.Gateway,
		Created: t.Created.Time(), Expires: when(t.Expires), Revoked: when(t.Revoked),
	}
}

// authorizer decides who may do what: bearers of tokens, and on the loopback
// programs of the same machine.
func (s *server) authorizer(ctx context.Context) (access.Authorizer, error) {
	switch {
	case s.flags.Insecure:
		s.log.Warn("nobody is asked who he is: --insecure", "listen", s.Address())
		return access.Open{}, nil
	case s.flags.isLoopback():
		return token.NewAuthorizer(tokenKeeper{s.store}, access.Loopback{}, s.flags.TokenRate, nil), nil
	}
	tokens, err := s.store.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return nil, usageError{fmt.Errorf("listen: %q is not a loopback address, and there are no tokens: make one with 'jouleline token create --scope admin --data %s', or give --insecure", s.flags.Listen, s.flags.Data)}
	}
	return token.NewAuthorizer(tokenKeeper{s.store}, nil, s.flags.TokenRate, nil), nil
}

// allowPush tells whether the sender of a push may push readings of a meter: a
// token that is bound to a gateway pushes only that gateway's meters.
// It cannot tell before the books were first open.
func (s *server) allowPush(ctx context.Context, meter string) (bool, error) {
	gateway := access.GrantOf(ctx).Gateway
	if gateway == "" {
		return true, nil
	}
	world := s.books.known()
	if world == nil {
		return false, fmt.Errorf("the meters of gateway %q: %w: the books are not open yet", gateway, problem.ErrUnavailable)
	}
	versions := world.Registry.MeterVersions(meter)
	return len(versions) > 0 && versions[len(versions)-1].Gateway == gateway, nil
}

// gatewayOf names the gateway of a push: the one that its token is bound to.
func gatewayOf(ctx context.Context) string { return access.GrantOf(ctx).Gateway }

// audit keeps what an administrator did; it is logged where it cannot be kept.
func (s *server) audit(ctx context.Context, action, detail string) {
	entry := store.Audited{At: schema.InstantOf(time.Now()), Subject: access.GrantOf(ctx).Subject, Action: action, Detail: detail}
	if err := s.store.Audit(context.WithoutCancel(ctx), entry); err != nil {
		s.log.Error("the audit log could not be written", "subject", entry.Subject, "action", action, "error", err)
	}
}
