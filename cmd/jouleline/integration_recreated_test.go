//go:build integration && linux

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"jouleline/ingest"
	"jouleline/schema"
)

// The topic is deleted and made anew while the server reads it: the offsets mean
// other records, so it begins at the new topic's earliest; the books keep all.
func integrateRecreated(t *testing.T, n *node) {
	log := &spoken{}
	s := mustServeWith(t, onCluster(t, n), log)
	s.importFolder(exampleRegistry)
	gateway := newClimber(t)
	for gateway.acknowledged < 100 {
		gateway.mustPush(t, s.Remote)
	}
	s.settle()
	n.clear()
	n.make(4)
	for refusals := 0; gateway.acknowledged < 200; {
		if err := gateway.push(t.Context(), s.Remote); err != nil {
			mustBeUnavailable(t, err)
			if refusals++; refusals > 20 {
				t.Fatalf("pushes are refused for good: %v", err)
			}
		}
	}
	until(t, "the new topic is read", func() bool { return log.contains("the topic is another one than before") })
	s.settle()
	gateway.check(t, s.Remote)
}

// The same while the server is down; the new topic is longer than the old one
// was, so the offset alone would tell nothing.
func integrateRecreatedWhileDown(t *testing.T, n *node) {
	flags := onCluster(t, n)
	s := mustServeWith(t, flags, os.Stderr)
	s.importFolder(exampleRegistry)
	gateway := newClimber(t)
	for gateway.acknowledged < 50 {
		gateway.mustPush(t, s.Remote)
	}
	s.settle()
	s.stop()
	n.clear()
	n.make(4)
	var records []*kgo.Record
	for end := gateway.acknowledged + 300; gateway.acknowledged < end; gateway.acknowledged++ {
		records = append(records, &kgo.Record{
			Partition: int32(ingest.PartitionOf("E1", 4)), Key: []byte("E1"), Value: []byte(reading(gateway.acknowledged)),
		})
	}
	n.produce(records...)
	log := &spoken{}
	s = mustServeWith(t, flags, log)
	s.settle()
	log.mustSay(t, "the topic is another one than before")
	gateway.check(t, s.Remote)
}

// query writes an instant for a query string.
func query(t schema.Instant) string { return strings.ReplaceAll(t.String(), "+", "%2B") }
