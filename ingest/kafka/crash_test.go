package kafka

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jouleline/ingest"
)

// childDir tells the test binary to be the process that gets killed.
const childDir = "JOULELINE_TEST_BROKER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := produceForEver(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// produceForEver opens a broker and prints the number of each record once it is
// acknowledged. Numbers go on where the folder's records end.
func produceForEver(dir string) error {
	ctx := context.Background()
	b, err := OpenBroker(BrokerConfig{Dir: dir, Partitions: 2, segmentBytes: 4 << 10})
	if err != nil {
		return err
	}
	c, err := b.Client(Config{})
	if err != nil {
		return err
	}
	p, err := c.Producer(ctx)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for partition := range 2 {
		last, err := c.Latest(ctx, partition)
		if err != nil {
			return err
		}
		wg.Go(func() {
			for i := int(last); ; i++ {
				if err := p.Produce(ctx, []ingest.Record{numbered(partition, i)}); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Printf("%d %d\n", partition, i)
			}
		})
	}
	wg.Wait()
	return nil
}

func TestBroker_KillLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acknowledged := [2]int{-1, -1} // the last number of each partition
	var cluster string
	for round := range 4 {
		child := exec.CommandContext(testContext(t), os.Args[0])
		child.Env = append(os.Environ(), childDir+"="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if n == 40+37*round {
				if err := child.Process.Kill(); err != nil { // SIGKILL
					t.Fatal(err)
				}
			}
			// What it could still print was acknowledged too.
			partition, number, ok := strings.Cut(lines.Text(), " ")
			p, err1 := strconv.Atoi(partition)
			i, err2 := strconv.Atoi(number)
			if !ok || err1 != nil || err2 != nil {
				break // cut off by the kill
			}
			acknowledged[p] = max(acknowledged[p], i)
		}
		child.Wait()

		b := mustOpenBroker(t, BrokerConfig{Dir: dir, segmentBytes: 4 << 10})
		c := clientOf(t, b)
		id, _, _, err := c.Identity(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if cluster == "" {
			cluster = id
		}
		if id != cluster {
			t.Fatalf("round %d: got cluster %s, want %s", round, id, cluster)
		}
		for partition, last := range acknowledged {
			if last < 0 {
				t.Fatalf("round %d: partition %d: nothing was acknowledged", round, partition)
			}
			r := mustOpen(t, c, partition, 0)
			for i, got := range readUntil(t, r, int64(last)+1) {
				if want := numbered(partition, i); got.Offset != int64(i) || string(got.Value) != string(want.Value) {
					t.Fatalf("round %d: partition %d: got %d %q, want %d %q", round, partition, got.Offset, got.Value, i, want.Value)
				}
			}
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
