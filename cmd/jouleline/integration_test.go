//go:build integration

package main

import (
	"os"
	"testing"
	"time"
)

// TestIntegration goes the whole way with a real Apache Kafka in the place of
// the embedded broker, and harms it. One node serves all, each part begins
// without topics.
func TestIntegration(t *testing.T) {
	began := time.Now()
	n := startNode(t)
	t.Logf("Apache Kafka from %s runs after %s", n.libs, time.Since(began).Round(time.Millisecond))
	for _, part := range []struct {
		name string
		test func(*testing.T, *node)
	}{
		{"Example", integrateExample},
		{"Security", integrateSecurity},
		{"ClusterInFiveSteps", integrateSteps},
		{"Producers", integrateProducers},
		{"Poison", integratePoison},
		{"BeyondRetention", integrateGap},
		{"RecreatedWhileServing", integrateRecreated},
		{"RecreatedWhileDown", integrateRecreatedWhileDown},
		{"Outage", integrateOutage},
		{"KilledTwentyTimes", integrateKills},
	} {
		t.Run(part.name, func(t *testing.T) {
			n.clear()
			part.test(t, n)
		})
	}
}

// onCluster are the flags of a server that reads the node's topic.
func onCluster(t testing.TB, n *node) ServerFlags {
	flags := embedded(t.TempDir())
	flags.Kafka = n.plain
	flags.LogLevel = "warn"
	return flags
}

// The example world, as over the embedded broker.
func integrateExample(t *testing.T, n *node) {
	s := mustServeWith(t, onCluster(t, n), os.Stderr)
	s.importFolder(exampleRegistry)
	for i, r := range exampleReadings {
		if v := s.push("application/json", []byte(r)); v.Accepted != 1 {
			t.Fatalf("reading %d: got %+v, want it accepted", i, v)
		}
	}
	s.settle()
	checkExample(t, s)
}

// A server is killed twenty times; the topic is on a cluster, its readers and
// producers are gone without a word.
func integrateKills(t *testing.T, n *node) {
	killedTimes(t, 20, "--kafka", n.plain, "--topic-partitions", "4")
}
