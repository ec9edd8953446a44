// Package token lets callers say who they are: by a secret that is shown once
// and kept only as a hash.
//
// It answers what the bearer of a token may do, and refuses unknown, expired and
// revoked tokens alike, with one word. Its invariants: secrets are compared in
// constant time and never logged; a change of the stored tokens counts within
// [Fresh].
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"jouleline/api/access"
	"jouleline/schema"
)

// Token is what is kept of a token.
type Token struct {
	ID, Name string
	Hash     string // SHA-256 of the secret, hexadecimal
	access.Grant
	Created schema.Instant
	// Expires and Revoked are 0 where the token never expires, was not revoked.
	Expires, Revoked schema.Instant
}

// prefix makes a token known for what it is, to people and to scanners.
const prefix = "jl_"

// New makes a token and the text that its bearer shows: jl_ID_SECRET.
func New(name string, grant access.Grant, created, expires schema.Instant) (t Token, text string, err error) {
	if err := grant.Check(); err != nil {
		return t, "", err
	}
	id, secret := make([]byte, 6), make([]byte, 32)
	rand.Read(id) // never fails (crypto/rand)
	rand.Read(secret)
	shown := base64.RawURLEncoding.EncodeToString(secret)
	t = Token{ID: hex.EncodeToString(id), Name: name, Hash: hash(shown), Grant: grant, Created: created, Expires: expires}
	t.Subject = "token " + t.ID
	return t, prefix + t.ID + "_" + shown, nil
}

// split takes a token's text apart.
func split(text string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(text, prefix)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, "_")
}

// matches compares a secret with what is kept, in constant time.
func (t *Token) matches(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(hash(secret)), []byte(t.Hash)) == 1
}

// inForce tells that the token is neither expired nor revoked.
func (t *Token) inForce(now schema.Instant) bool {
	return t.Revoked == 0 && (t.Expires == 0 || now < t.Expires)
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
