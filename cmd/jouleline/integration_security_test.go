//go:build integration && linux

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every way of proving who one is goes through, and none without proof.
func integrateSecurity(t *testing.T, n *node) {
	secret := func(name, password string) string {
		file := filepath.Join(t.TempDir(), name)
		writeFile(t, file, password+"\n")
		return file
	}
	plain, scram, wrong := secret("plain", plainPassword), secret("scram", scramPassword), secret("wrong", "guessed")
	tests := []struct {
		name  string
		set   func(f *ServerFlags)
		wrong string // of the error; "" where it works
	}{
		{"TLS", func(f *ServerFlags) { f.Kafka, f.KafkaCA = n.tls, n.file("ca.pem") }, ""},
		{"TLS, authority unknown", func(f *ServerFlags) { f.Kafka, f.KafkaTLS = n.tls, true }, "certificate signed by unknown authority"},
		{"PLAIN", func(f *ServerFlags) {
			f.Kafka, f.KafkaSASL, f.KafkaUser, f.KafkaPassword = n.sasl, "PLAIN", plainUser, plain
		}, ""},
		{"SCRAM-SHA-512", func(f *ServerFlags) {
			f.Kafka, f.KafkaSASL, f.KafkaUser, f.KafkaPassword = n.sasl, "SCRAM-SHA-512", scramUser, scram
		}, ""},
		{"SCRAM-SHA-512 over TLS", func(f *ServerFlags) {
			f.Kafka, f.KafkaSASL, f.KafkaUser, f.KafkaPassword, f.KafkaCA = n.saslTLS, "SCRAM-SHA-512", scramUser, scram, n.file("ca.pem")
		}, ""},
		{"PLAIN, wrong password", func(f *ServerFlags) {
			f.Kafka, f.KafkaSASL, f.KafkaUser, f.KafkaPassword = n.sasl, "PLAIN", plainUser, wrong
		}, "Authentication failed"},
		{"SCRAM-SHA-512, wrong password", func(f *ServerFlags) {
			f.Kafka, f.KafkaSASL, f.KafkaUser, f.KafkaPassword = n.sasl, "SCRAM-SHA-512", scramUser, wrong
		}, "Authentication failed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			flags := onCluster(t, n)
			test.set(&flags)
			if test.wrong != "" {
				s, err := openServer(t.Context(), flags, streams{io.Discard, io.Discard})
				if err == nil {
					s.close()
				}
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("got error %v, want one with %q", err, test.wrong)
				}
				return
			}
			s := mustServeWith(t, flags, os.Stderr)
			s.importFolder(exampleRegistry)
			gateway := newClimber(t)
			for gateway.acknowledged < 50 {
				gateway.mustPush(t, s.Remote)
			}
			s.settle()
			// The topic is the same for all: what others pushed is there too.
			gateway.check(t, s.Remote)
			s.stop()
		})
	}
}
