// Package chance gives tests their chance. A run of the tests is the same on every
// machine and every day, so that a red run is a fault of the change under test;
// `make chance` runs the same tests from seeds of the moment, to find what no one
// thought of. A seed that failed is tried again by TEST_SEED=NUMBER.
package chance

import (
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// variable names the environment variable: a number, or "new" for the moment's.
const variable = "TEST_SEED"

// Seed gives the seed of a test: that of the environment, else one of the test's
// name. The test prints it where it fails.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed, err := choose(os.Getenv(variable), t.Name(), time.Now())
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s=%d", variable, seed)
		}
	})
	return seed
}

// Random gives a source of the test's seed.
func Random(t testing.TB) *rand.Rand {
	t.Helper()
	return rand.New(rand.NewPCG(Seed(t), 1))
}

func choose(setting, name string, now time.Time) (uint64, error) {
	switch setting {
	case "":
		h := fnv.New64a()
		h.Write([]byte(name))
		return h.Sum64(), nil
	case "new":
		return uint64(now.UnixNano()), nil
	}
	return strconv.ParseUint(setting, 10, 64)
}
