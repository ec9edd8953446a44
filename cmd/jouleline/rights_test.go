package main

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jouleline/api/access"
)

// makeToken makes a token with the program's own command.
func makeToken(t *testing.T, folder string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), append([]string{"token", "create", "--data", folder}, args...), streams{&out, &errs}); code != exitOK {
		t.Fatalf("token create %v: exit %d: %s", args, code, errs.String())
	}
	return strings.TrimSpace(out.String())
}

func TestRights_TokensReachWhatTheyMay(t *testing.T) {
	folder := t.TempDir()
	admin := makeToken(t, folder, "--scope", "admin")
	reader := makeToken(t, folder, "--scope", "read", "--institution", "S1")
	other := makeToken(t, folder, "--scope", "read", "--institution", "S2")
	county := makeToken(t, folder, "--scope", "read", "--region", "370102")
	push := makeToken(t, folder, "--scope", "push", "--gateway", "G1")
	s := mustServe(t, folder)
	registry := t.TempDir()
	writeFile(t, registry+"/regions.csv", "code,name,parent\n370000,山东省,\n370100,济南市,370000\n370102,历下区,370100\n370200,青岛市,370000\n")
	writeFile(t, registry+"/institutions.csv", "id,name,class,region\nS1,a,education,370102\nS2,b,health,370200\n")
	writeFile(t, registry+"/buildings.csv", "id,institution,name\nB1,S1,x\nB2,S2,x\n")
	writeFile(t, registry+"/meters.csv", "id,building,carrier,kind,unit,gateway\nE1,B1,electricity,register,kWh,G1\nE2,B2,electricity,register,kWh,G2\n")
	s.importFolder(registry)

	status := func(token, method, path string, query url.Values, body string) int {
		t.Helper()
		request, err := s.request(t.Context(), method, path, query, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	progress := func(name, value string) url.Values { return url.Values{name: {value}, "year": {"2023"}} }
	f := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %d, want %d", what, got, want)
		}
	}
	f("a token that is none", status("jl_00_x", "GET", "/api/v1/progress", progress("region", "370000"), ""), 401)
	f("a wrong secret", status(reader[:len(reader)-2]+"xx", "GET", "/api/v1/progress", progress("institution", "S1"), ""), 401)
	f("own institution", status(reader, "GET", "/api/v1/progress", progress("institution", "S1"), ""), 200)
	f("another's institution", status(other, "GET", "/api/v1/progress", progress("institution", "S1"), ""), 403)
	f("the region above", status(reader, "GET", "/api/v1/progress", progress("region", "370000"), ""), 403)
	f("own county", status(county, "GET", "/api/v1/progress", progress("institution", "S1"), ""), 200)
	f("an institution elsewhere", status(county, "GET", "/api/v1/progress", progress("institution", "S2"), ""), 403)
	f("reading with a push token", status(push, "GET", "/api/v1/progress", progress("institution", "S1"), ""), 403)
	f("pushing with a read token", status(reader, "POST", "/api/v1/readings", nil, exampleReadings[0]), 403)
	f("admin work with a read token", status(reader, "POST", "/api/v1/recompute", nil, `{"all":true}`), 403)
	f("admin work", status(admin, "POST", "/api/v1/recompute", nil, `{"all":true}`), 200)

	s.Token = push
	v := s.push("application/json", []byte(`[`+exampleReadings[0]+`,{"meter":"E2","time":"2023-05-01T22:00:00+08:00","value":1}]`))
	if v.Accepted != 1 || len(v.Rejected) != 1 || v.Rejected[0].Code != "forbidden" {
		t.Errorf("a gateway's token: got %+v, want its own meter taken and the other forbidden", v)
	}
	s.Token = ""
	log, err := s.store.AuditLog(t.Context(), 10)
	if err != nil || len(log) != 2 || log[0].Action != "recompute" || !strings.HasPrefix(log[0].Subject, "token ") {
		t.Errorf("audit log: got %+v, %v, want the import and the recompute with who did it", log, err)
	}
	tokens, err := s.store.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range tokens {
		for _, text := range []string{admin, reader, other, county, push} {
			if strings.Contains(text, kept.Hash) || strings.Contains(kept.Hash, text[16:]) {
				t.Error("a secret is kept")
			}
		}
	}
	s.stop()
	if code := run(t.Context(), []string{"token", "revoke", "--data", folder, tokens[0].ID}, streams{new(bytes.Buffer), new(bytes.Buffer)}); code != exitOK {
		t.Fatalf("revoke: exit %d", code)
	}
	s = mustServe(t, folder)
	f("a revoked token", status(admin, "POST", "/api/v1/recompute", nil, `{"all":true}`), 401)
}

func TestRights_BeyondTheLoopbackWantsTokens(t *testing.T) {
	folder := t.TempDir()
	flags := ServerFlags{Data: folder, Listen: "192.0.2.1:8080", Memory: "512MiB"}
	s := &server{flags: flags, store: mustOpenStore(t, folder+"/books.duckdb")}
	defer func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := s.authorizer(t.Context()); err == nil {
		t.Fatal("an address beyond the loopback was served without tokens")
	}
	if _, _, err := (tokenKeeper{s.store}).Create(t.Context(), "", access.Grant{Scope: access.Admin}, 0); err != nil {
		t.Fatal(err)
	}
	access, err := s.authorizer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.RemoteAddr = "127.0.0.1:1"
	if _, err := access.Authorize(request); err == nil {
		t.Error("a request without a token was let in")
	}
}
