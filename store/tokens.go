package store

import (
	"context"
	"fmt"

	"jouleline/schema"
	"jouleline/store/duck"
)

// Token is a stored token. The secret is not: only its hash is.
type Token struct {
	ID, Name, Hash string
	Scope          string
	// Region, Institution and Gateway limit what the token reaches; empty where
	// they do not.
	Region, Institution, Gateway string
	Created                      schema.Instant
	// Expires and Revoked are 0 where the token never expires, was not revoked.
	Expires, Revoked schema.Instant
}

// AddToken stores a new token.
func (s *Store) AddToken(ctx context.Context, t Token) error {
	s.write.Lock()
	defer s.write.Unlock()
	_, err := s.writer.Exec(ctx, `INSERT INTO tokens VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		t.ID, t.Name, t.Hash, t.Scope, t.Region, t.Institution, t.Gateway, int64(t.Created), int64(t.Expires))
	if err != nil {
		return fmt.Errorf("store token %s: %w", t.ID, err)
	}
	return nil
}

// RevokeToken ends a token. found is false where no such token is in force.
func (s *Store) RevokeToken(ctx context.Context, id string, at schema.Instant) (found bool, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	changed, err := s.writer.Exec(ctx, `UPDATE tokens SET revoked = $1 WHERE id = $2 AND revoked = 0`, int64(at), id)
	if err != nil {
		return false, fmt.Errorf("revoke token %s: %w", id, err)
	}
	return changed > 0, nil
}

// Tokens lists all tokens, the oldest first.
func (s *Store) Tokens(ctx context.Context) (tokens []Token, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			created, expires, revoked := duck.Column[int64](b, 7), duck.Column[int64](b, 8), duck.Column[int64](b, 9)
			for i := range created {
				tokens = append(tokens, Token{
					ID: b.Text(0, i), Name: b.Text(1, i), Hash: b.Text(2, i), Scope: b.Text(3, i),
					Region: b.Text(4, i), Institution: b.Text(5, i), Gateway: b.Text(6, i),
					Created: schema.Instant(created[i]), Expires: schema.Instant(expires[i]), Revoked: schema.Instant(revoked[i]),
				})
			}
		}, `SELECT id, name, hash, scope, region, institution, gateway, created, expires, revoked FROM tokens ORDER BY created, id`)
	})
	return tokens, err
}

// Audited is what an administrator did.
type Audited struct {
	At                      schema.Instant
	Subject, Action, Detail string
}

// Audit keeps what an administrator did.
func (s *Store) Audit(ctx context.Context, a Audited) error {
	s.write.Lock()
	defer s.write.Unlock()
	_, err := s.writer.Exec(ctx, `INSERT INTO audit VALUES ($1, $2, $3, $4)`, int64(a.At), a.Subject, a.Action, a.Detail)
	return err
}

// AuditLog gives the latest entries, the youngest first.
func (s *Store) AuditLog(ctx context.Context, limit int) (log []Audited, err error) {
	err = s.read(ctx, func(c *duck.Conn) error {
		return each(ctx, c, func(b duck.Block) {
			for i, at := range duck.Column[int64](b, 0) {
				log = append(log, Audited{schema.Instant(at), b.Text(1, i), b.Text(2, i), b.Text(3, i)})
			}
		}, `SELECT moment, subject, action, detail FROM audit ORDER BY moment DESC LIMIT $1`, limit)
	})
	return log, err
}
