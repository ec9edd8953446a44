package token

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"jouleline/api/access"
	"jouleline/api/problem"
	"jouleline/schema"
)

type keeper []Token

func (k *keeper) Tokens(context.Context) ([]Token, error) { return *k, nil }

func TestAuthorizer(t *testing.T) {
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	token, text, err := New("x", access.Grant{Scope: access.Read, Region: "370000"}, schema.InstantOf(now), schema.InstantOf(now.Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	kept := keeper{token}
	a := NewAuthorizer(&kept, nil, 2, func() time.Time { return now })
	ask := func(header string) (access.Grant, error) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", header)
		return a.Authorize(r)
	}
	if g, err := ask("Bearer " + text); err != nil || g.Region != "370000" || g.Scope != access.Read {
		t.Errorf("got %+v, %v", g, err)
	}
	for _, bad := range []string{"", "Bearer", "Bearer x", "Basic " + text, "Bearer " + text + "x", "Bearer jl_" + token.ID + "_", "Bearer jl_zz_" + text} {
		if _, err := ask(bad); !errors.Is(err, problem.ErrUnauthorized) {
			t.Errorf("%q: got %v, want ErrUnauthorized", bad, err)
		}
	}
	for range 10 {
		_, err = ask("Token " + text)
	}
	if !errors.Is(err, problem.ErrTooMany) {
		t.Errorf("ten at once: got %v, want ErrTooMany", err)
	}
	now = now.Add(2 * time.Hour)
	if _, err := ask("Bearer " + text); !errors.Is(err, problem.ErrUnauthorized) {
		t.Errorf("expired: got %v, want ErrUnauthorized", err)
	}
}

func TestNew_RefusesLimitsThatMeanNothing(t *testing.T) {
	for _, g := range []access.Grant{{}, {Scope: "x"}, {Scope: access.Read, Gateway: "G"}, {Scope: access.Push, Region: "37"}, {Scope: access.Admin, Institution: "S"}} {
		if _, _, err := New("", g, 0, 0); err == nil {
			t.Errorf("%+v was taken", g)
		}
	}
}
