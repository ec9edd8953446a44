package token

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"jouleline/api"
	"jouleline/schema"
)

type keeper []Token

func (k *keeper) Tokens(context.Context) ([]Token, error) { return *k, nil }

func TestAuthorizer(t *testing.T) {
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	token, text, err := New("x", api.Grant{Scope: api.Read, Region: "370000"}, schema.InstantOf(now), schema.InstantOf(now.Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	kept := keeper{token}
	a := NewAuthorizer(&kept, nil, 2, func() time.Time { return now })
	ask := func(header string) (api.Grant, error) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", header)
		return a.Authorize(r)
	}
	if g, err := ask("Bearer " + text); err != nil || g.Region != "370000" || g.Scope != api.Read {
		t.Errorf("got %+v, %v", g, err)
	}
	for _, bad := range []string{"", "Bearer", "Bearer x", "Basic " + text, "Bearer " + text + "x", "Bearer jl_" + token.ID + "_", "Bearer jl_zz_" + text} {
		if _, err := ask(bad); !errors.Is(err, api.ErrUnauthorized) {
			t.Errorf("%q: got %v, want ErrUnauthorized", bad, err)
		}
	}
	for range 10 {
		_, err = ask("Token " + text)
	}
	if !errors.Is(err, api.ErrTooMany) {
		t.Errorf("ten at once: got %v, want ErrTooMany", err)
	}
	now = now.Add(2 * time.Hour)
	if _, err := ask("Bearer " + text); !errors.Is(err, api.ErrUnauthorized) {
		t.Errorf("expired: got %v, want ErrUnauthorized", err)
	}
}

func TestNew_RefusesLimitsThatMeanNothing(t *testing.T) {
	for _, g := range []api.Grant{{}, {Scope: "x"}, {Scope: api.Read, Gateway: "G"}, {Scope: api.Push, Region: "37"}, {Scope: api.Admin, Institution: "S"}} {
		if _, _, err := New("", g, 0, 0); err == nil {
			t.Errorf("%+v was taken", g)
		}
	}
}
