package peer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// ErrDivided tells that the instances do not fit together: two claim one
// partition, or one did not take a change. It does not pass by itself.
var ErrDivided = errors.New("the instances do not agree")

// MissingError tells that the books of some partitions could not be asked.
type MissingError struct {
	Partitions []int    // sorted
	Why        []string // what is wrong with each instance that should have answered
}

func (e *MissingError) Error() string {
	text := "the books of " + Name(e.Partitions) + " cannot be asked now"
	if len(e.Why) > 0 {
		text += ": " + strings.Join(e.Why, "; ")
	}
	return text
}

// Name writes partitions as "partition 2" or "partitions 0, 3".
func Name(partitions []int) string {
	if len(partitions) == 1 {
		return fmt.Sprintf("partition %d", partitions[0])
	}
	list := make([]string, len(partitions))
	for i, p := range partitions {
		list[i] = fmt.Sprint(p)
	}
	return "partitions " + strings.Join(list, ", ")
}

// Gap collects what an answer lacks. It is safe for concurrent use.
type Gap struct {
	mu           sync.Mutex // guards what follows
	partitions   []int
	institutions map[string]bool
	everything   bool
}

type gapKey struct{}

// Tolerate lets questions with the context be answered without the books of
// partitions that cannot be asked. The caller looks at the gap afterwards and
// says in its answer what it lacks. Without it such questions fail.
func Tolerate(ctx context.Context) (context.Context, *Gap) {
	g := &Gap{institutions: map[string]bool{}}
	return context.WithValue(ctx, gapKey{}, g), g
}

// tolerate notes what is missing where the context has a gap, else gives it back
// as the error that it is. institutions are those whose figures lack something,
// nil where that is not known.
func tolerate(ctx context.Context, missing *MissingError, institutions []string) error {
	if missing == nil {
		return nil
	}
	g, ok := ctx.Value(gapKey{}).(*Gap)
	if !ok {
		return missing
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.partitions = append(g.partitions, missing.Partitions...)
	slices.Sort(g.partitions)
	g.partitions = slices.Compact(g.partitions)
	g.everything = g.everything || institutions == nil
	for _, id := range institutions {
		g.institutions[id] = true
	}
	return nil
}

// Partitions gives the partitions that could not be asked, sorted; none where
// the answer lacks nothing.
func (g *Gap) Partitions() []int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.partitions)
}

// Touches tells whether the figures of an institution lack something.
func (g *Gap) Touches(institution string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.everything || g.institutions[institution]
}
