package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReady_SaysWhatTheServerSays(t *testing.T) {
	f := func(status int, body, wantOut, wantErr string) {
		t.Helper()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/readyz" {
				t.Errorf("got path %s, want /readyz", r.URL.Path)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		defer server.Close()
		var out bytes.Buffer
		err := (&ReadyCmd{Server: server.URL + "/"}).Run(t.Context(), streams{&out, io.Discard})
		if out.String() != wantOut {
			t.Errorf("got %q, want %q", out.String(), wantOut)
		}
		if (err == nil) != (wantErr == "") || (err != nil && !strings.Contains(err.Error(), wantErr)) {
			t.Errorf("got error %v, want %q", err, wantErr)
		}
	}
	f(200, `{"ready":true,"reasons":[]}`, "ready\n", "")
	f(503, `{"ready":false,"reasons":["the disk is full","Kafka is away"]}`, "", "not ready: the disk is full; Kafka is away")
	f(502, `<html>`, "", "status 502")
	f(200, `{}`, "", "not ready")
}
