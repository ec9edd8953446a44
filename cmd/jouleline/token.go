package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"jouleline/api/access"
	"jouleline/cmd/jouleline/columns"
	"jouleline/schema"
	"jouleline/store"
)

// TokenCmd groups the work on tokens. It opens the books itself, so the server
// must be stopped; a running one takes an admin token at /api/v1/tokens.
type TokenCmd struct {
	Create TokenCreateCmd `cmd:"" help:"Make a token and print it, once."`
	List   TokenListCmd   `cmd:"" help:"List tokens."`
	Revoke TokenRevokeCmd `cmd:"" help:"End a token."`
}

// Folder is where the books of a stopped server lie.
type Folder struct {
	Data string `help:"Folder of the books; the server must be stopped." default:"data" type:"path" placeholder:"DIR"`
}

// open opens the books for work on tokens.
func (f *Folder) open(ctx context.Context) (*store.Store, error) {
	if err := os.MkdirAll(f.Data, 0o750); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	s, err := store.Open(ctx, store.Config{Path: filepath.Join(f.Data, "books.duckdb")})
	if err != nil {
		return nil, fmt.Errorf("open the books (is the server running?): %w", err)
	}
	return s, nil
}

// TokenCreateCmd makes a token.
type TokenCreateCmd struct {
	Folder
	Scope       string        `help:"push, read or admin." enum:"push,read,admin" required:""`
	Name        string        `help:"What the token is for."`
	Region      string        `help:"A read token sees this region and what is below it only." xor:"limit"`
	Institution string        `help:"A read token sees this institution only." xor:"limit"`
	Gateway     string        `help:"A push token pushes this gateway's meters only." xor:"limit"`
	Expires     time.Duration `help:"Time after which the token ends, as 8760h; 0 means never."`
}

// Help gives examples.
func (*TokenCreateCmd) Help() string {
	return `    jouleline token create --scope admin --data data
    jouleline token create --scope read --region 370100 --name "planners of Jinan" --expires 8760h
    jouleline token create --scope push --gateway gw1

Only a digest of the token is kept: who loses it needs another one. While a server runs,
an admin makes tokens by POST /api/v1/tokens.`
}

// Run makes the token and prints it.
func (c *TokenCreateCmd) Run(ctx context.Context, std streams) (err error) {
	if c.Expires < 0 { // a slip must not make a token that never ends
		return usageError{fmt.Errorf("--expires: got %v, want a time to come, as 8760h", c.Expires)}
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var expires schema.Instant
	if c.Expires > 0 {
		expires = schema.InstantOf(time.Now().Add(c.Expires))
	}
	grant := access.Grant{Scope: access.Scope(c.Scope), Region: c.Region, Institution: c.Institution, Gateway: c.Gateway}
	t, text, err := tokenKeeper{s}.Create(ctx, c.Name, grant, expires)
	if err != nil {
		return usageError{err}
	}
	fmt.Fprintf(std.err, "token %s (%s): keep it, it is not shown again\n", t.ID, t.Scope)
	fmt.Fprintln(std.out, text)
	return nil
}

// TokenListCmd lists tokens.
type TokenListCmd struct{ Folder }

// Run prints the tokens without their secrets.
func (c *TokenListCmd) Run(ctx context.Context, std streams) (err error) {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	tokens, err := s.Tokens(ctx)
	if err != nil {
		return err
	}
	w := columns.New(std.out)
	fmt.Fprintln(w, "id\tname\tscope\tregion\tinstitution\tgateway\tcreated\texpires\trevoked")
	for _, t := range tokens {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Scope, t.Region, t.Institution, t.Gateway, t.Created, moment(t.Expires), moment(t.Revoked))
	}
	return w.Flush()
}

// moment prints an instant that may not be set.
func moment(t schema.Instant) string {
	if t == 0 {
		return "-"
	}
	return t.String()
}

// TokenRevokeCmd ends a token.
type TokenRevokeCmd struct {
	Folder
	ID string `arg:"" help:"Id of the token."`
}

// Run ends the token.
func (c *TokenRevokeCmd) Run(ctx context.Context, _ streams) (err error) {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	found, err := tokenKeeper{s}.Revoke(ctx, c.ID)
	if err == nil && !found {
		err = fmt.Errorf("token %q is not in force", c.ID)
	}
	return err
}
