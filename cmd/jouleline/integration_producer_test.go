//go:build integration && linux

package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// The examples of deploy/examples and deploy/kafka/README.md are run as they stand
// there. They speak of the same meter: kcat's repeat two readings and add one.
func integrateProducers(t *testing.T, n *node) {
	s := mustServeWith(t, onCluster(t, n), os.Stderr)
	s.importFolder(exampleRegistry)
	check := func(t *testing.T, want string) {
		t.Helper()
		s.settle()
		var sum consumption
		s.ask("/api/v1/consumption", "meter=E1&from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00&step=P1Y", &sum)
		if len(sum.Points) != 1 || sum.Points[0].Quantity == nil || sum.Points[0].Quantity.String() != want {
			t.Errorf("got %s, want %s kWh", sum.lines(), want)
		}
	}
	t.Run("kafka-go", func(t *testing.T) {
		c := exec.Command("go", "run", "../../deploy/examples/kafka-go")
		c.Env = append(os.Environ(), "KAFKA="+n.plain)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		check(t, "3")
	})
	t.Run("kcat", func(t *testing.T) {
		if _, err := exec.LookPath("kcat"); err != nil {
			t.Skip("kcat is not installed")
		}
		blocks := codeBlocks(t, deployFolder+"kafka/README.md", "sh")
		if len(blocks) != 2 {
			t.Fatalf("got %d examples, want two", len(blocks))
		}
		shell := newShell(t, t.TempDir(), n, "KAFKA="+n.plain)
		shell.run(blocks[0])
		check(t, "9")
		n.produce(&kgo.Record{Key: []byte("E1"), Value: []byte("no reading at all")})
		until(t, "the rejected record is published", func() bool {
			out := shell.run(blocks[1])
			return strings.Contains(out, "no reading at all") && strings.Contains(out, "reason=")
		})
	})
}
