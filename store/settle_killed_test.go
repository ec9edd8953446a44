package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// settleAndPostIn names the store that a killed process writes to.
const settleAndPostIn = "JOULELINE_TEST_SETTLE_AND_POST_IN"

// killedBatch is what the process posts at an offset.
func killedBatch(offset int64) *posting.Batch {
	random := rand.New(rand.NewPCG(1, uint64(offset)))
	b := &posting.Batch{Offsets: []posting.Offset{{First: offset, Next: offset + 1}}}
	for range 300 {
		b.Readings = append(b.Readings, randomReading(random, 6))
	}
	return b
}

func TestMain(m *testing.M) {
	if path := os.Getenv(settleAndPostIn); path != "" {
		if err := settleAndPost(context.Background(), path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// settleAndPost posts and settles without end, and says after each round where it is.
func settleAndPost(ctx context.Context, path string) error {
	s, err := Open(ctx, Config{Path: path})
	if err != nil {
		return err
	}
	for offset := s.Offsets()[0]; ; offset++ {
		if err := s.Post(ctx, killedBatch(offset)); err != nil {
			return err
		}
		if _, err := s.Settle(ctx, schema.Day(offset%45)); err != nil {
			return err
		}
		if _, err := fmt.Println(offset); err != nil {
			return err // nobody is left to kill it
		}
	}
}

// A process that is killed while readings settle, at any moment, loses none of them
// and doubles none.
func TestSettle_Killed(t *testing.T) {
	random := chance.Random(t)
	path := filepath.Join(t.TempDir(), "books")
	settled := int64(0)
	for range 6 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), settleAndPostIn+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 5 + random.IntN(30); n > 0 && lines.Scan(); n-- {
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it says that it was killed

		s := mustOpen(t, path)
		var want []posting.Reading
		for offset := range s.Offsets()[0] {
			want = append(want, killedBatch(offset).Readings...)
		}
		SortReadings(want)
		var stretches []posting.Stretch
		for m := range int32(6) {
			stretches = append(stretches, posting.Stretch{Meter: m, From: schema.MinInstant, To: schema.MaxInstant})
		}
		got, err := s.Points(t.Context(), stretches, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			got[i].Recorded = 0
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("after %d batches: got %d readings, want %d, or others", s.Offsets()[0], len(got), len(want))
		}
		settled, _ = packsOf(t, s)
		mustClose(t, s)
	}
	if settled == 0 {
		t.Error("nothing had settled: the test shows nothing")
	}
}
