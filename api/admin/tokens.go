package admin

import (
	"context"
	"fmt"
	"time"

	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
)

// Tokens keeps the tokens by which callers say who they are. Of their secrets it
// gives nothing out, nor of what it keeps of them.
type Tokens interface {
	// List gives all tokens, the oldest first, also those that ended.
	List(ctx context.Context) ([]TokenKept, error)
	// Create makes a token and gives the text that its bearer shows, which cannot
	// be had again. The error is the caller's where the grant means nothing.
	Create(ctx context.Context, name string, grant access.Grant, expires time.Time) (kept TokenKept, text string, err error)
	// Revoke ends a token. found is false where no such token is in force.
	Revoke(ctx context.Context, id string) (found bool, err error)
}

// TokenKept is what is told of a token.
type TokenKept struct {
	ID          string       `json:"id" example:"0f1e2d3c4b5a"`
	Name        string       `json:"name" doc:"What the token is for" example:"dashboard"`
	Scope       access.Scope `json:"scope" enum:"push,read,admin" example:"read"`
	Region      string       `json:"region,omitempty" doc:"A read token sees this region and what is below it only"`
	Institution string       `json:"institution,omitempty" doc:"A read token sees this institution only"`
	Gateway     string       `json:"gateway,omitempty" doc:"A push token pushes this gateway's meters only"`
	Created     time.Time    `json:"created"`
	Expires     *time.Time   `json:"expires" doc:"Moment from which it counts no more; null where it never ends by itself"`
	Revoked     *time.Time   `json:"revoked" doc:"When it was revoked; null where it was not"`
}

// TokensAnswer lists tokens.
type TokensAnswer struct {
	Tokens []TokenKept `json:"tokens" doc:"The oldest first"`
}

// TokenInput asks for a token.
type TokenInput struct {
	Body struct {
		Name        string       `json:"name,omitempty" maxLength:"200" doc:"What the token is for" example:"dashboard"`
		Scope       string       `json:"scope" enum:"push,read,admin" doc:"What its bearer may do" example:"read"`
		Region      string       `json:"region,omitempty" maxLength:"64" doc:"A read token sees this region and what is below it only" example:"370100"`
		Institution string       `json:"institution,omitempty" maxLength:"64" doc:"A read token sees this institution only" example:"S1"`
		Gateway     string       `json:"gateway,omitempty" maxLength:"128" doc:"A push token pushes this gateway's meters only" example:"G1"`
		Expires     query.Moment `json:"expires,omitempty" doc:"Moment from which it counts no more; left out: never" example:"2027-01-01T00:00:00+08:00"`
		_           struct{}     `json:"-" additionalProperties:"false"`
	}
}

// TokenCreated is a new token with its secret.
type TokenCreated struct {
	TokenKept
	Token string `json:"token" doc:"What its bearer shows, as Authorization: Bearer; it is not shown again" example:"jl_0f1e2d3c4b5a_..."`
}

// TokenName names a token.
type TokenName struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the token" example:"0f1e2d3c4b5a"`
}

// TokenRevoked tells that a token ended.
type TokenRevoked struct {
	ID      string `json:"id" example:"0f1e2d3c4b5a"`
	Revoked bool   `json:"revoked" doc:"It counts no more, within two seconds" example:"true"`
}

func (s *Handlers) registerTokens(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "tokens", Route: "GET /api/v1/tokens", Tag: contract.TagServer,
		Summary: "Tokens, without their secrets",
		Text:    "Who may do what on this instance: every token that was made, also those that expired or were revoked.",
	}, tokensTable, s.tokens)
	contract.Register(b, contract.Operation{
		ID: "create_token", Route: "POST /api/v1/tokens", Tag: contract.TagServer, Status: 201,
		Summary: "Make a token",
		Text:    "The answer is the only place that shows the token: what is kept of it is a hash. It counts on this instance, within two seconds.",
		Body:    s.Limits.Body,
	}, nil, s.createToken)
	contract.Register(b, contract.Operation{
		ID: "revoke_token", Route: "DELETE /api/v1/tokens/{id}", Tag: contract.TagServer,
		Summary: "End a token",
		Text:    "Its bearer is refused from then on, within two seconds. The token stays in the list.",
	}, nil, s.revokeToken)
}

// keptTokens gives the tokens, where there are some.
func (s *Handlers) keptTokens() (Tokens, error) {
	if s.Tokens == nil {
		return nil, fmt.Errorf("%w: this server keeps no tokens", problem.ErrUnavailable)
	}
	return s.Tokens, nil
}

func (s *Handlers) tokens(ctx context.Context, _ *struct{}) (*TokensAnswer, error) {
	kept, err := s.keptTokens()
	if err != nil {
		return nil, err
	}
	list, err := kept.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	if list == nil {
		list = []TokenKept{}
	}
	return &TokensAnswer{Tokens: list}, nil
}

func (s *Handlers) createToken(ctx context.Context, in *TokenInput) (*TokenCreated, error) {
	kept, err := s.keptTokens()
	if err != nil {
		return nil, err
	}
	var expires time.Time
	if in.Body.Expires.Given {
		expires = in.Body.Expires.At.Time()
		if now := s.Clock(); !expires.After(now) {
			return nil, fmt.Errorf("%w: body.expires: got %s, want a moment after now, %s", problem.ErrQuestion, expires.Format(time.RFC3339), now.Format(time.RFC3339))
		}
	}
	grant := access.Grant{Scope: access.Scope(in.Body.Scope), Region: in.Body.Region, Institution: in.Body.Institution, Gateway: in.Body.Gateway}
	if err := grant.Check(); err != nil {
		return nil, fmt.Errorf("%w: body: %w", problem.ErrQuestion, err)
	}
	t, text, err := kept.Create(ctx, in.Body.Name, grant, expires)
	if err != nil {
		return nil, fmt.Errorf("make a token: %w", err)
	}
	s.Logger.Info("token made", "by", access.GrantOf(ctx).Subject, "id", t.ID, "scope", t.Scope)
	return &TokenCreated{TokenKept: t, Token: text}, nil
}

func (s *Handlers) revokeToken(ctx context.Context, in *TokenName) (*TokenRevoked, error) {
	kept, err := s.keptTokens()
	if err != nil {
		return nil, err
	}
	found, err := kept.Revoke(ctx, in.ID)
	if err != nil {
		return nil, fmt.Errorf("revoke a token: %w", err)
	}
	if !found {
		return nil, fmt.Errorf("token %q in force: %w", problem.Clip(in.ID), problem.ErrUnknown)
	}
	s.Logger.Info("token revoked", "by", access.GrantOf(ctx).Subject, "id", in.ID)
	return &TokenRevoked{ID: in.ID, Revoked: true}, nil
}

func tokensTable(a *TokensAnswer) table.Table {
	moment := func(t *time.Time) any {
		if t == nil {
			return nil
		}
		return *t
	}
	return table.Table{
		Columns: []table.Column{
			table.Text("id"), table.Text("name"), table.Text("scope"), table.Text("region"), table.Text("institution"), table.Text("gateway"),
			table.Instant("created"), table.Instant("expires"), table.Instant("revoked"),
		},
		Rows: func(yield func([]any) bool) {
			for i := range a.Tokens {
				t := &a.Tokens[i]
				if !yield([]any{t.ID, t.Name, string(t.Scope), t.Region, t.Institution, t.Gateway, t.Created, moment(t.Expires), moment(t.Revoked)}) {
					return
				}
			}
		},
	}
}
