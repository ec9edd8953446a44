package registry

import (
	"cmp"
	"sort"
	"strings"

	"jouleline/schema"
)

// maxDepth bounds the levels of the region, department and meter trees. The
// deepest real one, departments, has about eight.
const maxDepth = 64

// lined is the rows of a table with the line of each, to be brought in order.
type lined[T any] struct {
	rows    []T
	lines   []int32
	compare func(a, b *T) int // by key; equal keys stand in the order of lines
}

func (l *lined[T]) add(value T, line int) {
	l.rows = append(l.rows, value)
	l.lines = append(l.lines, int32(line))
}

func (l *lined[T]) Len() int { return len(l.rows) }

func (l *lined[T]) Less(i, j int) bool {
	return cmp.Or(l.compare(&l.rows[i], &l.rows[j]), cmp.Compare(l.lines[i], l.lines[j])) < 0
}

func (l *lined[T]) Swap(i, j int) {
	l.rows[i], l.rows[j] = l.rows[j], l.rows[i]
	l.lines[i], l.lines[j] = l.lines[j], l.lines[i]
}

// settle brings the rows in order and reports those whose key stood in an
// earlier line.
func (l *lined[T]) settle(repeated func(value *T, line, earlier int32)) {
	if !sort.IsSorted(l) {
		sort.Sort(l)
	}
	for i := 1; i < len(l.rows); i++ {
		if l.compare(&l.rows[i-1], &l.rows[i]) == 0 {
			repeated(&l.rows[i], l.lines[i], l.lines[i-1])
		}
	}
}

// dated is the rows of a table of which one id may have several versions.
type dated[T any] struct {
	lined[T]
	file  string
	field string // the id's column
	id    func(*T) string
	valid func(*T) schema.Validity
}

func newDated[T any](file, field string, id func(*T) string, valid func(*T) schema.Validity) *dated[T] {
	d := &dated[T]{file: file, field: field, id: id, valid: valid}
	d.compare = func(a, b *T) int {
		return cmp.Or(strings.Compare(id(a), id(b)), cmp.Compare(valid(a).From, valid(b).From))
	}
	return d
}

// settleVersions brings the versions in order and refuses those that collide.
func (d *dated[T]) settleVersions(b *builder) {
	d.settle(func(value *T, line, earlier int32) {
		b.badLine(d.file, line, d.field, "%q stands in line %d already with the same valid_from", d.id(value), earlier)
	})
	for i := 1; i < len(d.rows); i++ {
		before, v := d.valid(&d.rows[i-1]), d.valid(&d.rows[i])
		if d.id(&d.rows[i-1]) == d.id(&d.rows[i]) && before.From < v.From && v.From < before.To {
			b.badLine(d.file, d.lines[i], d.field, "%q from %s overlaps its version in line %d: that one wants a valid_to of %s or before",
				d.id(&d.rows[i]), v.From, d.lines[i-1], v.From)
		}
	}
}

// acyclic refuses a tree that has a loop on some day. own gives the parent that
// a version names, parent that of an id on a day as the finished registry would.
// What an id's parent is changes only where one of its versions begins or ends,
// so these days and the beginning of time are all that must be tried.
func (d *dated[T]) acyclic(b *builder, own func(*T) string, parent func(id string, day schema.Day) string) {
	for first, next := 0, 0; first < len(d.rows); first = next {
		id, hasParent := d.id(&d.rows[first]), false
		for next = first; next < len(d.rows) && d.id(&d.rows[next]) == id; next++ {
			hasParent = hasParent || own(&d.rows[next]) != ""
		}
		found := !hasParent || d.looped(b, first, schema.Always, parent)
		for i := first; !found && i < next; i++ {
			v := d.valid(&d.rows[i])
			found = d.looped(b, i, v.From, parent) || d.looped(b, i, v.To, parent)
		}
	}
}

// looped reports a version whose id comes by itself again on its way up.
func (d *dated[T]) looped(b *builder, i int, day schema.Day, parent func(string, schema.Day) string) bool {
	id := d.id(&d.rows[i])
	at, looped := climb(id, day, parent)
	if i+1 < len(d.rows) && d.id(&d.rows[i+1]) == id && d.valid(&d.rows[i+1]).Contains(day) {
		i++ // the version that begins where this one ends
	}
	switch {
	case looped && at == id:
		b.badLine(d.file, d.lines[i], "parent", "%q is its own ancestor", id)
	case looped && at == "":
		b.badLine(d.file, d.lines[i], "parent", "%q has more than %d levels above it", id, maxDepth)
	}
	return looped
}

// climb walks to the root. looped tells that it did not get there: at is the id
// where the walk came by again, or "" where it only is too long.
func climb(id string, day schema.Day, parent func(string, schema.Day) string) (at string, looped bool) {
	seen := map[string]bool{id: true}
	for range maxDepth {
		if id = parent(id, day); id == "" {
			return "", false
		}
		if seen[id] {
			return id, true
		}
		seen[id] = true
	}
	return "", true
}
