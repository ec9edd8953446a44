package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"jouleline/api/admin"
	"jouleline/schema"
)

// An administrator lists, makes and ends tokens of a running server. A secret is
// shown once, and neither it nor its hash stands in any list or log.
func TestTokens_OverHTTP(t *testing.T) {
	folder := t.TempDir()
	chief := makeToken(t, folder, "--scope", "admin")
	reader := makeToken(t, folder, "--scope", "read", "--name", "first")
	s := mustServe(t, folder)
	ask := func(token, method, path, body string) (int, string) {
		t.Helper()
		request, err := s.request(t.Context(), method, path, nil, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode, string(text)
	}
	f := func(token, method, path, body string, want int, texts ...string) string {
		t.Helper()
		status, got := ask(token, method, path, body)
		if status != want {
			t.Fatalf("%s %s %s: got status %d: %s, want %d", method, path, body, status, got, want)
		}
		for _, text := range texts {
			if !strings.Contains(got, text) {
				t.Errorf("%s %s %s: got %s, want %q in it", method, path, body, got, text)
			}
		}
		return got
	}
	const tokens = "/api/v1/tokens"
	f(reader, "GET", tokens, "", 403)
	f(reader, "POST", tokens, `{"scope":"admin"}`, 403)
	f(reader, "DELETE", tokens+"/00", "", 403)

	future := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	var made admin.TokenCreated
	if err := json.Unmarshal([]byte(f(chief, "POST", tokens, `{"scope":"read","name":"county","region":"370102","expires":"`+future+`"}`, 201, `"region":"370102"`, future)), &made); err != nil {
		t.Fatal(err)
	}
	f(chief, "POST", tokens, `{"scope":"root"}`, 422)
	f(chief, "POST", tokens, `{"scope":"read","gateway":"G1"}`, 422, "push token")
	f(chief, "POST", tokens, `{"scope":"admin","region":"370102"}`, 422, "read token")
	f(chief, "POST", tokens, `{"scope":"read","expires":"2020-01-01T00:00:00Z"}`, 422, "after now")
	f(chief, "POST", tokens, `{"scope":"read","secret":"x"}`, 422)

	list := f(chief, "GET", tokens, "", 200, `"name":"first"`, made.ID, `"revoked":null`)
	kept, err := s.store.Tokens(t.Context())
	if err != nil || len(kept) != 3 {
		t.Fatalf("got %d tokens, %v, want 3", len(kept), err)
	}
	for _, k := range kept {
		if strings.Contains(list, k.Hash) {
			t.Errorf("the list shows the hash of token %s", k.ID)
		}
	}
	for _, text := range []string{chief, reader, made.Token} {
		if _, secret, _ := strings.Cut(strings.TrimPrefix(text, "jl_"), "_"); secret == "" || strings.Contains(list, secret) {
			t.Error("the list shows a secret")
		}
	}
	until(t, "the new token counts", func() bool { // within token.Fresh
		status, _ := ask(made.Token, "GET", "/api/v1/plans", "")
		return status == 200
	})
	f(chief, "DELETE", tokens+"/"+made.ID, "", 200, `"revoked":true`)
	f(chief, "DELETE", tokens+"/"+made.ID, "", 404)
	f(chief, "DELETE", tokens+"/nobody", "", 404, "nobody")
	until(t, "the revoked token is refused", func() bool {
		status, _ := ask(made.Token, "GET", "/api/v1/plans", "")
		return status == 401
	})

	log, err := s.store.AuditLog(t.Context(), 10)
	if err != nil || len(log) != 2 {
		t.Fatalf("audit log: got %+v, %v, want what was made and what was revoked", log, err)
	}
	actions := map[string]schema.Instant{}
	for _, entry := range log {
		actions[entry.Action] = entry.At
		if !strings.HasPrefix(entry.Subject, "token ") || !strings.Contains(entry.Detail, made.ID) || strings.Contains(entry.Detail, made.Token) {
			t.Errorf("audit log: got %+v, want who did what to token %s", entry, made.ID)
		}
	}
	if actions["create token"] == 0 || actions["revoke token"] == 0 {
		t.Errorf("audit log: got %+v", log)
	}
}
